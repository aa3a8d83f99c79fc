"""What the board logged beside a set's samples, in the units of the contract."""

from __future__ import annotations

from typing import Any

import pytest

from retrorig.measure.session import ahead_m, session_of
from rigcore.decode import RawSet

HEADER = {"circumference_um": 250_000, "counts_per_rev": 2500}
"""A tenth of a millimetre a count."""


def told(
    header: dict[str, Any] | None = None, end: dict[str, Any] | None = None, **note: Any
) -> dict[str, Any]:
    raw = RawSet()
    raw.header, raw.end, raw.note = {**HEADER, **(header or {})}, end, note
    return session_of(raw)


@pytest.mark.parametrize("end", [None, {}])
def test_nothing_logged_is_nothing_told(end: dict[str, Any] | None) -> None:
    assert told(end=end) == {
        "paused_s": 0.0, "pauses": 0, "pause_backward_m": 0.0, "pause_forward_m": 0.0,
        "rest_s": None, "rest_backward_m": 0.0, "rest_forward_m": 0.0, "remarks": {},
        "over_speed_s": 0.0, "over_force_s": 0.0, "pace_mps": None, "cadence_asked_spm": None,
        "step": None, "colour": None, "undone": False,
    }  # fmt: skip


def test_pauses_are_in_seconds_and_metres() -> None:
    """Each from and to in microseconds, counts backward and forward; a board that sums them says so."""
    pauses = [(1_000_000, 3_500_000, 200, 30), (9_000_000, 9_750_000, 100, 20)]
    found = told(end={"pauses": pauses})
    assert found["paused_s"] == 3.25 and found["pauses"] == 2
    assert found["pause_backward_m"] == pytest.approx(0.03) and found["pause_forward_m"] == pytest.approx(
        0.005
    )
    assert told(end={"pauses": pauses, "paused_ms": 4100})["paused_s"] == 4.1


def test_the_rest_before_has_its_time_and_both_ways() -> None:
    found = told({"rest_ms": 61_500, "rest_counts": (7000, 1500)})
    assert found["rest_s"] == 61.5
    assert found["rest_backward_m"] == pytest.approx(0.7) and found["rest_forward_m"] == pytest.approx(0.15)
    assert told({"rest_ms": 0})["rest_s"] == 0.0, "no rest is known to be none"


def test_remarks_are_how_many_of_each_kind() -> None:
    assert told({"remarks": {"kick": [2, 300, 10], "roll": [1, 0, 80]}})["remarks"] == {"kick": 2, "roll": 1}


def test_limits_and_what_the_plan_asked_have_their_own_numbers() -> None:
    found = told(
        {"pace_mmps": 850, "cadence_spm": [90, 100], "step": 0},
        {"over_ms": {"speed_max_mmps": 1250, "force_max_mn": 480}},
    )
    assert (found["over_speed_s"], found["over_force_s"], found["pace_mps"]) == (1.25, 0.48, 0.85)
    assert found["cadence_asked_spm"] == [90, 100] and found["step"] == 0


@pytest.mark.parametrize(
    ("colour", "undone", "expected"), [("red", 1, ("red", True)), ("", 0, (None, False))]
)
def test_the_coachs_colour_and_what_was_taken_back(
    colour: str, undone: int, expected: tuple[str | None, bool]
) -> None:
    found = told(colour=colour, undone=undone)
    assert (found["colour"], found["undone"]) == expected


@pytest.mark.parametrize(("pace_mps", "metres"), [(0.8, 2.0), (1.25, -2.5)])
def test_metres_ahead_of_a_pace_are_less_than_none_behind_it(pace_mps: float, metres: float) -> None:
    assert ahead_m(10.0, 10.0, pace_mps) == pytest.approx(metres)
