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
from retrorig.measure.kernels import Bank, Floats

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

STRIDE_N = 8
WINDOW_N = 40
"""Risks are taken over so many samples, tapered, and given for each STRIDE_N of them."""

SURE = 7.0
"""A difference of so many times its expected noise is a bend, and makes every stiffer spline wrong."""

WHOLE_SHARE = 0.1
"""The whole record's risk counts so much in each place: what suits all of it is a good guess anywhere."""

CHOSEN_BY_CHANCE = 1.6
"""The mix errs by so much more, mean square, than the risks say from which it was chosen; measured on all walkers."""

SHARPNESS = 2
"""Weights go with this power of 1 / risk."""

NOISE_QUANTILE = 0.4
NOISE_SCALE = 1.15
"""The usual mean square of the plain residuals is this much above their lower quantile; it leaves sudden bends out."""

MOVING = 0.5
"""Counts or codes per sample; at rest a rounded value has no noise."""


class Noise(NamedTuple):
    """What is known of the noise beforehand. floor: least variance of each value. tremble: mean square of slow wobble
    that the values show and the movement has not (units of the values squared)."""

    floor: Floats
    tremble: float


class Smooth(NamedTuple):
    """Smoothed values or slopes (per sample) at each sample, and one standard deviation of their error."""

    values: Floats
    sd: Floats


class Mix(NamedTuple):
    """Weights of the splines at the edges of strides, and the risk of their mix there."""

    weights: Floats
    risk: Floats

    def of(self, rows: Floats) -> Floats:
        """The mix of the splines' outputs."""
        strides_n = self.weights.shape[1] - 1
        parts = _strides(rows, strides_n)
        share = (np.arange(STRIDE_N) + 0.5) / STRIDE_N
        left = np.einsum("ks,ksi->si", self.weights[:, :-1], parts)
        right = np.einsum("ks,ksi->si", self.weights[:, 1:], parts)
        return (left * (1 - share) + right * share).ravel()[: rows.shape[1]]

    def sd(self, n: int) -> Floats:
        """One standard deviation of the mix at each of n samples."""
        return np.interp(np.arange(n) + 0.5, STRIDE_N * np.arange(len(self.risk)), np.sqrt(self.risk))


def smooth(values: Floats, noise: Noise, slope: bool) -> tuple[Smooth, Mix]:
    """Smoothed `values`, or their slopes, of evenly spaced samples; the mix serves values that differ little."""
    before, padded = _long_enough(values)
    floor = np.pad(noise.floor, (before, len(padded) - before - len(values)), mode="edge")
    bank = kernels.bank(CHAINS[slope], slope)
    rows = kernels.outputs(padded, bank.splines, slope)
    mix = _mix(padded, rows, bank, Noise(floor, noise.tremble))
    inside = slice(before, before + len(values))
    return Smooth(mix.of(rows)[inside], mix.sd(len(padded))[inside]), mix


def again(values: Floats, mix: Mix, slope: bool) -> Floats:
    """The same mix for values that were corrected a little."""
    before, padded = _long_enough(values)
    rows = kernels.outputs(padded, kernels.bank(CHAINS[slope], slope).splines, slope)
    return mix.of(rows)[before : before + len(values)]


def _long_enough(values: Floats) -> tuple[int, Floats]:
    """The values, and as many turned round before and after them as a bank needs."""
    missing = max(0, kernels.SEEN_N - len(values))
    before = missing // 2
    if not missing:
        return 0, values
    width = (before, missing - before)
    if len(values) == 1:
        return before, np.pad(values, width, mode="edge")
    return before, np.pad(values, width, mode="reflect", reflect_type="odd")


