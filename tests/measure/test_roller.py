"""Calibration by pushing the belt: the true length of a count is found and covered, poor repeats are refused."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.errors import InputError
from retrorig.measure.roller import fit_counts

LENGTH_MM = 10_000
COUNTS = 96_000


@given(st.integers(1_000, 10_000_000), st.integers(3, 9), st.sampled_from([-1, 1]))
def test_equal_repeats_are_as_sure_as_the_distance(count: int, repeats: int, sign: int) -> None:
    fit = fit_counts([sign * count] * repeats, 0.002)
    assert fit.counts == sign * count
    assert fit.pm_rel == pytest.approx(0.002)


@pytest.mark.parametrize("repeats", [3, 5, 10])
def test_the_interval_covers_the_truth(repeats: int) -> None:
    """A tape that is off by as much as it says, marks placed to 3 mm; of 400 at 95 % fewer than 366 once in 500."""
    covered = 0
    for seed in range(400):
        chance = Random(seed)
        true_mm = LENGTH_MM + 5 * chance.gauss(0, 1)  # the tape's 95 % are 10 mm
        counts = [round(COUNTS * (true_mm + chance.gauss(0, 3)) / LENGTH_MM) for _ in range(repeats)]
        fit = fit_counts(counts, 10 / LENGTH_MM)
        covered += abs(fit.counts / COUNTS - 1) <= fit.pm_rel
    assert covered >= 366


@pytest.mark.parametrize(
    ("counts", "length_pm_rel", "words"),
    [
        ([COUNTS, COUNTS], 0.001, "too few"),
        ([3, 2, 3], 0.001, "encoder turns"),
        ([COUNTS, COUNTS, COUNTS + 1500], 0.001, "Repeat 3 differs"),
        ([COUNTS - 800, COUNTS, COUNTS + 800], 0.001, "known to 2.1 %"),
        ([COUNTS] * 3, 0.02, "known to 2.0 %"),
    ],
)
def test_poor_repeats_are_refused_with_the_reason(
    counts: list[int], length_pm_rel: float, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        fit_counts(counts, length_pm_rel)
