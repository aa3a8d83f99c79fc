"""Speed and force with hindsight: a mix of splines (kernels.py) that follows what the belt does from place to place.

Each spline errs in two ways: it lets through some of the noise, which is known, and it bends less than the movement.
The second is seen where a spline differs from the next softer one by more than noise makes them differ; such bends add
up from the softest spline to the stiffest. The mean square of both together, over some tenths of a second, is a
spline's risk (C. Stein's unbiased estimate, Ann. Statist. 9(6), 1981, locally); the less of it, the more it counts.
The risk of the mix is its stated error. MEASUREMENT.md compares the outcome with smoothers that know the truth.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from retrorig.measure import kernels
from retrorig.measure.kernels import STRIDE_N, Bank, Floats
from retrorig.measure.order import quantile

CHAINS = {
    True: (
        ((3, -1.5), (3, 0.0)),
        ((3, -1.5), (2, -2.5)),
        ((3, -1.5), *((4, stiffness) for stiffness in (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.5))),
    ),
    False: (((3, -5.0), (3, -3.0), *((4, stiffness) for stiffness in (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0))),),
}
"""Orders and stiffnesses for slopes (True) and values. Orders 3 and 4 suffice for smooth movement, 2 follows kinks.

The softest follows every value: for slopes as far as the noise allows to learn something from it."""

WINDOW_N = 40
"""Risks are taken over so many samples, tapered, and given for each STRIDE_N of them."""

SURE = 5.0
"""A difference of so many times its expected noise is a bend, and makes every stiffer spline wrong."""

WHOLE_SHARE = 0.35
"""The whole record's risk counts so much in each place: what suits all of it is a good guess anywhere."""

CHOSEN_BY_CHANCE = 1.6
"""The mix errs by so much more, mean square, than the risks say from which it was chosen; measured on all walkers."""

SHARPNESS = 2
"""Weights go with this power of 1 / risk."""

SIXTH = np.array((1, -6, 15, -20, 15, -6, 1)) / 924**0.5
"""Sixth differences, of variance 1 for white noise of variance 1. They show the noise: a push that lasts six samples
leaves next to nothing in them."""

NOISE_QUANTILE = 0.4
NOISE_SCALE = 0.9
"""The noise is taken for this much of a lower quantile of their mean squares, as bends are in them, too: what is too
little costs a few percent, too much smooths pushes away."""

TOGETHER_N = 256
"""Strides that are compared at once: as many as the processor's cache holds of all splines."""

MOVING = 0.5
"""Counts or codes per sample; at rest a rounded value has no noise."""


