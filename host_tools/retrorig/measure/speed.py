"""The belt's speed over time with hindsight, from counts and the times they were read at.

A count is exact but rounded, and read a little late or, when the board was busy, up to some milliseconds late. Where
the belt was at the even beat of the converter is read off a cubic from reading to reading, for the splines (smooth.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure import smooth, timebase
from retrorig.measure.kernels import Floats
from retrorig.measure.order import slopes

Ints = NDArray[np.int64]

ROUNDING_COUNTS2 = 1.3 / 12
"""Variance of a count: rounding, and edges of the encoder's marks that are not where they should be."""

TREMBLE_COUNTS2 = 0.003
"""Slow wobble that is no movement: a belt trembles, a rounded place that moves slowly is wrong for long."""

TIME_SD_S = 5e-6
"""A reading's time is kept to 16 us, and the count is read 8 to 15 us after the clock."""


class Stretch(NamedTuple):
    """Speed on the grid of one run of readings: counts a second, and one standard deviation."""

    grid_us: Floats
    speed: Floats
    sd: Floats


def stretches(t_us: Ints, count: Ints, runs: list[timebase.Run] | None = None) -> list[Stretch]:
    """The speed in each run of readings without a long gap; `runs` where they are known already."""
    found, first = [], 0
    for run in timebase.even_runs(t_us) if runs is None else runs:
        after = first + len(run.number)
        found.append(_stretch(run, t_us[first:after].astype(float), count[first:after].astype(float)))
        first = after
    return found


def speed_at(found: list[Stretch], at_us: Floats) -> tuple[Floats, Floats]:
    """Counts a second and one standard deviation at any times; in a gap the nearer end's."""
    if not found:
        return np.zeros(len(at_us)), np.zeros(len(at_us))
    if len(found) == 1:
        return _at(found[0], at_us)
    borders = [(a.grid_us[-1] + b.grid_us[0]) / 2 for a, b in zip(found, found[1:])]
    which = np.searchsorted(borders, at_us)
    speed, sd = np.zeros(len(at_us)), np.zeros(len(at_us))
    for number, stretch in enumerate(found):
        here = which == number
        speed[here], sd[here] = _at(stretch, at_us[here])
    return speed, sd


def _at(stretch: Stretch, at_us: Floats) -> tuple[Floats, Floats]:
    """Speed, cubic, and its standard deviation, straight between samples; constant beyond the ends."""
    n, speed, sd = len(stretch.speed), stretch.speed, stretch.sd
    if n < 2:
        return np.full(len(at_us), speed[0]), np.full(len(at_us), sd[0])
    places = np.interp(at_us, stretch.grid_us, np.arange(n))
    i = np.minimum(places.astype(np.int64), n - 2)
    after, share, bends = i + 1, places - i, slopes(speed)
    found = smooth.cubic((speed[i], speed[after]), (bends[i], bends[after]), share)
    before_sd = sd[i]
    return found, before_sd + share * (sd[after] - before_sd)


def _stretch(run: timebase.Run, t_us: Floats, count: Floats) -> Stretch:
    n = len(run.grid_us)
    if n < 2:
        return Stretch(run.grid_us, np.zeros(n), np.zeros(n))
    period_s = (run.grid_us[-1] - run.grid_us[0]) / (n - 1) * 1e-6
    noise = smooth.Noise(ROUNDING_COUNTS2, TIME_SD_S / period_s, TREMBLE_COUNTS2)
    found = smooth.smooth(_places(run, t_us, count), noise, slope=True)
    return Stretch(run.grid_us, found.values / period_s, found.sd / period_s)


def _places(run: timebase.Run, t_us: Floats, count: Floats) -> Floats:
    """Counts at the grid's times: cubic between readings, straight beyond them."""
    grid_us = run.grid_us
    steps = np.maximum(t_us[1:] - t_us[:-1], 1.0)
    paces = (count[1:] - count[:-1]) / steps
    middle = (paces[:-1] * steps[1:] + paces[1:] * steps[:-1]) / (steps[1:] + steps[:-1])
    at = np.concatenate((paces[:1], middle, paces[-1:]))
    is_whole = len(grid_us) == len(t_us)  # each conversion was read, mostly a little later than it was ready
    i = run.number - (t_us >= grid_us) if is_whole else t_us.searchsorted(grid_us) - 1
    i = np.minimum(np.maximum(i, 0), len(t_us) - 2)
    after, step = i + 1, steps[i]
    share = (grid_us - t_us[i]) / step
    inner = np.minimum(np.maximum(share, 0), 1)
    before_counts, after_counts = count[i], count[after]
    between = smooth.cubic((before_counts, after_counts), (step * at[i], step * at[after]), inner)
    return between + (share - inner) * (after_counts - before_counts)
