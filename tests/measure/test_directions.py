"""Backward and forward movement of a whole set, against the board's own sums."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrorig.measure.directions import direction_sums
from rigcore.motion import Directions

STEPS = st.lists(st.integers(-40, 60), min_size=1, max_size=400)


@given(STEPS, st.integers(0, 60), st.integers(-100, 100), st.booleans())
def test_sums_are_the_boards(steps: list[int], band_counts: int, origin_counts: int, is_walk: bool) -> None:
    count = np.cumsum(np.array(steps) + (40 if is_walk else 0))
    directions = Directions(band_counts, origin_counts)
    expected = []
    for place in count.tolist():
        directions.feed(place)
        expected.append((directions.backward, directions.forward))
    found = direction_sums(count, band_counts, origin_counts)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected
