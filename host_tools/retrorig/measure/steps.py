"""Finds steps: the pushes that ripple through the pull, or where there is no force, through the belt's speed.

1. The period over time, by autocorrelation (rhythm.py). Of an even gait it is a step, of a limp it is a stride.
2. Time is stretched so that each period takes as long as the next, and the ripple is smoothed over a small part of it.
   Two maxima a period with a deep minimum between them are the two steps of a stride; shallow ones are the humps of
   one push, and smoothing over more of the period makes them one.
3. Each maximum that stands out from its neighbours is a step (swings.py).
4. The first and the last push hide in the rise and fall of the pull: where the rhythm leaves room for a whole step
   between the first one found and the start of movement, or the last one and its end, it is counted; gait.py takes
   those back in which the belt only ran out.

Who stands between steps needs no rhythm: each time that the belt runs is a step (find_lurches).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.order import mean, median, quantile, windows_of, with_edges
from retrorig.measure.rhythm import GRID_S, period_times_s, without_trend
from retrorig.measure.swings import outstanding, parted, turning_points

Floats = NDArray[np.float64]
RATE_MIN_HZ = 30.0
"""Eight samples in the quickest step, less is too few for its maximum and for the filter's own delay."""

SHORTEST_S = 1.5
PER_PERIOD_N = 48
TOGETHER_N = 32
"""Periods that are smoothed at once: numpy has products of larger matrices done by threads that wait for each other."""

SMOOTH_PERIODS, LIGHT_PERIODS = 0.16, 0.045
STANDS_OUT = 0.3
"""A maximum rises over the minima beside it by this much of the usual ripple."""

DEEP_PULL, DEEP_SPEED = 0.45, 0.15
"""Two maxima in a period are two steps if the minimum between them goes down by so much of the lower one's height. A
push of one leg has two humps with a shallower one in the pull; a belt's speed has none, its mass sees to that."""

TWICE = 2
"""Two maxima in a period must swing by so many times the smallest swing that is no noise."""

TWO_STEPS = 1.5
"""Deep maxima a period from which on it is a stride."""

ROOM_STEPS = 1.25
"""From a step back to the start of movement, when one more push fits between; its own rise takes a quarter step."""

HIDDEN_MAX_N = 2
APART_STEPS = 0.4
"""Nearer to the next one than this, it is that one."""

REGULAR = (0.5, 1.6)
"""A step may take this much of what the rhythm says; longer is a pause."""

REGULAR_SHARE = 0.7
"""So many of the steps must be regular, or it was no walk."""

STOOD_SHARE, LURCH_MIN_MPS = 0.25, 0.02
"""Between two lurches the belt is slower than this share of the fast ones' peak. No lurch is slower than the second."""

RESTED_SHARE, SLOW_SHARE = 0.08, 0.2
"""A lurch from one real rest to the next counts from the second share of that peak on, any other from twice
STOOD_SHARE: the first push of a sled hardly moves it."""


@dataclass(frozen=True)
class Ripple:
    """A signal while the belt moved, on an even grid of GRID_S; `floor` is the smallest swing that is no noise.

    deep: share of a maximum's height that parts two steps. beside_s: so much of it at each end is beside the set.
    """

    time_s: Floats
    value: Floats
    floor: float
    deep: float = DEEP_PULL
    beside_s: float = 0.0


def ripple_grid(start_s: float, end_s: float) -> Floats:
    """The times at which a ripple is taken."""
    return np.arange(start_s, end_s, GRID_S)


def find_steps(ripple: Ripple) -> Floats:
    """Times of the steps, seconds; empty where there is no rhythm."""
    return steps_and_last_seen(ripple)[0]


def steps_and_last_seen(ripple: Ripple) -> tuple[Floats, float]:
    """The same, and the last one that was seen: those after it were added because the rhythm leaves room for them."""
    found = _find(ripple)
    if found is None:
        return np.empty(0), 0.0
    steps, phase, per_period = found
    ends_s = ripple.time_s[0] + ripple.beside_s, ripple.time_s[-1] - ripple.beside_s
    inside = np.interp(ends_s, ripple.time_s, phase)
    every = _with_hidden(steps, inside, per_period)
    times_s = np.interp(every, phase, ripple.time_s)
    return times_s, float(times_s[every.searchsorted(steps[-1])])


def seen_steps(ripple: Ripple) -> Floats:
    """The same without steps that were only added because the rhythm leaves room for them."""
    found = _find(ripple)
    return np.empty(0) if found is None else np.interp(found[0], found[1], ripple.time_s)


