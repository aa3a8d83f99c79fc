"""What an athlete's page tells of days, weeks, bests, effort and doubtful sets: numbers, digits and units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest
from tests.progress.rows import row

from retrorig import local_minute
from retrorig.desk.pages import athlete_weeks as weeks
from retrorig.desk.pages.part import NONE, Asked, PagePart
from retrorig.desk.wording import words_in
from retrorig.report import Units
from retrorig.set_row import SetRow

OTHER = Units("yd", "km/h", "lbf")
METRES = {"backward_m": 0.1}


def made(day: int, speeds: Sequence[float], **values: Any) -> list[SetRow]:
    """Sets of 10 m, 100 s, 1000 J and 20 kg."""
    noted = {"duration_s": 100.0, "load_kg": 20.0, "uncertainty": METRES, **values}
    return [row(100 * day + n, day, n, mean_speed_mps=speed, **noted) for n, speed in enumerate(speeds, 1)]


FIRST = made(0, (1.00, 1.02, 1.01))
WEEK_LATER = made(7, (1.10, 1.12, 1.14, 1.12), rpe=6.0, pain=2.0)
RATED = [
    *WEEK_LATER[:3],
    row(704, 7, 4, duration_s=100.0, load_kg=20.0, mean_speed_mps=1.12, rpe=8.0, pain=3.0),
]


def asked(rows: Sequence[SetRow], units: Units = OTHER, limit_pct: float | None = None) -> Asked:
    return Asked(cast("Any", None), rows, units, limit_pct)


def said(part: PagePart) -> dict[str, tuple[Any, ...]]:
    """What is put into each sentence, by its key."""
    return {one.key: one.parts for one in cast("Any", part.sentences)}


def is_headed(part: PagePart) -> bool:
    """Whether every column of the table has a word."""
    known = words_in("en")["athlete"]["head"]
    return all(len(cells) == len(part.head) for cells in part.rows) and all(
        key == "" or key in known for key in part.head
    )


@pytest.mark.parametrize(
    ("units", "metres", "speeds"),
    [(Units(), ("30", "40"), ("1.01", "1.12")), (OTHER, ("33", "44"), ("3.64", "4.03"))],
)
def test_weeks_are_told_with_their_sums_and_growth(
    units: Units, metres: tuple[str, str], speeds: tuple[str, str]
) -> None:
    part = weeks.trend(asked([*FIRST, *WEEK_LATER], units))
    first, second = part.rows
    assert is_headed(part)
    assert (first[0], *first[2:]) == (
        "2026-09-28", "3", "5.0", "", metres[0], "", "3000", "", "600", "", speeds[0], "",
    )  # fmt: skip
    assert (second[0], *second[2:12]) == (
        "2026-10-05", "4", "6.7", "+33", metres[1], "+33 ± 2", "4000", "+33", "800", "+33 ± 2", speeds[1],
    )  # fmt: skip
    change, _, pm = str(second[12]).partition(" ± ")
    assert change == "+10.9" and len(pm.partition(".")[2]) == 1 and 0 < float(pm) < 10.9


@pytest.mark.parametrize(("limit_pct", "marked"), [(33.0, {1}), (34.0, set()), (None, set())])
def test_a_week_that_grew_beyond_the_coachs_limit_is_marked(
    limit_pct: float | None, marked: set[int]
) -> None:
    part = weeks.trend(asked([*FIRST, *WEEK_LATER], limit_pct=limit_pct))
    assert part.marked == marked
    assert ["OVER" in str(cells[1]) for cells in part.rows] == [False, bool(marked)]


def test_what_nobody_noted_is_a_dash_in_a_week_and_on_a_day() -> None:
    bare = [row(1, work_j=None, mean_force_n=None)]
    (week,), (day,) = weeks.trend(asked(bare)).rows, weeks.day(asked(bare)).rows
    assert (week[7], week[9]) == (NONE, NONE) and (day[4], day[5], day[7], day[8]) == (NONE,) * 4


def test_the_last_day_is_told_beside_the_one_before() -> None:
    part = weeks.day(asked([*FIRST, *RATED]))
    assert is_headed(part)
    assert part.rows == [
        ("2026-10-05", "4", "6.7", "43.7", "4000", "800", "4.03", "6.5", "3"),
        ("2026-09-28", "3", "5.0", "32.8", "3000", "600", "3.64", NONE, NONE),
    ]
    conditions, change, before = said(part)["changed_since"]
    assert (conditions, before) == ("sled, 20 kg", "2026-09-28")
    assert change.startswith("+10.9 ± ") and len(change.rpartition(".")[2]) == 1
    alone = weeks.day(asked(FIRST))
    assert len(alone.rows) == 1 and not alone.sentences, "there is nothing to compare it with"


def test_the_fastest_set_stands_beside_the_newest_under_the_same_conditions() -> None:
    known = {"mean_speed_mps": 0.02}
    twenty, forty = (
        made(0, (1.2, 1.0, 1.1, 1.05, 1.12, 1.14), uncertainty=known),
        made(1, (0.8,), load_kg=40.0),
    )
    part = weeks.best(asked([*twenty, *forty], Units()))
    assert is_headed(part)
    assert [cells[:7] for cells in part.rows] == [
        ("sled, 20 kg", "6", local_minute(twenty[0].started_utc or ""), "1.200 m/s ± 0.020",
         local_minute(twenty[-1].started_utc or ""), "1.140 m/s ± 0.020", "5.0"),
        ("sled, 40 kg", "1", *(local_minute(forty[0].started_utc or ""), "0.80 m/s") * 2, "0.0"),
    ]  # fmt: skip
    chance, unknown = (str(cells[7]) for cells in part.rows)
    assert unknown == NONE and len(chance.partition(".")[2]) == 1 and float(chance) > 5


def test_effort_is_a_days_mean_and_pain_its_worst_the_newest_day_first() -> None:
    part = weeks.felt(asked([*made(1, (1.0,), rpe=4.0), *FIRST, *RATED]))
    assert is_headed(part)
    assert part.rows == [("2026-10-05", "4", "6.5", "3"), ("2026-09-29", "1", "4.0", NONE)]
    assert said(part) == {"unrated": (1,)}
    assert not weeks.felt(asked(RATED)).sentences


@pytest.mark.parametrize("poor_n", [weeks.POOR_N, weeks.POOR_N + 1])
def test_the_newest_doubtful_sets_are_listed_the_newest_first_and_whether_there_are_more(poor_n: int) -> None:
    rows = [
        row(n, minute=n, quality="B", quality_reasons=[f"gap {n}", "no zero"]) for n in range(1, poor_n + 1)
    ]
    rows[-1] = row(poor_n, started_utc=None, quality="C", quality_reasons=["torn"])
    part = weeks.grades(asked([row(0), *rows]))
    listed = rows[-weeks.POOR_N :][::-1]
    assert is_headed(part)
    assert [cells[:2] for cells in part.rows] == [
        (local_minute(each.started_utc) if each.started_utc else NONE, each.quality) for each in listed
    ]
    assert [getattr(cells[2], "text", "") for cells in part.rows] == [
        "; ".join(each.quality_reasons) for each in listed
    ]
    more = {"newest_only": (weeks.POOR_N,)} if poor_n > weeks.POOR_N else {}
    assert said(part) == {"graded": (1, poor_n + 1), **more}
