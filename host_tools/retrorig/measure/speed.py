"""The belt's speed over time with hindsight, from counts and the times they were read at.

A count is exact but rounded, and read a little late or, when the board was busy, up to some milliseconds late. The
movement meanwhile is taken out by the speed itself, so that the splines (smooth.py) get evenly spaced places.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure import smooth, timebase
from retrorig.measure.kernels import Floats

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
    borders = [(a.grid_us[-1] + b.grid_us[0]) / 2 for a, b in zip(found, found[1:])]
    which = np.searchsorted(borders, at_us)
    speed, sd = np.zeros(len(at_us)), np.zeros(len(at_us))
    for number, stretch in enumerate(found):
        here = which == number
        places = np.interp(at_us[here], stretch.grid_us, np.arange(len(stretch.grid_us)))
        speed[here] = smooth.at_places(stretch.speed, places)
        sd[here] = np.interp(places, np.arange(len(stretch.sd)), stretch.sd)
    return speed, sd


def _stretch(run: timebase.Run, t_us: Floats, count: Floats) -> Stretch:
    n = len(run.grid_us)
    if n < 2:
        return Stretch(run.grid_us, np.zeros(n), np.zeros(n))
    period_s = (run.grid_us[-1] - run.grid_us[0]) / (n - 1) * 1e-6
    places = _places(run.grid_us, t_us, count)
    rough = smooth.rough_slope(places)
    late = (t_us - run.grid_us[run.number]) * 1e-6 / period_s
    bend = np.gradient(rough)[run.number]
    places[run.number] = count - late * (rough[run.number] + bend * late / 2)
    noise_counts = TIME_SD_S / period_s * rough
    noise = smooth.Noise(ROUNDING_COUNTS2 + noise_counts**2, TREMBLE_COUNTS2)
    found = smooth.smooth(places, noise, slope=True)
    return Stretch(run.grid_us, found.values / period_s, found.sd / period_s)


def _places(grid_us: Floats, t_us: Floats, count: Floats) -> Floats:
    """Counts at the grid's times: cubic between readings, straight beyond them."""
    steps = np.maximum(np.diff(t_us), 1.0)
    rises = np.diff(count)
    slopes = rises / steps
    middle = (slopes[:-1] * steps[1:] + slopes[1:] * steps[:-1]) / (steps[1:] + steps[:-1])
    at = np.concatenate((slopes[:1], middle, slopes[-1:]))
    i = (np.searchsorted(t_us, grid_us) - 1).clip(0, len(t_us) - 2)
    step = steps[i]
    share = (grid_us - t_us[i]) / step
    inner = share.clip(0, 1)
    between = smooth.cubic((count[i], count[i + 1]), (step * at[i], step * at[i + 1]), inner)
    return between + (share - inner) * rises[i]
