"""Maxima of a wave that stand out from their neighbours, or that deep minima part from each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.order import quantile

Floats = NDArray[np.float64]

SWING_SHARE = 0.6
"""The usual ripple, among the swings of humps."""


def pushes_n(values: Floats, floor: float) -> int:
    """How many maxima stand out from both neighbours by `floor` at least."""
    return len(outstanding(values, floor, 0.0)) if len(values) > 2 else 0


def parted(wave: Floats, floor: float, deep: float, wanted_n: float) -> NDArray[np.int64]:
    """Places of the maxima between which the wave goes down by so much of their height over its lowest twentieth.

    Fewer than `wanted_n` are not looked at any further.
    """
    tops = outstanding(wave, floor, 0.0)
    base = quantile(wave, 0.05) if len(tops) >= wanted_n else 0.0
    while len(tops) > max(1, wanted_n):
        lows = np.minimum.reduceat(wave, tops)[:-1]
        lower = np.minimum(wave[tops[1:]], wave[tops[:-1]])
        depth = np.divide(lower - lows, lower - base, out=np.zeros(len(lows)), where=lower > base)
        weakest = int(depth.argmin())
        if depth[weakest] >= deep:
            break
        lower_one = weakest + int(wave[tops[weakest]] > wave[tops[weakest + 1]])
        tops = np.concatenate((tops[:lower_one], tops[lower_one + 1 :]))
    return tops


def outstanding(wave: Floats, floor: float, stands_out: float) -> NDArray[np.int64]:
    """Places of the maxima that rise enough over the minima beside them."""
    places = turning_points(wave)
    if len(places) < 3:
        return np.empty(0, dtype=np.int64)
    swings = _swings(wave, places)
    wanted = max(stands_out * quantile(swings, SWING_SHARE), floor) if stands_out else floor
    while len(swings) and swings[weakest := int(swings.argmin())] < wanted:
        first, after = _pair(weakest, len(places))
        places = np.concatenate((places[:first], places[after:]))
        swings = _swings(wave, places)
    heights = wave[places]
    is_top = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
    return places[1:-1][is_top]


def _swings(wave: Floats, places: NDArray[np.int64]) -> Floats:
    heights = wave[places]
    found: Floats = np.abs(heights[1:] - heights[:-1])
    return found


def _pair(weakest: int, n: int) -> tuple[int, int]:
    """First and after-last of the turning points that go with the weakest swing: both of its ends, at the border only
    the outer one."""
    if weakest == 0:
        return 0, 1
    return (n - 1 if weakest == n - 2 else weakest), weakest + 2


def turning_points(wave: Floats) -> NDArray[np.int64]:
    """Places of maxima and minima in turn, with both ends."""
    rise = wave[1:] - wave[:-1]
    turns = (rise[1:] * rise[:-1] < 0).nonzero()[0]
    found = np.zeros(len(turns) + 2, dtype=np.int64)
    np.add(turns, 1, out=found[1:-1])
    found[-1] = len(wave) - 1
    return found
