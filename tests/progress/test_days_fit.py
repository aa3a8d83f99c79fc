"""The fit with a level a day, against dense least squares that have a column for each day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from retrorig.progress.days_fit import fit_days
from retrorig.progress.intervals import fit_groups, sums_of


@given(
    st.lists(st.lists(st.integers(3, 9), min_size=3, max_size=6), min_size=2, max_size=5),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=30)
def test_it_is_the_dense_fit(days: list[list[int]], seed: int) -> None:
    """days: the sizes of each day's groups. The dense fit's first column is a 1, so its other days tell differences."""
    chance = default_rng(seed)
    sizes = [size for day in days for size in day]
    group = np.repeat(np.arange(len(sizes)), sizes)
    day = np.repeat(np.arange(len(days)), [sum(of_day) for of_day in days])
    moving = chance.standard_normal((len(group), 2)) + (1.0, 0.0)
    force = 100 + 5 * day + moving @ (20.0, 60.0) + chance.standard_normal(len(group))
    later = (day[:, None] == np.arange(1, len(days))).astype(float)
    dense = fit_groups(np.column_stack((np.ones(len(group)), later, moving)), force, group)
    rows = np.column_stack((np.ones(len(group)), moving, force))
    parts = [sums_of(rows[day == number], group[day == number]) for number in range(len(days))]
    found = fit_days(parts)
    assert found is not None and dense is not None
    for ours, theirs in (
        (found.estimate(lambda fit: fit.slopes[..., 0]), dense.derive(lambda c: c[-2])),
        (found.estimate(lambda fit: fit.slopes[..., 1]), dense.derive(lambda c: c[-1])),
        (found.estimate(lambda fit: fit.level(0)), dense.derive(lambda c: c[0])),
        (found.estimate(lambda fit: fit.level(1) - fit.level(0)), dense.derive(lambda c: c[1])),
    ):
        assert (ours.value, ours.pm) == (
            pytest.approx(theirs.value, rel=1e-6),
            pytest.approx(theirs.pm, rel=1e-5),
        )


def test_speed_and_acceleration_that_do_not_vary_apart_are_refused() -> None:
    speed = default_rng(1).uniform(0.5, 1.5, 60)
    for accel in (3 * speed, np.ones(60)):
        rows = np.column_stack((np.ones(60), speed, accel, 100 + speed))
        sums = sums_of(rows, np.arange(60) // 5)
        assert fit_days([sums[:6], sums[6:]]) is None
