"""What the pages say: which set of the whole plan, the clock, and which page when."""

import math

from app.pages.after import asked_of, goal, position, summary
from app.pages.running import ahead_mm, huge_number, latest_step, running
from app.view import SUMMARY_MS, View
from rigcore.force import ForceScale
from rigcore.motion import Geometry
from rigcore.plan_progress import PlanProgress
from rigcore.session import Session
from rigcore.state_machine import ARMED, DONE, IDLE, RESTING, RUNNING

UNITS = {"distance_unit": "m", "speed_unit": "m/s", "force_unit": "N", "number": "left"}
SHOWN = dict(UNITS)
SHOWN.update({"upper": "speed", "lower": "force"})
PLAN = {
    "id": "p",
    "name": "P",
    "blocks": [
        {"kind": "warmup", "target": "time", "amount": 120_000},
        {
            "times": 4,
            "target": "distance",
            "amount": 10_000,
            "rest_ms": 60_000,
            "force_mn": [150_000, 200_000],
        },
        {"kind": "cooldown", "target": "time", "amount": 3_600_000},
    ],
}


def view_at(done_n, is_running=False):
    view = View(UNITS, Session(Geometry(2400, 250_000), None, None, PlanProgress(PLAN, done_n)))
    runner = view.session.plan_runner
    if is_running:
        runner.begin(True)
        view.session.state_machine.state = RUNNING
    return view


def test_sets_are_numbered_over_the_whole_plan():
    assert [position(view_at(n)) for n in range(7)] == ["1/6", "2/6", "3/6", "4/6", "5/6", "6/6", "6/6"]


def test_a_time_counts_down_from_all_of_it_in_minutes():
    view = view_at(0, is_running=True)
    assert goal(view_at(0), 0) == ("2:00", "min")
    said = []
    for elapsed_ms in (0, 1, 999, 1000, 60_000, 119_001, 119_999, 120_000, 120_050):
        view.elapsed_ms = elapsed_ms
        said.append(huge_number(view))
    numbers = ["2:00", "2:00", "2:00", "1:59", "1:00", "0:01", "0:01", "0:00", "0:00"]
    assert said == [(number, "min") for number in numbers]
    view = view_at(5, is_running=True)
    assert huge_number(view) == ("1:00:00", "h")
    view.elapsed_ms = 1000
    assert huge_number(view) == ("59:59", "min")


def test_the_plan_that_was_asked_is_that_of_the_set_that_ended():
    view = view_at(2, is_running=True)
    view.session.plan_runner.progress.advance()
    assert asked_of(view) == ("10 m", "150-200 N")
    first = view_at(0, is_running=True)
    assert asked_of(first) == ("2:00 min",)
    assert asked_of(View(UNITS, Session(Geometry(2400, 250_000), None, None))) == ()


def pages(view, state, seconds, begin_ms=0):
    """The page at each second after the set's end."""
    found = []
    for s in range(seconds):
        view.session.now_ms = view.session.plan_runner.now_ms = begin_ms + 1000 * s
        found.append(view.page_of(state))
    return found


def ended(is_free=False):
    view = view_at(2, is_running=True)
    if is_free:
        view.session.plan_runner.index = -1
    view.session.plan_runner.end("still", 0)
    view.session.state_machine.state = RESTING
    view.keep_row(None)
    return view


def test_a_summary_takes_turns_with_the_rest_but_for_its_last_seconds():
    view = ended()
    shown = pages(view, RESTING, 60)
    turn = SUMMARY_MS // 1000
    assert shown[: 2 * turn] == ["summary"] * turn + [RESTING] * turn
    assert set(shown[53:]) == {RESTING} and shown[:53].count("summary") >= 24
    after = pages(view, ARMED, 20, 60_000)
    assert after[: 2 * turn] == [ARMED] * turn + ["summary"] * turn


def test_a_free_set_has_one_too_until_the_next_press_or_page():
    view = ended(is_free=True)
    for state in (IDLE, DONE):
        assert set(pages(view, state, 20)) == {"summary", state}
    view.turn_page()
    assert set(pages(view, IDLE, 20)) == {"table"}
    view.turn_page()
    assert set(pages(view, IDLE, 20)) == {"settings"}
    view.turn_page()
    view.ended_ms = -1
    assert set(pages(view, IDLE, 20)) == {IDLE}


def test_a_page_turned_between_sets_leaves_the_sets_page_alone():
    view = view_at(0)
    view.turn_page()
    assert view.page_of(IDLE) == "table" and view.page_of(RUNNING) == RUNNING
    view.session.state_machine.state = RUNNING
    view.turn_page()
    assert view.page_of(RUNNING) == "trace" and view.page_of(IDLE) == "table"


def test_the_table_keeps_the_latest_sets_by_their_place_in_the_plan():
    view = view_at(0)
    for _ in range(5):
        view.session.plan_runner.begin(True)
        view.session.plan_runner.end("still", 0)
        view.keep_row(180_000)
    assert [row[0] for row in view.rows] == ["3/6", "4/6", "5/6"]


def test_a_band_of_cadence_comes_after_those_of_speed_and_force():
    block = {"target": "open", "cadence_spm": [90, 100]}
    view = View(
        UNITS, Session(Geometry(2400, 250_000), None, None, PlanProgress({"id": "c", "blocks": [block]}))
    )
    view.session.plan_runner.begin(True)
    assert view.band() is None, "no steps yet"
    places = []
    for view.cadence_spm in (80, 88, 95, 102, 110):
        places.append(view.band())
    assert places == [-2, -1, 0, 1, 2] and view.banded() == "110"
    block["speed_mmps"] = [800, 1000]
    view.stride_mmps = 900
    assert view.band() == 0 and view.banded() == "0.90"


def test_ahead_of_a_pace_is_a_length_of_the_set_without_its_pauses():
    plan = {"id": "p", "blocks": [{"target": "open", "pace_mmps": 900}, {"target": "open"}]}
    view = View(UNITS, Session(Geometry(2400, 250_000), None, None, PlanProgress(plan)))
    view.session.plan_runner.begin(True)
    view.distance_mm, view.elapsed_ms = 10_000, 10_500
    assert ahead_mm(view) == 550
    view.distance_mm, view.elapsed_ms = 100_000, 14_400_000
    assert ahead_mm(view) == 100_000 - 12_960_000
    view.session.plan_runner.progress.advance()
    view.session.plan_runner.begin(True)
    assert ahead_mm(view) is None


def test_metres_ahead_are_told_in_tenths_also_beside_a_band():
    block = {"target": "open", "pace_mmps": 900, "speed_mmps": [800, 1000]}
    for bands in (block, {"target": "open", "pace_mmps": 900}):
        plan = {"id": "p", "blocks": [bands]}
        view = View(SHOWN, Session(Geometry(2400, 250_000), None, None, PlanProgress(plan)))
        view.session.plan_runner.begin(True)
        view.stride_mmps = 900
        for ahead_m, told in (
            (0.4, ["+", "0.4"]),
            (-1.3, ["-", "1.3"]),
            (12.6, ["+", "13"]),
            (-3e3, ["-", "999"]),
        ):
            view.elapsed_ms = 10_000
            view.distance_mm = 9000 + int(ahead_m * 1000)
            paper = Paper()
            running(paper, view)
            at = paper.lines.index(told[0])
            assert paper.lines[at : at + 2] == told


def test_the_force_page_tells_the_latest_steps_peak_and_mean():
    session = Session(Geometry(2400, 250_000), None, None)
    view = View(UNITS, session)
    view.scale, view.stride_mn = ForceScale(35_000, 465_766), 999
    assert latest_step(view) == (None, 999), "no step yet"
    for i in range(86 * 6):
        angle = 2 * math.pi * 1.7 * i / 86
        code = 35_000 + int(2147 * 180 * (1 + 0.35 * math.sin(angle)))
        session.history.push(int(i * 1e6 / 86), 0, code)
        session.steps.feed(code)
    peak_mn, mean_mn = latest_step(view)
    assert abs(peak_mn - 243_000) <= 5000 and abs(mean_mn - 180_000) <= 5000
    view.scale = ForceScale(35_000, -465_766)
    peak_mn, mean_mn = latest_step(view)
    assert abs(peak_mn + 117_000) <= 5000 and abs(mean_mn + 180_000) <= 5000


class Paper:
    """What a page puts down, and in which face."""

    words, small, side = "words", "small", "side"

    def __init__(self):
        self.texts = {}
        self.lines = []  # in their order

    def huge(self, text, *_place):
        self.texts[text] = "huge"

    def band(self, place, is_plain):
        self.texts["band"] = place

    def line(self, text, _x, _y, face="words"):
        self.texts[text] = face
        self.lines.append(text)

    def centre(self, text, _y, face="words"):
        self.texts[text] = face

    def right(self, text, _y, face="words"):
        self.texts[text] = face


def test_the_summary_of_a_set_tells_its_numbers_as_large_as_a_line_takes_them():
    view = view_at(2, is_running=True)
    view.distance_mm, view.elapsed_ms = 10_040, 12_550
    view.keep_row(180_000)
    paper = Paper()
    summary(paper, view)
    assert paper.texts["10.0 m"] == paper.texts["0:13"] == "words"
    assert paper.texts["0.80 m/s"] == paper.texts["180 N"] == "words"
    view.distance_mm, view.elapsed_ms = 12_345_000, 3_600_000 * 11
    view.keep_row(None)
    paper = Paper()
    summary(paper, view)
    assert paper.texts["12345 m"] == "words"
    assert paper.texts["11:00:00"] == paper.texts["0.31 m/s"] == "small"


def test_an_athlete_chooses_what_stands_beside_the_huge_number():
    chosen = dict(UNITS)
    view = View(chosen, Session(Geometry(2400, 250_000), None, None))
    view.stride_mmps, view.stride_mn, view.cadence_spm = 900, 180_000, None
    view.session.steps.steps_n = 17
    shown = {
        "speed": ["0.90", "m/s"],
        "force": ["180", "N"],
        "cadence": ["--", "/min"],
        "steps": ["17", "st"],
    }

    def beside():
        paper = Paper()
        running(paper, view)
        return paper.lines[1:]  # after the huge number's unit

    for chosen["upper"] in shown:
        for chosen["lower"] in shown:
            assert beside() == shown[chosen["upper"]] + shown[chosen["lower"]]
    chosen["upper"], chosen["lower"], view.cadence_spm = "steps", "cadence", 101
    assert beside() == shown["steps"] + ["101", "/min"]
