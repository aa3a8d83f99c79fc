"""What the athlete sees and hears between the session and the parts: times are those people count on."""

from panel_rig import LOOK_MS, MINUTE_MS, Rig
from rigcore.plan_progress import DISTANCE
from rigcore.state_machine import COUNTDOWN, IDLE, PAUSED, RESTING, RUNNING


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


def test_what_was_moved_at_rest_either_way_is_written_ten_seconds_after_it_lay_still():
    """So that little of it is lost with the power, and each write is of a belt that has come to rest."""
    for first, then in (((240, 0), (240, 90)), ((0, 240), (0, 330)), ((240, 90), (300, 90))):
        rig = Rig()
        for moved in (first, then):
            rig.rest = moved
            assert rest_written(rig, 9_900) is None, moved
            assert rest_written(rig, 300) == moved, moved
            assert rest_written(rig, MINUTE_MS) is None, "it is written once"


def rest_written(rig, ms):
    """What was kept of the rest during so much time; None if nothing was."""
    rig.done.clear()
    for _ in range(ms // LOOK_MS):
        rig.controls.chore()
        rig.look()
    return rig.last("rest")
