"""A pace against oneself: from the library into the plan, onto the display, into the set and its report."""

from __future__ import annotations

import re

import pytest
from tests.athlete.blind import Athlete
from tests.athlete.playing import session

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.plans import read_plan_text, steps, with_pace
from retrorig.report import words
from retrorig.set_row import SetRow
from rigcore.plan_progress import PlanProgress

PLAN = read_plan_text("""
id = "p"
name = "P"
[[block]]
times = 2
distance_m = 4
[[block]]
distance_m = 8
cadence_spm = [90, 100]
""")


def made(step: int, mps: float, day: int, **more: object) -> SetRow:
    values = {"plan_id": "p", "name": "Anna", "mean_speed_mps": mps, "duration_s": 4 / mps, **more}
    row = SetRow(set_id=f"{day}-{step}", rig_id="r", started_utc=f"2026-11-{day:02}T10:0{step}:00Z", **values)  # type: ignore[arg-type]
    row.session["step"] = step
    return row


ROWS = [made(0, 0.8, 1), made(1, 1.0, 1), made(2, 0.7, 1), made(0, 0.9, 2), made(1, 0.6, 2)]


def paces(plan: dict[str, object]) -> list[int | list[int] | None]:
    return [block.get("pace_mmps") for block in plan["blocks"]]  # type: ignore[attr-defined]


def test_last_is_the_newest_of_each_place_and_best_the_fastest():
    assert paces(with_pace(PLAN, "last", ROWS)) == [[900, 600], 700]
    assert paces(with_pace(PLAN, "best", ROWS)) == [[900, 1000], 700]
    assert paces(with_pace(PLAN, "0.85")) == [850, 850]
    assert paces(PLAN) == [None, None], "the plan that was given stays as it was"


def test_a_place_without_a_set_has_the_mean_of_its_blocks_others():
    assert paces(with_pace(PLAN, "last", [made(1, 0.8, 1)])) == [800, None]
    thrice = {**PLAN, "blocks": [{**PLAN["blocks"][0], "times": 3}]}
    found = paces(with_pace(thrice, "last", [made(0, 1.0, 1), made(2, 0.5, 1)]))
    assert found == [[1000, pytest.approx(8000 / (4 / 1.0 + 4 / 0.5), abs=1), 500]]


def test_each_set_has_its_own_pace_and_the_last_one_goes_on():
    plan = read_plan_text('name = "P"\n[[block]]\ntimes = 3\npace_mps = [0.9, 0.95]\n[[block]]\npace_mps = 1')
    assert [PlanProgress(plan, n).get("pace_mmps") for n in range(4)] == [900, 950, 950, 1000]
    assert PlanProgress(plan, 9).get("pace_mmps") is None and PlanProgress().get("pace_mmps") is None
    assert steps(plan)[0][5] == "pace 0.9 0.95 m/s"
    for wrong in ("[]", "[0.9, 99]", '[0.9, "fast"]'):
        with pytest.raises(InputError, match="line 3: pace_mps"):
            read_plan_text(f'name = "P"\n[[block]]\npace_mps = {wrong}')


def test_what_was_taken_back_or_is_another_plans_is_no_pace():
    rows = [made(0, 0.8, 1), made(0, 2.0, 2, plan_id="q"), made(0, 3.0, 3)]
    rows[2].session["undone"] = True
    assert paces(with_pace(PLAN, "best", rows)) == [800, None]


@pytest.mark.parametrize(
    ("pace", "rows", "words_"),
    [
        ("best", [], "no set of the plan p"),
        ("last", [*ROWS, made(0, 0.8, 3, name="Ben")], "Anna, Ben"),
        ("fast", [], "0.9"),
        ("99", [], "0.02 to 12"),
    ],
)
def test_what_cannot_be_a_pace_is_one_sentence(pace, rows, words_):
    with pytest.raises(InputError, match=re.escape(words_)):
        with_pace(PLAN, pace, rows)


def test_a_pace_is_in_the_set_and_its_report_says_how_it_ended(tmp_path):
    plan = {**PLAN, "blocks": [{**PLAN["blocks"][0], "pace_mmps": [500, 600]}, *PLAN["blocks"][1:]]}
    with Library(tmp_path / "library", create=True) as library:
        rows, raws, _ = session(Athlete().stand(5).walk(4.6, 0.8).stand(6), plan, library)
    assert raws[0].header["pace_mmps"] == 500 and rows[0].session["pace_mps"] == 0.5
    ahead_m = rows[0].backward_m - 0.5 * rows[0].duration_s
    assert f"Ended {ahead_m:.1f} m ahead of the plan's pace of 0.50 m/s." in words.around(rows[0])
