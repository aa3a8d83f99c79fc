"""The numbers of an athlete's page, without a browser: each in the user's unit, with its interval and its digits."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.progress.rows import row
from tests.progress.test_profile import LOADS_KG, points

from retrorig.desk.pages import athlete_tests, rig_history
from retrorig.desk.pages.part import NONE, Asked, grew, when, with_pm
from retrorig.progress import Drag, DragHistory, Estimate, Fatigue, SetLoss, Sides, profile_of
from retrorig.progress.drag_days import DragDay
from retrorig.progress.sides import BySide, BySteps
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


@pytest.mark.parametrize(
    ("units", "named", "means"),
    [(Units(), "N", ("100 ± 10", "120 ± 12")), (OTHER, "lbf", ("22.5 ± 2.2", "27 ± 2.7"))],
)
def test_left_and_right_are_told_in_the_user_s_units(
    monkeypatch: pytest.MonkeyPatch, units: Units, named: str, means: tuple[str, str]
) -> None:
    sure = BySide("mean_force_n", 4, 5, 100.0, 120.0, 10.0, 12.0, 18.18, 4.04, True)
    unsure = BySide("steps", 2, 3, 10.0, 11.0, 1.0, 2.0, -9.52, 20.0, False)
    steps = BySteps(6, 2, 12.4, 8.4, 16.6, 5.5)
    found = Sides(None, [sure, unsure], steps, ["no set is marked"])
    monkeypatch.setattr(athlete_tests, "sides_of", lambda rows: found)
    part = athlete_tests.sides(asked_in(units))
    first, second = cast("Any", part.rows)
    assert first[0].key == "in_unit" and first[0].parts[1] == named and second[0].text
    assert first[1:] == ("4 / 5", *means, "+18.2 ± 4.0", "")
    assert second[1:5] == ("2 / 3", "10 ± 1", "11 ± 2", "-9.5 ± 20.0") and second[5].key == "may_be_chance"
    reason, by_steps = cast("Any", part.sentences)
    assert reason.text == "No set is marked."
    assert by_steps.parts == ("12", "8", "17", "6", 6, 2) and part.answer is found


def test_tiring_is_told_set_by_set_with_what_the_coach_should_do(monkeypatch: pytest.MonkeyPatch) -> None:
    known = SetLoss("rr-test-0003-00002", None, "sled, 20 kg", 1.0, 1.1, 0.9, 18.4, 3.6, -2.04)
    short = SetLoss("rr-test-0003-00003", None, "sled, 20 kg", why="it is too short")
    asked_for = []

    def fatigue_of(rows: Any, samples: Any, stop_pct: float | None) -> Fatigue:
        asked_for.append((len(rows), stop_pct))
        return Fatigue([known, short], [])

    monkeypatch.setattr(athlete_tests, "fatigue_of", fatigue_of)
    part = athlete_tests.fatigue(replace(asked_in(OTHER), stop_pct=15.0))
    assert part.rows == [
        ("00002", "sled, 20 kg", "3.600", "3.960", "3.240", "18 ± 4", "-2.0", ""),
        ("00003", "sled, 20 kg", NONE, NONE, NONE, NONE, NONE, "it is too short"),
    ]
    assert all(len(cells) == len(part.head) for cells in part.rows) and asked_for == [(1, 15.0)]
    assert [one.key for one in cast("Any", part.sentences)] == ["last_day"]


@pytest.mark.parametrize("machine", ["sled", "treadmill"])
def test_what_the_rig_costs_is_told_in_the_user_s_units(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    drag = Drag(
        5, 60.0, Estimate(180.0, 9.0), Estimate(150.0, 6.0), Estimate(30.0, 3.0), Estimate(38.25, 1.55),
        Estimate(0.4004, 0.02) if machine == "sled" else None, (0.5, 1.5), 0.976,
    )  # fmt: skip
    is_sled = []

    def drag_of(samples: Any, sled: bool) -> Drag:
        is_sled.append((list(samples), sled))
        return drag

    monkeypatch.setattr(athlete_tests, "drag_of", drag_of)
    library = cast("Any", SimpleNamespace(drawn_samples=lambda set_id: set_id))
    rows = [row(n, machine=machine) for n in (1, 2)]
    part = athlete_tests.drag(Asked(library, rows, OTHER))
    friction = [("drag_friction", "0.400 ± 0.020", "")] if machine == "sled" else []
    assert [(cast("Any", name).key, value, unit) for name, value, unit in part.rows] == [
        ("drag_steady", "40.5 ± 2.0", "lbf"),
        ("drag_dry", "33.7 ± 1.3", "lbf"),
        ("drag_grows", "1.9 ± 0.2", "lbf / (km/h)"),
        ("drag_mass", "38.2 ± 1.6", "kg"),
        *friction,
    ]
    (told,) = cast("Any", part.sentences)
    assert told.parts == (5, "rig", "1.80", "5.40", "km/h", "98")
    assert is_sled == [([each.set_id for each in rows], machine == "sled")]


@pytest.mark.parametrize("left_out", [[], ["2026-09-30", "2026-10-01"]])
def test_the_drag_of_days_is_told_with_what_it_rests_on(left_out: list[str]) -> None:
    days = [
        DragDay("2026-09-28", 3, Estimate(180.0, 9.0), None, None),
        DragDay("2026-09-29", 4, Estimate(200.0, 8.0), 20.0, 12.0),
    ]
    found = DragHistory(days, Estimate(30.0, 3.0), Estimate(38.0, 2.0), left_out)
    for load_kg, load in ((20.5, "20.5 kg"), (None, NONE)):
        part = rig_history._part([row(1), row(2, load_kg=load_kg)], found, OTHER)
        assert part.rows == [
            ("2026-09-28", "3", "40.5 ± 2.0", NONE, NONE),
            ("2026-09-29", "4", "45.0 ± 1.8", "4.5", "2.7"),
        ]
        over, *others = cast("Any", part.sentences)
        assert over.parts == ("rig", load, 2, "lbf")
        assert [each.parts for each in others] == [("2026-09-30, 2026-10-01",)] * bool(left_out)
    assert rig_history._clock(
        {
            "rig": "r1",
            "boot": 3,
            "anchors": 5,
            "span_h": 2.25,
            "drift_ppm": 11.25,
            "drift_pm_ppm": None,
            "contradicting": 1,
        }
    ) == ("r1", "3", "5", "2.2", "11.2", "1")
