"""Finds steps: the pushes that ripple through the pull, or where there is no force, through the belt's speed.

1. Cadence over time. In windows of WINDOW_S the autocorrelation of the ripple is highest one step later; a stride later
   it is as high again, so the shortest of the high lags counts (as with the pitch of a voice: L. Rabiner, IEEE Trans.
   ASSP 25(1), 1977).
2. Time is stretched so that each step takes as long as the next, and the ripple is smoothed over a part of a step:
   two humps in one push become one, whatever the cadence.
3. Each maximum that stands out from its neighbours is a step.
4. The first and the last push hide in the rise and fall of the pull: where the rhythm leaves room for a whole step
   between the first one found and the start of movement, or the last one and its end, it is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_HZ = (0.7, 4.0)
"""Cadences that are looked for; people walk and run backward at 0.8 to 3.5 steps a second."""

RATE_MIN_HZ = 30.0
"""Eight samples in the quickest step, less is too few for its maximum and for the filter's own delay."""

GRID_S = 0.02
WINDOW_S = 5.0
HOP_S = 0.5
SHORTEST_S = 1.5
PERIODIC = 0.4
"""Autocorrelation a step later from which a ripple counts as steps. Noise of this bandwidth stays under it."""

SAME_HEIGHT = 0.8
"""Lags whose autocorrelation comes this close to the highest are taken for the same rhythm."""

CLIP = 0.8
"""Ripple beyond this many times its mean size is cut: the rise at the start would hide the rhythm that follows it."""

PER_STEP_N = 24
SMOOTH_STEPS = 0.16
STANDS_OUT = 0.3
"""A maximum rises over the minima beside it by this much of the usual ripple."""

ROOM_STEPS = 1.25
"""From a step back to the start of movement, when one more push fits between; its own rise takes a quarter step."""

HIDDEN_MAX_N = 2

REGULAR = (0.5, 1.6)
"""A step may take this much of what the rhythm says; longer is a pause."""

REGULAR_SHARE = 0.7
"""So many of the steps must be regular, or it was no walk."""


@dataclass(frozen=True)
class Ripple:
    """A signal while the belt moved, on an even grid of GRID_S; `floor` is the smallest swing that is no noise."""

    time_s: Floats
    value: Floats
    floor: float


def find_steps(ripple: Ripple) -> Floats:
    """Times of the steps, seconds; empty where there is no rhythm."""
    if len(ripple.time_s) * GRID_S < SHORTEST_S:
        return np.empty(0)
    step_s = _step_times(ripple)
    if step_s is None:
        return np.empty(0)
    phase = np.concatenate(([0.0], np.cumsum(GRID_S / step_s[:-1])))
    even = np.arange(0, phase[-1], 1 / PER_STEP_N)
    wave = _one_per_step(np.interp(even, phase, ripple.value))
    steps = even[_outstanding(wave, ripple.floor)]
    if len(steps) < 3 or np.mean(is_regular(np.diff(steps))) < REGULAR_SHARE:
        return np.empty(0)
    return np.interp(_with_hidden(steps, phase[-1]), phase, ripple.time_s)


def is_regular(relative: Floats) -> NDArray[np.bool_]:
    """Which times between steps, relative to the usual one, are those of one step after the other."""
    return (relative >= REGULAR[0]) & (relative <= REGULAR[1])


def _with_hidden(steps: Floats, end: float) -> Floats:
    """Adds the steps at both ends; `steps` and `end` are counted in steps from the start of movement."""
    before = min(HIDDEN_MAX_N, int(max(0.0, steps[0] - ROOM_STEPS + 1)))
    after = min(HIDDEN_MAX_N, int(max(0.0, end - steps[-1] - ROOM_STEPS + 1)))
    return np.concatenate((steps[0] - np.arange(before, 0, -1), steps, steps[-1] + np.arange(1, after + 1)))


