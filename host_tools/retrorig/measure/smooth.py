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
from numpy.typing import NDArray

from retrorig.measure import kernels
from retrorig.measure.kernels import STRIDE_N, Bank, Floats
from retrorig.measure.order import quantile

CHAINS = {
    True: (
        ((3, -1.5), (3, 0.0), (3, 1.5)),
        ((3, -1.5), (2, -2.5)),
        ((3, -1.5), (2, -1.0), (2, 0.5)),
        (
            (3, -1.5),
            (4, -1.0),
            (4, 0.0),
            (4, 1.0),
            (4, 2.0),
            (4, 3.0),
            (4, 4.0),
            (4, 5.0),
            (4, 6.0),
            (4, 7.0),
            (4, 7.5),
        ),
    ),
    False: (
        ((3, -5.0), (2, -2.5), (2, -1.0), (2, 0.5)),
        (
            (3, -5.0),
            (3, -3.0),
            (3, -1.5),
            (4, -1.0),
            (4, 0.0),
            (4, 1.0),
            (4, 2.0),
            (4, 3.0),
            (4, 4.0),
            (4, 5.0),
        ),
    ),
}
"""Orders and stiffnesses for slopes (True) and values. Orders 3 and 4 suffice for smooth movement, 2 follows kinks.

The softest follows every value: for slopes as far as the noise allows to learn something from it."""

PLAIN = (3, -1.5)
"""The spline whose residuals show the noise: soft enough for a push that lasts six samples."""

ROUGH = (3, 0.5)
"""Follows any movement to within what a late reading may be off; lets through a third of a count a sample."""

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

NOISE_QUANTILE = 0.4
NOISE_SCALE = 0.8
"""The noise is taken for this much of a lower quantile of the plain residuals' mean squares, as bends are in them, too:
what is too little costs a few percent, too much smooths pushes away."""

TOGETHER_N = 256
"""Strides that are compared at once: as many as the processor's cache holds of all splines."""

MOVING = 0.5
"""Counts or codes per sample; at rest a rounded value has no noise."""


