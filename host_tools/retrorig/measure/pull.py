"""The pull over time with hindsight, from the load cell's valid conversions, with the converter's filter undone.

A conversion is the mean of the pull over several conversion periods T: n averages of one period in a row shift it by
n T / 2, which the sample's instant has taken out, and round it by n T^2 / 24 times its second derivative, which is put
back here. Only as far as neighbouring second differences agree: beside a sudden step there is nothing to put back, and
a shock shorter than the filter can't be had from it at all; it is told instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure import smooth
from retrorig.measure.conversions import Conversions
from retrorig.measure.kernels import Floats
from retrorig.measure.order import quantile

ROUNDING_CODES2 = 1 / 12
AVERAGES_A_DELAY = 1 / 5
"""Averages of one period for each tenth of a conversion that the filter delays by: half a period each."""

AGREED_TIMES = 3.0
"""A second difference is believed up to so many times the least of its neighbours and itself, if all agree in sign."""

REST_OF_SHARPENING = 0.3
"""One standard deviation of what is put back, as a share of it: higher derivatives are left out."""

SHOCK_DROP = 0.6
SHOCK_REACH_N, SHOCK_BESIDE_N = 2, 5
"""A shock falls by so much of its height within two conversions on both sides; a push of 0.14 s falls by a third."""

SHOCK_MIN_N, SHOCK_MIN_REL = 20.0, 0.2
"""Smaller ones are a line that trembles."""


class Pull(NamedTuple):
    """On the even grid of the conversions: when each was ready, on the board's clock, in order of time.

    newtons: smoothed and sharpened. sd_n: one standard deviation of its error. put_back_n: the part of it that the
    converter's filter had taken. blow_n: beside a peak too short for the converter, what a blow of one conversion
    period must have had to leave so much; 0 elsewhere.
    """

    ready_us: Floats
    newtons: Floats
    sd_n: Floats
    put_back_n: Floats
    blow_n: Floats


def pull_of(conversions: Conversions, delay_tenths: float, zero: int, scale_n: float) -> Pull:
    """The pull of all valid conversions, (codes - `zero`) x `scale_n`; gaps are straight lines."""
    parts, first = [], 0
    for run in conversions.runs:
        after = first + len(run.number)
        sound = conversions.sound[first:after]
        if sound.any():
            known = conversions.code[first:after][sound] - zero
            parts.append(_of_run(run.number[sound], run.grid_us, known.astype(float), delay_tenths, scale_n))
        first = after
    if not parts:
        none = np.empty(0)
        return Pull(none, none, none, none, none)
    return parts[0] if len(parts) == 1 else Pull(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _of_run(number: NDArray[np.int64], grid_us: Floats, codes: Floats, tenths: float, scale_n: float) -> Pull:
    n = len(grid_us)
    every = codes if len(number) == n else np.interp(np.arange(n), number, codes)
    smoothed = smooth.smooth(every, smooth.Noise(ROUNDING_CODES2), slope=False)
    put_back = _sharpening(smoothed.values, tenths * AVERAGES_A_DELAY)
    sd = np.sqrt(smoothed.sd**2 + (REST_OF_SHARPENING * put_back) ** 2)
    newtons = (smoothed.values + put_back) * scale_n
    return Pull(
        grid_us,
        newtons,
        sd * abs(scale_n),
        put_back * scale_n,
        _blows_n(every * scale_n) if tenths else np.zeros(n),
    )


def _sharpening(values: Floats, averages: float) -> Floats:
    """What the filter took: second differences, as far as their neighbours agree."""
    if len(values) < 3:
        return np.zeros(len(values))
    bend = np.zeros(len(values) + 2)
    bend[2:-2] = values[2:] - 2 * values[1:-1] + values[:-2]
    size = np.abs(bend)
    own = size[1:-1]
    least = np.minimum(np.minimum(size[:-2], own), size[2:])
    is_like_next = bend[:-1] * bend[1:] > 0
    agreed = np.copysign(np.minimum(own, AGREED_TIMES * least), bend[1:-1])
    return agreed * (is_like_next[:-1] & is_like_next[1:]) * (-averages / 24)


def _blows_n(newtons: Floats) -> Floats:
    """Where a peak rises and falls as quickly as the filter's own answer to a blow: its area in one conversion."""
    found, reach_n = np.zeros(len(newtons)), SHOCK_REACH_N
    for top, base in _shocks(newtons) if len(newtons) > 2 * SHOCK_BESIDE_N else ():
        near = slice(top - reach_n, top + reach_n + 1)
        found[near] = base + np.maximum(newtons[near] - base, 0.0).sum()
    return found


def _shocks(newtons: Floats) -> Iterator[tuple[int, float]]:
    """Place of each such peak, and the force beside it."""
    n, beside_n = len(newtons), SHOCK_BESIDE_N
    least_n = max(SHOCK_MIN_N, SHOCK_MIN_REL * quantile(newtons, 0.75))
    top, before, after = (
        newtons[beside_n + by : n - beside_n + by] for by in (0, -SHOCK_REACH_N, SHOCK_REACH_N)
    )
    drop = top - np.maximum(before, after)
    for first in (drop > SHOCK_DROP * least_n).nonzero()[0].tolist():
        near = newtons[first : first + 2 * beside_n + 1]
        base = max(near[:beside_n].min(), near[beside_n + 1 :].min())
        height = top[first] - base
        if top[first] >= near.max() and height > least_n and drop[first] > SHOCK_DROP * height:
            yield first + beside_n, float(base)