_SHARE = (np.arange(STRIDE_N) + 0.5) / STRIDE_N
_LEFT_RIGHT = np.array((1 - _SHARE, _SHARE))
_TAPER = np.hanning(WINDOW_N // STRIDE_N + 2)[1:-1] / np.hanning(WINDOW_N // STRIDE_N + 2)[1:-1].sum()
_EVEN = np.full(STRIDE_N, 1 / STRIDE_N)


class Noise(NamedTuple):
    """What is known of the noise beforehand. variance: the least of each value. time_sd: one standard deviation of the
    time at which a value was had, in samples. tremble: mean square of slow wobble that the values show and the movement
    has not (units of the values squared)."""

    variance: float
    time_sd: float = 0.0
    tremble: float = 0.0


class Smooth(NamedTuple):
    """Smoothed values or slopes (per sample) at each sample, and one standard deviation of their error."""

    values: Floats
    sd: Floats


def smooth(values: Floats, noise: Noise, slope: bool) -> Smooth:
    """Smoothed `values`, or their slopes, of evenly spaced samples."""
    before, padded = _long_enough(values)
    bank = kernels.bank(CHAINS[slope], slope)
    series = kernels.series_of(padded)
    parts = kernels.outputs(series, bank.splines, slope).reshape(len(bank.splines), -1, STRIDE_N)
    risks = _risks(parts, bank, _level(padded, noise), noise.tremble, len(padded))
    return Smooth(*_mixed(parts, _weighed(risks))[:, before : before + len(values)])


def _risks(parts: Floats, bank: Bank, level: Floats, tremble: float, n: int) -> Floats:
    """Each spline's risk in each stride. level: the noise's variance there."""
    gains, differences, trembles = kernels.spread(bank.noise, n)
    expected = _with_whole(differences * level + tremble * trembles if tremble else differences * level)
    seen = _with_whole(_over_windows(_mean_squares_apart(parts, bank)))
    bent = np.sqrt(np.maximum(seen - SURE * expected, 0.0))
    for number, before in bank.chained:
        bent[number] += bent[before]
    return np.maximum(bent * bent, seen - expected) + gains * level + 1e-18  # a square is not negative


def _weighed(risks: Floats) -> Floats:
    """At the edges of strides: weights of the splines, and as the last row one standard deviation of their mix."""
    found = np.empty((len(risks) + 1, risks.shape[1]))
    weights = (risks.min(axis=0) / risks) ** SHARPNESS
    np.divide(weights, weights.sum(axis=0), out=found[:-1])
    found[-1] = CHOSEN_BY_CHANCE * (found[:-1] * risks).sum(axis=0)
    edges = _at_edges(found)
    edges[-1] = np.sqrt(edges[-1])
    return edges


def _mean_squares_apart(parts: Floats, bank: Bank) -> Floats:
    """In each stride, how far each spline is from the softer one that it is compared with."""
    found = np.zeros(parts.shape[:2])
    for some in _together(parts):
        apart = parts[1:, some] - parts[:-1, some]
        for number in bank.firsts:
            np.subtract(parts[number, some], parts[0, some], out=apart[number - 1])
        apart *= apart
        np.matmul(apart, _EVEN, out=found[1:, some])
    return found


def _mixed(parts: Floats, edges: Floats) -> Floats:
    """The splines' outputs by weights that go straight from edge to edge, and as a second row what is below these."""
    pairs = np.empty((len(edges), parts.shape[1], 2))
    pairs[..., 0], pairs[..., 1] = edges[:, :-1], edges[:, 1:]
    found = np.empty((2, *parts.shape[1:]))
    for some in _together(parts):
        between = pairs[:, some] @ _LEFT_RIGHT
        weighted = np.multiply(between[:-1], parts[:, some], out=between[:-1])
        np.add.reduce(weighted, axis=0, out=found[0, some])
        found[1, some] = between[-1]
    return found.reshape(2, -1)


def _together(parts: Floats) -> list[slice]:
    """The strides that are looked at at once."""
    return [slice(first, first + TOGETHER_N) for first in range(0, parts.shape[1], TOGETHER_N)]


def _level(values: Floats, noise: Noise) -> Floats:
    """Variance of the noise in each stride: the least, or more where the values' sixth differences are larger."""
    edges = np.concatenate((values[::STRIDE_N], values[-1:]))
    rises = np.abs(edges[1:] - edges[:-1]) / STRIDE_N
    level = noise.variance + (noise.time_sd * rises) ** 2
    moving = (rises > MOVING)[1:]
    if np.count_nonzero(moving) < 4:
        return level
    rough = _rough(values)
    ratio = _stride_means(rough * rough) / level
    pairs = (ratio[1:] + ratio[:-1])[moving] / 2
    return level * max(1.0, NOISE_SCALE * quantile(pairs, NOISE_QUANTILE))


def _rough(values: Floats) -> Floats:
    """Sixth differences; 0 next to the ends."""
    found = np.zeros(len(values))
    found[3:-3] = np.correlate(values, SIXTH, "valid")
    return found


def _long_enough(values: Floats) -> tuple[int, Floats]:
    """The values, and as many turned round before and after them as a bank needs."""
    missing = max(0, kernels.LEAST_N - len(values))
    before = missing // 2
    if not missing:
        return 0, values
    if len(values) == 1:
        return before, np.full(kernels.LEAST_N, values[0])
    return before, np.pad(values, (before, missing - before), mode="reflect", reflect_type="odd")


def _with_whole(each: Floats) -> Floats:
    whole = np.add.reduce(each, axis=1, keepdims=True)
    return (1 - WHOLE_SHARE) * each + WHOLE_SHARE / each.shape[1] * whole


def _stride_means(values: Floats) -> Floats:
    """Means over strides, the last sample repeated to fill the last one."""
    missing = -len(values) % STRIDE_N
    filled = np.concatenate((values, values[-1:].repeat(missing))) if missing else values
    found: Floats = filled.reshape(-1, STRIDE_N) @ _EVEN
    return found


def _over_windows(rows: Floats) -> Floats:
    """Tapered means over WINDOW_N samples, mirrored at the ends."""
    half = WINDOW_N // STRIDE_N // 2
    padded = np.concatenate((rows[:, half:0:-1], rows, rows[:, -2 : -2 - half : -1]), axis=1)
    n = rows.shape[1]
    found = _TAPER[half] * rows
    for before, share in enumerate(_TAPER[:half]):
        after = 2 * half - before
        found += share * (padded[:, before : before + n] + padded[:, after : after + n])
    return found


def _at_edges(strides: Floats) -> Floats:
    """Along the last axis, from strides to the edges between and beside them."""
    middle = (strides[..., 1:] + strides[..., :-1]) / 2
    return np.concatenate((strides[..., :1], middle, strides[..., -1:]), axis=-1)


def cubic(ends: tuple[Floats, Floats], slopes: tuple[Floats, Floats], share: Floats) -> Floats:
    """From one end to the other with these slopes there, per way from end to end: at that share of the way."""
    rise = ends[1] - ends[0]
    bend, twist = 3 * rise - 2 * slopes[0] - slopes[1], slopes[0] + slopes[1] - 2 * rise
    return ends[0] + share * (slopes[0] + share * (bend + share * twist))
