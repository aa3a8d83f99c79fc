"""Sums backward and forward movement apart, for all readings at once; rigcore.motion.Directions does it one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rigcore.detect import REST_COUNTS

Ints = NDArray[np.int64]

_PART_N = 64
"""Readings that are looked at together after a turn, doubled as long as the belt does not turn round again."""


def direction_sums(count: Ints, band_counts: int, origin_counts: int) -> tuple[Ints, Ints]:
    """Backward and forward counts after each reading; movement back and forth inside the band is neither."""
    furthest = _furthest(count, band_counts, origin_counts)
    moved = furthest.copy()
    moved[1:] -= furthest[:-1]
    moved[0] -= origin_counts
    backward = np.maximum(moved, 0).cumsum()
    return backward, backward - (furthest - origin_counts)


def resting_count(low: int, count: int) -> int:
    """Where the belt lay before a movement whose first reading is at `count`, `low` being the lowest just before."""
    return low if count - low <= REST_COUNTS else count


def _furthest(count: Ints, band_counts: int, origin_counts: int) -> Ints:
    """The belt's furthest place at each reading, until it has come back by more than the band."""
    found = np.empty(len(count), dtype=np.int64)
    first, size, sign, furthest = 0, len(count), 1, origin_counts
    while first < len(count):
        part = sign * count[first : first + size]
        reached = np.maximum(np.maximum.accumulate(part), sign * furthest)
        turned = reached - part > band_counts
        after = int(np.argmax(turned)) if turned.any() else len(part)
        found[first : first + after] = sign * reached[:after]
        first, size = first + after, 2 * size
        furthest = int(found[first - 1]) if after else furthest
        if after < len(part):
            furthest = int(count[first])
            found[first] = furthest
            first, size, sign = first + 1, _PART_N, -sign
    return found