def _find(ripple: Ripple) -> tuple[Floats, Floats, int] | None:
    """Steps in periods since the start, the period's number at each point of the grid, and how many steps it has."""
    if len(ripple.time_s) * GRID_S < SHORTEST_S:
        return None
    period_s = period_times_s(ripple.value)
    if period_s is None:
        return None
    phase = np.zeros(len(period_s))
    (GRID_S / period_s[:-1]).cumsum(out=phase[1:])
    even = np.arange(0, phase[-1], 1 / PER_PERIOD_N)
    value = np.interp(even, phase, ripple.value)
    stride_n = TWO_STEPS * phase[-1]
    places = parted(_wave(value, LIGHT_PERIODS), TWICE * ripple.floor, ripple.deep, stride_n)
    per_period = 2 if len(places) > stride_n else 1
    if per_period == 1:
        places = outstanding(_wave(value, SMOOTH_PERIODS), ripple.floor, STANDS_OUT)
    steps = even[places]
    if len(steps) < 3 or mean(is_regular((steps[1:] - steps[:-1]) * per_period)) < REGULAR_SHARE:
        return None
    return steps, phase, per_period


def find_lurches(ripple: Ripple) -> Floats:
    """Times at which a belt that stands between steps was fastest; empty where it runs on from step to step."""
    values = ripple.value
    peak = quantile(values, 0.95) if len(values) else 0.0
    if peak < LURCH_MIN_MPS:
        return np.empty(0)
    places = turning_points(values)
    lows = places[values[places] < STOOD_SHARE * peak]
    firsts = lows if len(lows) and lows[0] == 0 else np.concatenate(([0], lows))
    ends = np.concatenate((firsts[1:], [len(values)]))
    beside = np.maximum(values[firsts], values[np.minimum(ends, len(values) - 1)])
    rested = beside < RESTED_SHARE * peak
    wanted = np.where(rested, max(SLOW_SHARE * peak, LURCH_MIN_MPS), 2 * STOOD_SHARE * peak)
    fast = np.maximum.reduceat(values, firsts) > wanted
    runs = zip(firsts[fast].tolist(), ends[fast].tolist(), strict=True)
    return ripple.time_s[[first + int(values[first:after].argmax()) for first, after in runs]]


def usual_step_s(step_s: Floats) -> float:
    """The usual time from step to step: half a usual stride, as in a limp every other step is shorter; three steps."""
    return median(step_s[2:] - step_s[:-2]) / 2


def is_regular(relative: Floats) -> NDArray[np.bool_]:
    """Which times between steps, relative to the usual one, are those of one step after the other."""
    return (relative >= REGULAR[0]) & (relative <= REGULAR[1])


def _with_hidden(steps: Floats, inside: Floats, per_period: int) -> Floats:
    """Adds the steps at both ends; `steps`, and the begin and end of movement in `inside`, are counted in periods."""
    before = _hidden(steps, steps[0] - inside[0], per_period)
    after = _hidden(-steps[::-1], inside[1] - steps[-1], per_period)[::-1]
    return np.concatenate((before, steps, -after))


def _hidden(steps: Floats, room: float, per_period: int) -> Floats:
    """Steps before the first one that was seen, each a period before one that was; `room` is from there to the end."""
    known = steps.tolist()
    first = known[0]
    for _ in range(HIDDEN_MAX_N):
        earlier = known[per_period - 1] - 1
        if (
            known[0] - earlier < APART_STEPS / per_period
            or first - earlier > room - (ROOM_STEPS - 1) / per_period
        ):
            break
        known.insert(0, earlier)
    return np.array(known[: known.index(first)])


def _wave(even: Floats, smooth_periods: float) -> Floats:
    """The ripple smoothed over a part of a period, the mean over a period taken away."""
    bells = _bells(smooth_periods)
    beside_n = (PER_PERIOD_N + len(bells)) // 2
    periods = windows_of(with_edges(even, beside_n)[PER_PERIOD_N:], len(bells), PER_PERIOD_N)
    parts = [periods[first : first + TOGETHER_N] @ bells for first in range(0, len(periods), TOGETHER_N)]
    return without_trend(np.concatenate(parts).ravel()[: len(even)], PER_PERIOD_N)


@cache
def _bells(smooth_periods: float) -> Floats:
    """What makes a smoothed period of a period and what is beside it: several times as quick as numpy's convolution."""
    reach = round(3 * smooth_periods * PER_PERIOD_N)
    x = np.arange(-reach, reach + 1) / (smooth_periods * PER_PERIOD_N)
    bell = np.exp(-x * x / 2)
    found = np.zeros((PER_PERIOD_N + 2 * reach, PER_PERIOD_N))
    for place in range(PER_PERIOD_N):
        found[place : place + len(bell), place] = bell / bell.sum()
    return found