_SHARE = (np.arange(STRIDE_N) + 0.5) / STRIDE_N
_TAPER = np.hanning(WINDOW_N // STRIDE_N + 2)[1:-1] / np.hanning(WINDOW_N // STRIDE_N + 2)[1:-1].sum()


class Noise(NamedTuple):
    """What is known of the noise beforehand. floor: least variance of each value. tremble: mean square of slow wobble
    that the values show and the movement has not (units of the values squared)."""

    floor: Floats
    tremble: float


class Smooth(NamedTuple):
    """Smoothed values or slopes (per sample) at each sample, and one standard deviation of their error."""

    values: Floats
    sd: Floats


def smooth(values: Floats, noise: Noise, slope: bool) -> Smooth:
    """Smoothed `values`, or their slopes, of evenly spaced samples."""
    before, padded = _long_enough(values)
    floor = noise.floor
    if len(padded) > len(values):
        floor = np.pad(floor, (before, len(padded) - before - len(values)), mode="edge")
    bank = kernels.bank(CHAINS[slope], slope)
    series = kernels.series_of(padded)
    rows = kernels.outputs(series, bank.splines, slope)
    plain = kernels.outputs(series, (PLAIN,), False)[0] if slope else rows[bank.splines.index(PLAIN)]
    parts = rows.reshape(len(rows), -1, STRIDE_N)
    level = _level(padded, plain[: len(padded)], floor)
    weights, risk = _weighed(parts, bank, level, noise.tremble, len(padded))
    inside = slice(before, before + len(values))
    return Smooth(_mixed(parts, weights)[inside], _between(np.sqrt(risk)).ravel()[inside])


def rough_slope(values: Floats) -> Floats:
    """Slopes per sample by one soft spline."""
    before, padded = _long_enough(values)
    return kernels.outputs(kernels.series_of(padded), (ROUGH,), True)[0, before : before + len(values)]


def _weighed(parts: Floats, bank: Bank, level: Floats, tremble: float, n: int) -> tuple[Floats, Floats]:
    """At the edges of strides: weights of the splines, and the risk of their mix. level: the noise's variance."""
    gains, differences, trembles = kernels.spread(bank.noise, n)
    expected = _with_whole(differences * level + tremble * trembles)
    seen = _with_whole(_over_windows(_mean_squares_apart(parts, bank)))
    bent = np.sqrt(np.maximum(seen - SURE * expected, 0.0))
    for rows in bank.branches:
        bent[rows].cumsum(axis=0, out=bent[rows])
    risk = np.maximum(bent * bent, np.maximum(seen - expected, 0.0)) + gains * level + 1e-18
    weights = (risk.min(axis=0) / risk) ** SHARPNESS
    weights /= weights.sum(axis=0)
    return _at_edges(weights), _at_edges(CHOSEN_BY_CHANCE * (weights * risk).sum(axis=0))


def _mean_squares_apart(parts: Floats, bank: Bank) -> Floats:
    """In each stride, how far each spline is from the softer one that it is compared with."""
    found = np.empty(parts.shape[:2])
    for first in range(0, parts.shape[1], TOGETHER_N):
        some = slice(first, first + TOGETHER_N)
        apart = parts[:, some] - parts[bank.softer, some]
        np.einsum("ksi,ksi->ks", apart, apart, out=found[:, some])
    found /= STRIDE_N
    return found


def _mixed(parts: Floats, weights: Floats) -> Floats:
    """The splines' outputs by weights that go straight from edge to edge."""
    left = np.einsum("ks,ksi->si", weights[:, :-1], parts)
    right = np.einsum("ks,ksi->si", weights[:, 1:], parts)
    return (left * (1 - _SHARE) + right * _SHARE).ravel()


def _between(edges: Floats) -> Floats:
    """Straight from edge to edge: a row for each stride."""
    left, right = edges[:-1, None], edges[1:, None]
    return left * (1 - _SHARE) + right * _SHARE


def _level(values: Floats, plain: Floats, floor: Floats) -> Floats:
    """Variance of the noise in each stride: the floor, or more where the plain spline's residuals are larger."""
    residual = values - plain
    gain = float(kernels.bank(((PLAIN,),), False).noise[0, 0, -1])
    left = 1 - 2 * kernels.own_weight(PLAIN) + gain
    level, ratio = _stride_means(np.array((floor, residual * residual / floor)))
    edges = np.concatenate((values[::STRIDE_N], values[-1:]))
    moving = np.abs(np.diff(edges)) > MOVING * STRIDE_N
    if np.count_nonzero(moving) < 4:
        return level
    pairs = (ratio[1:] + ratio[:-1])[moving[1:]] / (2 * left)
    return level * max(1.0, NOISE_SCALE * quantile(pairs, NOISE_QUANTILE))


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
    return (1 - WHOLE_SHARE) * each + WHOLE_SHARE / each.shape[1] * each.sum(axis=1, keepdims=True)


def _stride_means(rows: Floats) -> Floats:
    """Means over strides, the last sample repeated to fill the last one."""
    missing = -rows.shape[1] % STRIDE_N
    if missing:
        rows = np.concatenate((rows, np.repeat(rows[:, -1:], missing, axis=1)), axis=1)
    return rows.reshape(len(rows), -1, STRIDE_N).sum(axis=2) / STRIDE_N


def _over_windows(rows: Floats) -> Floats:
    """Tapered means over WINDOW_N samples, mirrored at the ends."""
    half = WINDOW_N // STRIDE_N // 2
    padded = np.concatenate((rows[:, half:0:-1], rows, rows[:, -2 : -2 - half : -1]), axis=1)
    n = rows.shape[1]
    found = _TAPER[0] * padded[:, :n]
    for number, share in enumerate(_TAPER[1:], 1):
        found += share * padded[:, number : number + n]
    return found


def _at_edges(strides: Floats) -> Floats:
    """Along the last axis, from strides to the edges between and beside them."""
    middle = (strides[..., 1:] + strides[..., :-1]) / 2
    return np.concatenate((strides[..., :1], middle, strides[..., -1:]), axis=-1)


def at_places(values: Floats, places: NDArray[np.float64]) -> Floats:
    """Values of evenly spaced samples at places between them, counted in samples: cubic, constant beyond the ends."""
    if len(values) < 2:
        return np.full(len(places), values[0])
    slopes = np.gradient(values)
    places = places.clip(0, len(values) - 1)
    i = np.minimum(places.astype(np.int64), len(values) - 2)
    return cubic((values[i], values[i + 1]), (slopes[i], slopes[i + 1]), places - i)


def cubic(ends: tuple[Floats, Floats], slopes: tuple[Floats, Floats], share: Floats) -> Floats:
    """From one end to the other with these slopes there, per way from end to end: at that share of the way."""
    rise = ends[1] - ends[0]
    bend, twist = 3 * rise - 2 * slopes[0] - slopes[1], slopes[0] + slopes[1] - 2 * rise
    return ends[0] + share * (slopes[0] + share * (bend + share * twist))
