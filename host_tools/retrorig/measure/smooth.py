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
            (4, 8.0),
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

MOVING = 0.5
"""Counts or codes per sample; at rest a rounded value has no noise."""


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
    rows = kernels.outputs(padded, bank.splines, slope)
    plain = kernels.outputs(padded, (PLAIN,), False)[0] if slope else rows[bank.splines.index(PLAIN)]
    variance = _variance(padded, plain, floor)
    parts = _strides(rows)
    weights, risk = _weighed(parts, bank, _strides(variance[None]).mean(axis=2), noise.tremble, len(padded))
    places = np.arange(len(padded)) + 0.5
    sd = np.interp(places, STRIDE_N * np.arange(len(risk)), np.sqrt(risk))
    inside = slice(before, before + len(values))
    return Smooth(_mixed(parts, weights)[inside], sd[inside])


def rough_slope(values: Floats) -> Floats:
    """Slopes per sample by one soft spline."""
    before, padded = _long_enough(values)
    return kernels.outputs(padded, (ROUGH,), True)[0, before : before + len(values)]


def _weighed(parts: Floats, bank: Bank, level: Floats, tremble: float, n: int) -> tuple[Floats, Floats]:
    """At the edges of strides: weights of the splines, and the risk of their mix. level: the noise's variance."""
    gains, differences, levels = (
        kernels.spread(each, n) for each in (bank.gains, bank.differences, bank.levels)
    )
    expected = _with_whole(differences * level + tremble * differences / np.maximum(levels, 1e-12))
    apart = parts - parts[bank.softer]
    seen = _with_whole(_over_windows(np.einsum("ksi,ksi->ks", apart, apart) / STRIDE_N))
    sure = np.sqrt(np.maximum(seen - SURE * expected, 0.0))
    bent = np.zeros_like(seen)
    for number, softer in enumerate(bank.softer.tolist()):
        if softer != number:
            bent[number] = bent[softer] + sure[number]
    risk = np.maximum(bent * bent, np.maximum(seen - expected, 0.0)) + gains * level + 1e-18
    weights = (risk.min(axis=0) / risk) ** SHARPNESS
    weights /= weights.sum(axis=0)
    return _at_edges(weights), _at_edges(CHOSEN_BY_CHANCE * np.sum(weights * risk, axis=0)[None])[0]


def _mixed(parts: Floats, weights: Floats) -> Floats:
    """The splines' outputs by weights that go straight from edge to edge."""
    share = (np.arange(STRIDE_N) + 0.5) / STRIDE_N
    left = np.einsum("ks,ksi->si", weights[:, :-1], parts)
    right = np.einsum("ks,ksi->si", weights[:, 1:], parts)
    return (left * (1 - share) + right * share).ravel()


def _variance(values: Floats, plain: Floats, floor: Floats) -> Floats:
    """Variance of the noise in each value: the floor, or more where the plain spline's residuals are larger."""
    residual = values - plain
    gain = float(kernels.bank(((PLAIN,),), False).gains[0, -1])
    left = 1 - 2 * kernels.own_weight(PLAIN) + gain
    ratio = _strides((residual * residual / floor)[None]).mean(axis=2)[0] / left
    edges = values[::STRIDE_N]
    moving = np.abs(np.diff(np.append(edges, values[-1]))) > MOVING * STRIDE_N
    if moving.sum() < 4:
        return floor
    pairs = (ratio[1:] + ratio[:-1])[moving[1:]] / 2
    return floor * max(1.0, NOISE_SCALE * quantile(pairs, NOISE_QUANTILE))


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
    return (1 - WHOLE_SHARE) * each + WHOLE_SHARE * each.mean(axis=1, keepdims=True)


def _strides(rows: Floats) -> Floats:
    """The rows cut into strides, the last sample repeated to fill the last one."""
    missing = -rows.shape[1] % STRIDE_N
    if missing:
        rows = np.concatenate((rows, np.repeat(rows[:, -1:], missing, axis=1)), axis=1)
    return rows.reshape(len(rows), -1, STRIDE_N)


def _over_windows(rows: Floats) -> Floats:
    """Tapered means over WINDOW_N samples, mirrored at the ends."""
    half = WINDOW_N // STRIDE_N // 2
    padded = np.concatenate((rows[:, half:0:-1], rows, rows[:, -2 : -2 - half : -1]), axis=1)
    n = rows.shape[1]
    found = _TAPER[0] * padded[:, :n]
    for number, share in enumerate(_TAPER[1:], 1):
        found += share * padded[:, number : number + n]
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