def _mix(values: Floats, rows: Floats, bank: Bank, noise: Noise) -> Mix:
    n = len(values)
    strides_n = -(-n // STRIDE_N)
    variance = _variance(values, noise)
    level = _means(variance[None], strides_n)
    gains, differences, levels = (
        _means(kernels.spread(each, n), strides_n) for each in (bank.gains, bank.differences, bank.levels)
    )
    expected = differences * level + noise.tremble * differences / np.maximum(levels, 1e-12)
    seen = _over_windows(_means((rows - rows[bank.softer]) ** 2, strides_n))
    seen, expected = (_with_whole(each) for each in (seen, expected))
    bent = np.zeros_like(seen)
    for number, softer in enumerate(bank.softer):
        if softer != number:
            sure = np.sqrt(np.maximum(seen[number] - SURE * expected[number], 0.0))
            bent[number] = (np.sqrt(bent[softer]) + sure) ** 2
    risk = np.maximum(bent, np.maximum(seen - expected, 0.0)) + gains * level + 1e-18
    weights = (risk.min(axis=0) / risk) ** SHARPNESS
    weights /= weights.sum(axis=0)
    return Mix(_at_edges(weights), _at_edges(CHOSEN_BY_CHANCE * np.sum(weights * risk, axis=0)[None])[0])


def _variance(values: Floats, noise: Noise) -> Floats:
    """Of the noise in each value: the floor, raised as far as the plain spline's residuals ask for."""
    plain = kernels.bank(((PLAIN,),), False)
    residual = values - kernels.outputs(values, plain.splines, False)[0]
    left = 1 - 2 * kernels.own_weight(PLAIN) + float(plain.gains[0, -1])
    strides_n = -(-len(values) // STRIDE_N)
    ratio = _means((residual**2 / noise.floor)[None], strides_n)[0] / left
    moving = np.abs(_means(np.gradient(values)[None], strides_n)[0]) > MOVING
    if moving.sum() < 4:
        return noise.floor
    pairs = (ratio[1:] + ratio[:-1])[moving[1:]] / 2
    return noise.floor * max(1.0, NOISE_SCALE * float(np.quantile(pairs, NOISE_QUANTILE)))


def _with_whole(each: Floats) -> Floats:
    return (1 - WHOLE_SHARE) * each + WHOLE_SHARE * each.mean(axis=1, keepdims=True)


def _strides(rows: Floats, strides_n: int) -> Floats:
    missing = strides_n * STRIDE_N - rows.shape[1]
    padded = np.pad(rows, ((0, 0), (0, missing)), mode="edge") if missing else rows
    return padded.reshape(len(rows), strides_n, STRIDE_N)


def _means(rows: Floats, strides_n: int) -> Floats:
    return _strides(rows, strides_n).mean(axis=2)


def _over_windows(rows: Floats) -> Floats:
    """Tapered means over WINDOW_N samples, mirrored at the ends."""
    half = WINDOW_N // STRIDE_N // 2
    taper = np.hanning(2 * half + 3)[1:-1]
    taper /= taper.sum()
    half = min(half, rows.shape[1] - 1)
    padded = np.pad(rows, ((0, 0), (half, half)), mode="reflect")
    found = np.zeros_like(rows)
    for i, weight in enumerate(taper.tolist()):
        found += weight * padded[:, i : i + rows.shape[1]]
    return found


def _at_edges(rows: Floats) -> Floats:
    middle = (rows[:, 1:] + rows[:, :-1]) / 2
    return np.concatenate((rows[:, :1], middle, rows[:, -1:]), axis=1)


def at_places(values: Floats, places: NDArray[np.float64]) -> Floats:
    """Values of evenly spaced samples at places between them, counted in samples: cubic, constant beyond the ends."""
    if len(values) < 2:
        return np.full(len(places), values[0])
    slopes = np.gradient(values)
    places = np.clip(places, 0, len(values) - 1)
    i = np.minimum(places.astype(np.int64), len(values) - 2)
    u = places - i
    return (
        values[i] * (1 + 2 * u) * (1 - u) ** 2
        + slopes[i] * u * (1 - u) ** 2
        + values[i + 1] * u * u * (3 - 2 * u)
        + slopes[i + 1] * u * u * (u - 1)
    )