def _step_times(ripple: Ripple) -> Floats | None:
    """How long a step takes, at each point of the grid."""
    n = len(ripple.value)
    size = min(n, round(WINDOW_S / GRID_S))
    hop = round(HOP_S / GRID_S)
    high = _without_trend(ripple.value, round(1.0 / STEP_HZ[0] / GRID_S))
    limit = CLIP * float(np.mean(np.abs(high)))
    high = np.clip(high, -limit, limit)
    firsts = range(0, n - size + 1, hop)
    found = [_rhythm_s(high[first : first + size]) for first in firsts]
    known = [(first + size / 2, step_s) for first, step_s in zip(firsts, found, strict=True) if step_s]
    if len(known) < max(1, len(found) // 2):
        return None
    middle, step_s = zip(*known, strict=True)
    return np.interp(np.arange(n), middle, _without_outliers(np.array(step_s)))


def _rhythm_s(window: Floats) -> float:
    """Time from one ripple to the next in this window, 0 when there is no rhythm."""
    low, high = round(1 / STEP_HZ[1] / GRID_S), round(1 / STEP_HZ[0] / GRID_S)
    high = min(high, len(window) // 2)
    lags = np.arange(low - 1, high + 2)
    likeness = _likeness(window, lags)
    inner = likeness[1:-1]
    peaks = np.flatnonzero((inner >= likeness[:-2]) & (inner > likeness[2:])) + 1
    if not len(peaks) or likeness[peaks].max() < PERIODIC:
        return 0.0
    first = peaks[likeness[peaks] >= SAME_HEIGHT * likeness[peaks].max()][0]
    return float(lags[first]) * GRID_S


def _likeness(window: Floats, lags: NDArray[np.int64]) -> Floats:
    """Correlation of the window with itself so many points later, -1 to 1."""
    n = len(window)
    products = np.correlate(window, window, mode="full")[n - 1 + lags]
    energy = np.concatenate(([0.0], np.cumsum(window * window)))
    power = np.sqrt(energy[n - lags] * (energy[n] - energy[lags]))
    return np.divide(products, power, out=np.zeros(len(lags)), where=power > 0)


def _without_outliers(step_s: Floats) -> Floats:
    """Median over five windows: a single window that took the stride for the step is put right."""
    padded = np.pad(step_s, 2, mode="edge")
    return np.median(sliding_window_view(padded, 5), axis=1)


def _without_trend(values: Floats, size: int) -> Floats:
    """Less the mean over `size` points, taken twice so that nothing of it is left in the ripple."""
    half = np.ones(size) / size
    padded = np.pad(values, size - 1 + (size - 1) % 2, mode="edge")
    mean = np.convolve(np.convolve(padded, half, mode="same"), half, mode="same")
    cut = (len(padded) - len(values)) // 2
    return values - mean[cut : cut + len(values)]


def _one_per_step(even: Floats) -> Floats:
    """The ripple at one cycle a step: smoothed over a part of a step, the mean over a step taken away."""
    reach = round(3 * SMOOTH_STEPS * PER_STEP_N)
    x = np.arange(-reach, reach + 1) / (SMOOTH_STEPS * PER_STEP_N)
    bell = np.exp(-x * x / 2)
    padded = np.pad(even, reach, mode="edge")
    smooth: Floats = np.convolve(padded, bell / bell.sum(), mode="valid").astype(np.float64)
    return _without_trend(smooth, PER_STEP_N)


def _outstanding(wave: Floats, floor: float) -> NDArray[np.int64]:
    """Places of the maxima that rise enough over the minima beside them."""
    places = _alternating(wave)
    swings = np.abs(np.diff(wave[places]))
    if len(swings) < 2:
        return np.empty(0, dtype=np.int64)
    wanted = max(STANDS_OUT * float(np.median(swings)), floor)
    while len(swings) and swings.min() < wanted:
        weakest = int(np.argmin(swings))
        places = np.delete(places, _pair(weakest, len(places)))
        swings = np.abs(np.diff(wave[places]))
    return np.array([p for i, p in enumerate(places) if _is_maximum(wave[places], i)], dtype=np.int64)


def _pair(weakest: int, n: int) -> list[int]:
    """Which turning points go with the weakest swing: both of its ends, at the border only the outer one."""
    if weakest == 0:
        return [0]
    return [n - 1] if weakest == n - 2 else [weakest, weakest + 1]


def _is_maximum(heights: Floats, i: int) -> bool:
    if not 0 < i < len(heights) - 1:
        return False
    return bool(heights[i] > heights[i - 1] and heights[i] > heights[i + 1])


def _alternating(wave: Floats) -> NDArray[np.int64]:
    """Places of maxima and minima in turn, with both ends."""
    direction = np.sign(np.diff(wave))
    turns = np.flatnonzero(direction[1:] * direction[:-1] < 0) + 1
    return np.concatenate(([0], turns, [len(wave) - 1])).astype(np.int64)
