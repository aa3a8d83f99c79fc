"""The smallest change worth reporting, against people whose chance is known."""

from __future__ import annotations

import numpy as np
import pytest
from tests.progress.rows import row

from retrorig.progress.change import BETWEEN_DAYS, WITHIN_DAYS, typical_error, typical_error_of

SPREAD_PCT = 3.0


def speeds(chance: np.random.Generator, n: int, trend_pct: float = 0.0) -> list[float]:
    return list(np.exp(trend_pct / 100 * np.arange(n) + SPREAD_PCT / 100 * chance.standard_normal(n)))


@pytest.mark.parametrize("trend_pct", [0.0, -4.0])
def test_error_is_the_spread_of_repeats_and_no_trend(trend_pct: float) -> None:
    """400 runs of five: the estimate's own error is 2 %; tiring by 4 % a set, more than the spread, is no error."""
    chance = np.random.default_rng(1)
    error = typical_error_of([speeds(chance, 5, trend_pct) for _ in range(400)], WITHIN_DAYS)
    assert error is not None
    assert error.percent == pytest.approx(SPREAD_PCT, rel=0.08)
    assert error.pairs_n == 1600


def test_the_smallest_change_is_exceeded_by_chance_once_in_twenty() -> None:
    chance = np.random.default_rng(2)
    error = typical_error_of([speeds(chance, 5) for _ in range(400)], WITHIN_DAYS)
    assert error is not None
    before, after = (np.array([np.mean(speeds(chance, n)) for _ in range(2000)]) for n in (3, 6))
    beyond = np.mean(np.abs(100 * (after / before - 1)) > error.smallest_change_pct(3, 6))
    assert beyond == pytest.approx(0.05, abs=0.02)


def test_days_are_compared_with_days_when_there_are_enough() -> None:
    """Six days that differ by 5 % while the sets within each are alike: it is the days' difference that counts."""
    chance = np.random.default_rng(3)
    days = np.exp(0.05 * chance.standard_normal(40))
    rows = [row(3 * d + i, day=d, minute=i, mean_speed_mps=days[d]) for d in range(40) for i in range(3)]
    error = typical_error(rows)
    assert error is not None and error.seen_between == BETWEEN_DAYS
    assert error.percent == pytest.approx(5.0, rel=0.3)
    few = typical_error(rows[:9])
    assert few is not None and few.seen_between == WITHIN_DAYS and few.percent == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("speed", [None, 0.0, -0.4])
def test_a_day_that_tells_no_speed_backward_leaves_the_error_of_the_others(speed: float | None) -> None:
    """Nobody measured it, or who stood there went forward."""
    rows = [row(d, day=d, mean_speed_mps=1 + 0.02 * (d % 3)) for d in range(12)]
    other = row(99, day=20, mean_speed_mps=speed)
    assert typical_error([*rows, other]) == typical_error(rows) is not None
    assert typical_error([other]) is typical_error([row(1, kind="warmup")]) is None, "nothing is known"


def test_other_loads_and_warm_ups_are_no_repeats() -> None:
    rows = [row(i, minute=i, load_kg=10.0 * i) for i in range(12)]
    rows += [row(20 + i, minute=30 + i, kind="warmup") for i in range(12)]
    assert typical_error(rows) is None
