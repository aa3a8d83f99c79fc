"""Weights that come one after the other while the rig only watches: a run is found wherever it begins, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any, cast

import pytest
from tests.calibration.test_judging import COUNTS_PER_N

from retrorig.calibration.force import follow
from retrorig.calibration.force_fit import Hung
from retrorig.calibration.units import weight
from retrorig.calibration.watching import Window
from retrorig.errors import InputError

ZERO = 35_000.0
NAMED = ("5kg", "10kg", "20kg")
NEWTONS = [49.03325, 98.0665, 196.133]
RUN = [0.0, *NEWTONS, 0.0]
WINDOW_S = 0.8
HELD_N, MOVING_N = 5, 2


class Watched:
    """A cell on which loads of so many newtons hang one after the other, swinging in between."""

    window_s = WINDOW_S

    def __init__(self, loads_n: Sequence[float], spread: int = 100) -> None:
        self._codes = [ZERO + COUNTS_PER_N * load for load in loads_n]
        self._spread = spread

    def windows(self, every_s: float) -> Iterator[Window]:
        assert every_s == WINDOW_S, "windows that share no conversion"
        at_s = 100.0
        for code in self._codes:
            for number in range(MOVING_N + HELD_N):
                is_moving = number < MOVING_N
                yield Window(at_s, 0, code, 60_000 if is_moving else self._spread, True)
                at_s += every_s


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def followed(
    loads_n: Sequence[float], spread: int = 100, patience_s: float = 600.0
) -> tuple[Hung, list[str]]:
    told = Told()
    weights = [weight(name) for name in NAMED]
    sensors = cast("Any", Watched(loads_n, spread))
    return follow(sensors, cast("Any", told), weights, patience_s), told.lines


def loads_of(found: Hung) -> list[float]:
    codes = [found.zero_before, *found.codes, found.zero_after]
    return [(code - ZERO) / COUNTS_PER_N for code in codes]


@pytest.mark.parametrize(
    "before",
    [[], [0.0, 49.03325], [196.133], [0.0, 300.0, 0.0, 20.0], RUN[:3]],
    ids=["at once", "begun anew", "a weight still on it", "people at work", "broken off before the end"],
)
def test_a_run_is_found_wherever_watching_begins(before: list[float]) -> None:
    found, told = followed([*before, *RUN])
    assert loads_of(found) == pytest.approx(RUN)
    assert [quantity.text for quantity in found.weights] == list(NAMED)
    assert "slack line, then 5kg, 10kg, 20kg, then the slack line" in told[0]
    assert sum(line.startswith("Steady at") for line in told) == len([*before, *RUN])


def test_weights_in_another_order_are_told_and_watched_over() -> None:
    found, told = followed([0.0, 98.0665, 49.03325, 196.133, *RUN])
    assert loads_of(found) == pytest.approx(RUN)
    assert "That was no run of these weights; watching on." in told


@pytest.mark.parametrize(
    ("loads_n", "reason"),
    [
        (RUN[:-1], "no weight was seen"),
        ([0.0], "no weight was seen"),
        ([0.0, 98.0665, 49.03325, 196.133, 0.0], "another order: 10kg, 5kg, 20kg"),
    ],
)
def test_without_a_run_the_reason_is_told_at_the_end_of_patience(loads_n: list[float], reason: str) -> None:
    with pytest.raises(InputError, match=r"No run of these weights was seen in 600 s: ") as told:
        followed(loads_n)
    assert reason in str(told.value)


def test_who_comes_too_late_is_not_waited_for() -> None:
    run_s = len(RUN) * (MOVING_N + HELD_N) * WINDOW_S
    assert followed(RUN, patience_s=run_s)
    with pytest.raises(InputError, match="in 10 s"):
        followed(RUN, patience_s=10.0)


@pytest.mark.parametrize(("left_n", "is_slack"), [(0.0, True), (3.8, True), (4.1, False), (-3.8, True)])
def test_the_line_is_slack_again_within_a_fiftieth_of_the_largest_load(left_n: float, is_slack: bool) -> None:
    """What is left on it then is judged with the fit, which allows less."""
    told = Told()
    weights = [weight(name) for name in NAMED]
    with pytest.raises(InputError) if left_n else nullcontext():
        follow(cast("Any", Watched([*RUN[:-1], left_n])), cast("Any", told), weights)
    assert ("That was no run of these weights; watching on." in told.lines) == (is_slack and left_n != 0)


@pytest.mark.parametrize(
    ("codes", "spread", "is_new"),
    [(499, 100, False), (501, 100, True), (799, 200, False), (801, 200, True), (-501, 100, True)],
)
def test_a_level_is_another_one_when_it_differs_by_more_than_the_cell_scatters(
    codes: int, spread: int, is_new: bool
) -> None:
    told = Told()
    with pytest.raises(InputError):
        follow(
            cast("Any", Watched([0.0, codes / COUNTS_PER_N], spread)),
            cast("Any", told),
            [weight(name) for name in NAMED],
        )
    assert sum(line.startswith("Steady at") for line in told.lines) == 1 + is_new
