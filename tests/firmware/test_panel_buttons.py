"""What buttons ask for, what troubles are told, and what is stored: times are those people count on."""

from app.controls import FULL, NO_CELL
from drivers.button import LONG, SHORT
from panel_rig import LOOK_MS, Rig
from rigcore.rating import Rating
from rigcore.state_machine import ARMED, DONE, FAULT, IDLE, RATING, RESTING, RUNNING


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


def test_on_the_page_of_settings_the_buttons_go_on_change_and_leave_and_begin_no_set():
    rig = Rig()
    rig.page, rig.setting, rig.is_standing = "settings", "number", False
    rig.press("pain")
    assert rig.setting == "distance_unit"
    rig.press("start")
    assert "Stand still" in rig.message and rig.done == []
    rig.press("rpe")
    assert rig.done == [("page", None)]


def chores(rig, ms):
    """Whether each had something to write."""
    found = []
    for _ in range(ms // LOOK_MS):
        rig.now_ms += LOOK_MS
        found.append(rig.controls.chore())
    return found
