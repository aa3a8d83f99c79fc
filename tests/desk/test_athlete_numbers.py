"""The numbers of an athlete's page, without a browser: each in the user's unit, with its interval and its digits."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.progress.rows import row
from tests.progress.test_profile import LOADS_KG, points

from retrorig.desk.pages import athlete_tests
from retrorig.desk.pages.part import NONE, Asked, grew, when, with_pm
from retrorig.progress import profile_of
from retrorig.report import Units
from retrorig.set_row import SetRow

OTHER = Units("yd", "km/h", "lbf")
KMH, LBF = 3.6, 1 / 4.4482216152605


def asked_in(units: Units) -> Asked:
    return Asked(cast("Any", SimpleNamespace(drawn_samples=None)), [row(1)], units)


@pytest.mark.parametrize("axis", ["load_kg", "mean_force_n"])
@pytest.mark.parametrize("units", [Units(), OTHER])
def test_a_profile_is_told_in_the_user_s_units(
    monkeypatch: pytest.MonkeyPatch, axis: str, units: Units
) -> None:
    made = points(LOADS_KG * 2, 1.5, 180.0, 0.02)
    monkeypatch.setattr(athlete_tests, "points_of", lambda day, samples: (axis, made))
    monkeypatch.setattr(athlete_tests, "left_out", lambda day, points: 3)
    found = profile_of(made, axis, athlete_tests.DECREMENTS_PCT)
    speed = KMH if units == OTHER else 1.0
    load = LBF if units == OTHER and axis == "mean_force_n" else 1.0
    unit = {"load_kg": "kg", "mean_force_n": "lbf" if units == OTHER else "N"}[axis]
    part = athlete_tests.profile(asked_in(units))
    _, line, left = cast("Any", part.sentences)
    v0, slope = found.v0_mps, found.slope
    assert line.key == "profile" and left.key == "left_out"
    assert line.parts[:4] == (
        f"{v0.value * speed:.3f} ± {v0.pm * speed:.3f}",
        "km/h" if units == OTHER else "m/s",
        f"{slope.value * speed / load:.5f} ± {slope.pm * speed / load:.5f}",
        unit,
    )
    assert line.parts[4:] == (
        8, 4, f"{20 * load:.4g}", f"{95 * load:.4g}", f"{found.r2:.3f}",
        *(f"{each * load:.4g}" for each in (found.l0, found.l0_low, found.l0_high)),
    )  # fmt: skip
    assert [cells[:4] for cells in part.rows] == [
        (
            f"{n.decrement_pct:g}",
            f"{n.speed_mps * speed:.3f}",
            f"{n.load * load:.1f} {unit}",
            f"{n.low * load:.3g} – {n.high * load:.3g}",
        )
        for n in found.next_loads
    ]
    assert [cells[4] == "" for cells in part.rows] == [n.is_tested for n in found.next_loads]


def test_numbers_without_a_value_are_a_dash() -> None:
    asked = asked_in(OTHER)
    assert (asked.number(None, 2), asked.number(2.0, 1), asked.number(2.0, 2, "m/s")) == (NONE, "2.0", "7.20")
    assert (with_pm(None, 1.0, 1), with_pm(2.0, None, 1), with_pm(2.0, 0.5, 1)) == (NONE, "2.0", "2.0 ± 0.5")
    assert (grew(None, 1.0), grew(4.6, None), grew(-4.6, 0.0), grew(4.6, 1.2, 1)) == (
        "",
        "+5",
        "-5",
        "+4.6 ± 1.2",
    )
    assert when(SetRow()) == NONE


def test_the_last_day_is_that_of_the_newest_sets() -> None:
    days = ("2026-11-20T12:00:00.000Z", "2026-11-22T12:00:00.000Z", "2026-11-22T13:00:00.000Z")
    rows = [SetRow(set_id=f"s{n}", started_utc=day) for n, day in enumerate(days)]
    asked = Asked(cast("Any", None), rows, Units())
    assert [each.set_id for each in asked.last_day] == ["s1", "s2"]
    assert asked.day_told.parts == ("2026-11-22",)
