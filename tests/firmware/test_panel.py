"""What the athlete sees, hears and taps between the session and the parts: times are those people count on."""

from app.controls import FULL, NO_CELL, Controls
from drivers.button import LONG, SHORT
from rigcore.plan_progress import DISTANCE
from rigcore.protocol import ERR_NOISY, RequestError
from rigcore.rating import Rating
from rigcore.state_machine import ARMED, COUNTDOWN, DONE, FAULT, IDLE, PAUSED, RATING, RESTING, RUNNING

LOOK_MS = 100
MINUTE_MS = 60_000


class Thing:
    """Attributes by name."""

    def __init__(self, **named):
        for name in named:
            setattr(self, name, named[name])


class Rig:
    """As much of a rig as its controls need: what they do is noted in `done`, what is asked of it is set by tests."""

    def __init__(self):
        self.done = []
        self.options = {"brightness": 5, "volume": 4, "mirror": "off"}
        # the session
        self.state, self.now_ms, self.set_n = IDLE, 0, 0
        self.is_recording = self.refused = False
        self.rest = (0, 0)
        self.account = Thing(since_set="since")
        # its plan
        self.rating = Rating()
        self.pending_no, self.index, self.notes = 0, -1, []
        self.has_plan, self.done_n, self.cadence = False, 0, None
        self.target, self.amount = "", 0
        # the view
        self.page = self.message = self.trouble = ""
        self.elapsed_ms = self.distance_mm = self.speed_mmps = self.ended_ms = 0
        self.is_over = self.is_flashing = False
        self.off_band = None
        # the rest
        self.plan = {"id": "plan"}
        self.pull = True
        self.noise = None
        self.is_standing = True
        self.session = self.view = self.plan_runner = self.progress = self.settings = self
        self.display = self.buzzer = self.plans = self.sampler = self
        self.parts = self
        index = Thing(no=[3, 4, 5], last_no=self.last_set_no)
        self.log = Thing(index=index, last_set_no=self.last_set_no, note=self.note)
        self.controls = Controls(self, self)
        self.done.clear()

    def look(self, ms=LOOK_MS):
        """Look, as the main loop does, until so much time is over."""
        for _ in range(ms // LOOK_MS):
            self.now_ms += LOOK_MS
            self.controls.look(self.now_ms * 1000)

    def press(self, name, press=SHORT):
        self.controls.press(name, press)

    def last(self, what):
        """What was given to the latest call of this name; None if there was none."""
        found = [given for name, given in self.done if name == what]
        return found[-1] if found else None

    # what the session, its plan and its view are asked

    def fire(self, event):
        self.done.append(("fire", event))

    def rest_counts(self):
        return self.rest

    def get(self, name, index=-1):
        if index >= 0:
            return self.cadence if name == "cadence_spm" else "work"
        return self.options.get(name, "on")

    def page_of(self, state):
        return state

    def band(self):
        return self.off_band

    def keep_row(self, pull):
        self.done.append(("row", pull))

    def turn_page(self):
        self.done.append(("page", None))

    def mean_pull_mn(self):
        return 1234

    def has_pull(self):
        return self.pull

    def is_still(self):
        return self.is_standing

    def tare(self):
        if self.noise:
            raise RequestError(ERR_NOISY, self.noise)

    # what the parts are told

    def brightness(self, level):
        self.done.append(("brightness", level))

    def invert(self, is_on):
        self.done.append(("invert", is_on))

    def mirror(self, is_on):
        self.done.append(("mirror", is_on))

    def play(self, tune, ticks):
        self.done.append(("play", tune))

    def beat(self, period_us, ticks):
        self.done.append(("beat", period_us))

    def keep_progress(self, plan_id, done_n, last_no):
        self.done.append(("progress", (plan_id, done_n)))

    def keep_rest(self, no, moved, since):
        self.done.append(("rest", moved))

    def last_set_no(self):
        return 7

    def note(self, number, values):
        self.done.append(("note", (number, values)))


def lights(rig, ms):
    """Levels of the panel, with the time since now, while this long nobody does anything."""
    begin_ms, found = rig.now_ms, []
    while rig.now_ms < begin_ms + ms:
        rig.done.clear()
        rig.look()
        level = rig.last("brightness")
        if level is not None:
            found.append((rig.now_ms - begin_ms, level))
    return found


def test_the_panel_is_dim_after_a_minute_without_use_and_dark_after_ten():
    """OLEDs burn in."""
    rig = Rig()
    rig.look(77_700)
    rig.press("start")
    rig.look()
    rig.press("start")
    (dim_ms, dim), (dark_ms, dark) = lights(rig, 11 * MINUTE_MS)
    assert 0 < dim < 10 and dark == 0
    assert abs(dim_ms - MINUTE_MS) <= LOOK_MS and abs(dark_ms - 10 * MINUTE_MS) <= LOOK_MS


def test_whatever_happens_on_the_rig_wakes_the_panel():
    for wake in ("press", "move", "count down", "record"):
        rig = Rig()
        rig.look(11 * MINUTE_MS)
        assert rig.last("brightness") == 0
        if wake == "press":
            rig.press("pain")
        rig.speed_mmps = 40 if wake == "move" else 0
        rig.state = COUNTDOWN if wake == "count down" else IDLE
        rig.is_recording = wake == "record"
        rig.plan_runner.due_ms = rig.now_ms + 3000
        rig.look()
        assert rig.last("brightness") == 255, wake
        if wake != "press":  # and it stays awake while this lasts
            rig.done.clear()
            rig.look(2 * MINUTE_MS)
            assert rig.last("brightness") is None, wake


def test_a_message_stays_for_three_seconds():
    rig = Rig()
    rig.look()
    rig.controls.say("Something.")
    rig.look(2900)
    assert rig.page == "message" and rig.message == "Something."
    rig.look(200)
    assert rig.page == IDLE


def test_a_rating_left_alone_for_five_seconds_is_taken_and_a_tap_begins_them_anew():
    rig = Rig()
    rig.state, rig.rating = RATING, Rating(("rpe",))
    rig.look(20_000)
    assert rig.last("fire") is None  # nothing tapped: waits
    rig.press("start")
    rig.look(4000)
    rig.press("start")
    rig.look(4900)
    assert rig.last("fire") is None and rig.rating.values == {"rpe": 1}
    rig.look(200)
    assert rig.last("fire") == "rated"


def test_the_second_question_has_five_seconds_of_its_own_and_a_long_press_takes_an_answer_at_once():
    rig = Rig()
    rig.state, rig.rating = RATING, Rating(("rpe", "pain"))
    rig.press("rpe")
    rig.press("start", LONG)
    assert rig.rating.question == "pain" and rig.last("fire") is None
    rig.press("pain")
    rig.press("start", LONG)
    assert rig.last("fire") == "rated" and rig.rating.values == {"rpe": 0, "pain": 0}


def test_a_load_cell_silent_for_three_seconds_is_told_between_sets_and_mended_by_itself():
    rig = Rig()
    rig.look()
    rig.pull = False
    rig.look(2900)
    assert not rig.trouble and rig.last("fire") is None
    rig.look(300)
    assert rig.trouble == NO_CELL and rig.last("fire") == "fault"
    rig.state, rig.pull = FAULT, True
    rig.look()
    assert not rig.trouble and rig.last("fire") == "mended"


def test_a_trouble_interrupts_no_set_and_one_that_was_dismissed_does_not_come_back_until_it_was_mended():
    rig = Rig()
    rig.pull, rig.state = False, RUNNING
    rig.look(5000)
    assert rig.trouble == NO_CELL and rig.last("fire") is None
    for state in (ARMED, RESTING, DONE):
        rig.state = state
        rig.look()
        assert rig.last("fire") == "fault"
        rig.done.clear()
    rig.state = FAULT
    rig.press("start")
    assert rig.last("fire") == "press"
    rig.state = IDLE
    rig.done.clear()
    rig.look(5000)
    assert rig.last("fire") is None
    rig.pull = True
    rig.look()
    rig.pull = False
    rig.look(4000)
    assert rig.last("fire") == "fault"


def test_a_full_store_is_told_before_a_missing_cell():
    rig = Rig()
    rig.pull, rig.refused = False, True
    rig.look(5000)
    assert rig.trouble == FULL


def test_the_metronome_beats_the_middle_of_the_plans_cadence_while_a_set_runs():
    rig = Rig()
    rig.index, rig.cadence = 0, (80, 100)
    for state, option, index, expected in (
        (RUNNING, "on", 0, MINUTE_MS * 1000 // 90), (PAUSED, "on", 0, 0), (RESTING, "on", 0, 0),
        (RUNNING, "off", 0, 0), (RUNNING, "on", -1, 0),
    ):  # fmt: skip
        rig.state, rig.options["metronome"], rig.index = state, option, index
        rig.look()
        assert rig.last("beat") == expected, (state, option, index)
    rig.index, rig.cadence = 0, None
    rig.look()
    assert rig.last("beat") == 0


def test_tunes_sound_if_the_user_wants_them():
    for option in ("on", "off"):
        rig = Rig()
        rig.options["sound"] = option
        rig.look()
        rig.state = RUNNING
        rig.look()
        assert (rig.last("play") is not None) == (option == "on")


def test_a_sets_first_three_seconds_leave_no_band():
    """Its strides come up to speed."""
    rig = Rig()
    rig.state = RUNNING
    rig.look()
    rig.off_band = 0
    rig.look()
    rig.done.clear()
    rig.off_band, rig.elapsed_ms = -1, 2900
    rig.look()
    assert rig.last("play") is None
    rig.elapsed_ms = 3000
    rig.look()
    assert rig.last("play") is not None


def test_beyond_a_limit_the_page_is_turned_round_until_a_second_after_it():
    """Speed swings with each step. The page has put its tints aside before."""
    rig = Rig()
    rig.is_recording, rig.state = True, RUNNING
    rig.look()
    rig.is_over = True
    rig.look()
    assert rig.is_flashing and rig.last("invert") is None
    rig.look(500)
    assert rig.last("invert") is True
    rig.is_over = False
    rig.look(800)
    assert rig.is_flashing and rig.last("invert") is True
    rig.look(300)
    assert not rig.is_flashing and rig.last("invert") is False


def test_each_set_that_ended_has_one_row_of_the_table():
    rig = Rig()
    rig.look(500)
    assert rig.last("row") is None
    rig.set_n = 1
    rig.look(500)
    assert [given for name, given in rig.done if name == "row"] == [1234]


def test_buttons_skip_undo_turn_the_page_and_tare():
    for name, press, what, given in (
        ("start", SHORT, "fire", "press"), ("rpe", LONG, "fire", "skip"), ("pain", LONG, "fire", "undo"),
        ("rpe", SHORT, "page", None), ("pain", SHORT, "page", None),
    ):  # fmt: skip
        rig = Rig()
        rig.press(name, press)
        assert rig.done == [(what, given)], (name, press)
    rig = Rig()
    rig.press("start", LONG)
    assert rig.done == [] and "zero" in rig.message
    rig.noise = "Not steady."
    rig.press("start", LONG)
    assert rig.message == "Not steady."


def test_a_set_that_waits_for_its_rating_is_not_listed_and_one_that_was_listed_gets_no_note_any_more():
    """The host has it as it was then."""
    rig = Rig()
    rig.pending_no = 5
    assert rig.controls.settled([0, 1, 2]) == [0, 1] and rig.controls.shown_no == 4
    assert rig.controls.settled([0]) == [0] and rig.controls.shown_no == 4
    rig.notes = [(4, {"rpe": 5}), (5, {}), (5, {"rpe": 6})]
    assert [rig.controls.chore() for _ in range(3)] == [True] * 3
    assert [given for name, given in rig.done if name == "note"] == [(5, {"rpe": 6})]


def test_what_the_belt_moved_between_sets_is_stored_once_ten_seconds_after_it_came_to_rest():
    rig = Rig()
    chores(rig, 1000)
    rig.done.clear()
    rig.rest = (30, 2)
    chores(rig, 9000)
    rig.rest = (31, 2)
    chores(rig, 9900)
    assert rig.last("rest") is None
    assert sum(chores(rig, 60_000)) == 1, "one thing at a time is written"
    assert [given for name, given in rig.done if name == "rest"] == [(31, 2)]


def test_the_place_in_the_plan_is_stored_whenever_it_has_changed_and_never_else():
    rig = Rig()
    chores(rig, 500)
    rig.has_plan = True
    chores(rig, 500)
    rig.done_n = 1
    chores(rig, 500)
    stored = [given for name, given in rig.done if name == "progress"]
    assert stored == [("", 0), ("plan", 0), ("plan", 1)]


def chores(rig, ms):
    """Whether each had something to write."""
    found = []
    for _ in range(ms // LOOK_MS):
        rig.now_ms += LOOK_MS
        found.append(rig.controls.chore())
    return found


def test_in_the_last_two_metres_the_panel_blinks_twice_a_second():
    rig = Rig()
    rig.state, rig.is_recording, rig.target, rig.amount = RUNNING, True, DISTANCE, 10_000
    rig.look(500)
    assert rig.last("invert") is None
    rig.distance_mm = 8500
    rig.look(1000)
    rig.done.clear()
    rig.look(4000)
    turns = [given for name, given in rig.done if name == "invert"]
    assert 15 <= len(turns) <= 17 and turns[0] != turns[1]
    rig.is_recording, rig.state = False, IDLE
    rig.look(500)
    assert rig.last("invert") is False


def test_on_the_page_of_settings_the_buttons_go_on_change_and_leave_and_begin_no_set():
    rig = Rig()
    rig.page, rig.setting, rig.is_standing = "settings", "number", False
    rig.press("pain")
    assert rig.setting == "distance_unit"
    rig.press("start")
    assert "Stand still" in rig.message and rig.done == []
    rig.press("rpe")
    assert rig.done == [("page", None)]
