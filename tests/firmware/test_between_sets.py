"""What the pages between sets tell: the next set, how it is begun, and what the coach's rule made of the last one."""

from app.pages.after import armed, asked_of, done, goal, resting, summary
from app.view import View
from rigcore.motion import Geometry
from rigcore.plan_progress import PlanProgress
from rigcore.session import Session

UNITS = {"distance_unit": "m", "speed_unit": "m/s", "force_unit": "N", "number": "left"}
BLOCKS = [
    {
        "target": "steps",
        "amount": 50,
        "start": "button",
        "load_g": 42_500,
        "speed_mmps": [800, 1000],
        "rest_ms": 90_000,
    },
    {"target": "open"},
    {"target": "distance", "amount": 10_500, "pace_mmps": 900, "force_mn": [150_000, 200_000]},
]
RULE = {"amber_text": "Amber: half the load"}


class Paper:
    """What a page puts down, and in which face."""

    words, small, side, width = "words", "small", "side", 128

    def __init__(self):
        self.texts = {}
        self.tint = 0

    def line(self, text, _x, _y, face="words"):
        self.texts[text] = face

    def centre(self, text, _y, face="words"):
        self.texts[text] = face

    right = centre

    def huge(self, text, *_place):
        self.texts[text] = "huge"

    def wrapped(self, text, _y, _rows_n):
        self.texts[text] = "wrapped"


def view_at(done_n, blocks=BLOCKS):
    plan = {"id": "p", "name": "Plan of many", "blocks": blocks, "rule": RULE}
    return View(UNITS, Session(Geometry(2400, 250_000), None, None, PlanProgress(plan, done_n)))


def drawn(page, view):
    paper = Paper()
    page(paper, view)
    return paper


def test_each_target_is_a_number_with_its_unit_and_an_open_set_has_none():
    assert [goal(view_at(0), index) for index in range(3)] == [("50", "steps"), ("", "open"), ("10.5", "m")]


def test_what_was_asked_of_a_set_names_its_target_bands_and_pace():
    view = view_at(2)
    view.session.plan_runner.begin(True)
    assert asked_of(view) == ("10.5 m", "150-200 N", "0.90 m/s")


def test_a_band_is_told_by_what_it_is_of():
    view = view_at(0)
    view.session.plan_runner.begin(True)
    view.stride_mmps, view.stride_mn = 880, 321_000
    assert view.banded() == "0.88"
    view = view_at(2)
    view.session.plan_runner.begin(True)
    view.stride_mmps, view.stride_mn = 880, 321_000
    assert view.banded() == "321" and view.band() == 2


def test_the_next_set_is_told_with_its_load_and_how_it_begins():
    paper = drawn(armed, view_at(0))
    assert paper.texts["50"] == "huge" and paper.texts["steps"] == "small" and paper.texts["42.5"] == "side"
    assert (
        "Set 1/3" in paper.texts and "press the button" in paper.texts and "walk backward" not in paper.texts
    )
    paper = drawn(armed, view_at(1))
    assert paper.texts["open"] == "words" and "kg" not in paper.texts and "walk backward" in paper.texts


def test_a_rest_tells_what_is_left_of_it_and_what_follows_as_large_as_it_fits():
    view = view_at(0)
    paper = drawn(resting, view)
    assert paper.texts["1/3 50 steps 42.5kg"] == "small"
    assert drawn(resting, view_at(2)).texts["3/3 10.5 m"] == "words"


def test_the_coachs_colour_is_told_in_the_plans_own_words_or_in_ours_and_in_turn_with_how_to_begin():
    for colour, words, tint in (
        ("amber", "Amber: half the load", 2),
        ("red", "RED stop", 3),
        ("green", "GREEN go on", 1),
    ):
        view = view_at(1)
        view.session.plan_runner.colour = colour
        assert words[:20] in drawn(resting, view).texts and drawn(resting, view).tint == tint
        found = []
        for view.session.now_ms in (0, 2000, 4000):
            paper = drawn(armed, view)
            found.append((words[:16] in paper.texts, "walk backward" in paper.texts))
        assert found == [(True, False), (False, True), (True, False)]
        assert words[:16] in drawn(done, view).texts
    plain = drawn(done, view_at(3))
    assert plain.texts["Plan of many"] == "wrapped" and "button: back" in plain.texts and plain.tint == 0


def test_a_summary_has_as_many_of_the_plans_wishes_as_a_line_takes():
    for done_n, line in ((2, "plan 10.5 m 150-200 N"), (0, "plan 50 steps")):
        view = view_at(done_n)
        view.session.plan_runner.begin(True)
        view.distance_mm, view.elapsed_ms = 10_000, 12_000
        view.keep_row(None)
        texts = drawn(summary, view).texts
        assert texts[line] == "small" and max(len(text) for text in texts) <= 21
