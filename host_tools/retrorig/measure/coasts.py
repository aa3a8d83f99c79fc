"""Finds where a belt began to coast on after the last step.

Nobody pulls any more (with a load cell), or the steps have stopped (without one), and the belt only slows down. Who
steps off takes their weight from the belt, so its friction changes: the path x(t) of the coast is led back in time, and
what the belt was off it before goes like (t0 - t)^2, as its speed does not jump. So of the last times at which it was
off by 2 mm and by 8 mm, the first is as long after the second as t0 after the first; t0 is not before the last pull.

The path is the one of a belt with dry friction and friction that grows with speed, dv/dt = -a - b v, which is 1, t and
e^(-b t), or of one that air slows down, dv/dt = -c v^2, which is log(1 + c v0 t); a term t^2 takes the rest. A cubic,
led back from a belt that slows down quickly, was 0.2 s off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.bursts import Bursts
from retrorig.measure.conversions import Conversions
from retrorig.measure.ends import End, Limits
from retrorig.measure.order import deviation, mean, median, quantile
from retrorig.measure.readings import Readings
from retrorig.measure.steps import DEEP_SPEED, Ripple, ripple_grid, seen_steps

Floats = NDArray[np.float64]

COAST_S, COAST_M = 0.7, 0.1
"""A belt that runs on for less is the walk's own stopping."""

PULL_MIN_N, PULL_SHARE, USUAL_SHARE = 3.0, 0.12, 0.75
"""No pull is less than the first over the line at rest, or than a share of the pull in the strongest quarter."""

USED_N = 10.0
"""A line that was used to pull."""

SOUND_SHARE = 0.5
"""Of a set's readings so many show the pull, or it is not asked when it ended: an open input reads anything."""

REST_MIN_N, QUIET_N, TAUT_N = 8, 1.5, 6.0
"""Readings of a slack line after the set show its zero; a line that stays taut is held: nobody has stepped off."""

FREE_S, FREE_STEPS = 0.2, 0.55
"""After the last pull, or in steps after the middle of the last one, nobody touches the belt any more."""

FIT_S = 0.8
"""The part of the coast from then on that is led back."""

SLOWING_PER_S = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
AIR_PER_S = (0.7, 1.5, 3.0)
"""Shares of its speed that friction may take from a belt in a second, b and c v0 above; what fits best is taken."""

OFF_M, OFF_COUNTS = 0.002, 1.5
"""A belt so far beside the path is off it, over a coarse encoder the second."""

FASTER_SHARE, FASTER_MPS = 0.05, 0.01
"""A coasting belt gains no more than this, or than what an encoder's edge may look like."""

STEPS_MISSED = 1.75
"""So many steps' time after the last one the next would have been seen."""

PULL_SD_S, STEP_SD_S = 0.03, 0.09
"""One standard deviation of the moment at which somebody stepped off, by the pull and by the steps alone: of 54 coasts
under dry, viscous and air's friction from 0.6 to 1.6 m/s. Over a coarse encoder the pull's is that of the steps."""


class _Left(NamedTuple):
    """When the last pull or the middle of the last step was, and from when on nobody moves the belt any more."""

    at_s: float
    free_s: float
    sd_s: float


def walked(raw: Readings, conversions: Conversions, limits: Limits) -> Limits:
    """The same limits without a coast at the end, if there was one and nothing else ended the set."""
    if limits.is_fixed:
        return limits
    end = coast_start(raw, conversions, limits)
    if end is None:
        return limits
    return limits._replace(end=end, last=int(np.searchsorted(raw.t_us, end.at_us)))


def coast_start(raw: Readings, conversions: Conversions, limits: Limits) -> End | None:
    """When the last coasting before the end began, on the clock of the raw set; None where none did."""
    start_s, end_s = limits.start.at_us * 1e-6, limits.end.at_us * 1e-6
    bursts = limits.bursts
    left = _pulled_until(raw, conversions, start_s, end_s) or _stepped_until(bursts, start_s, end_s)
    if left is None or end_s - left.at_s < COAST_S:
        return None
    at_s = _led_back(bursts, left, end_s)
    sd_s = STEP_SD_S if _clear_m(bursts) > OFF_M else left.sd_s
    return End(at_s * 1e6, sd_s) if _is_coast(bursts, at_s, end_s) else None


def _pulled_until(raw: Readings, conversions: Conversions, start_s: float, end_s: float) -> _Left | None:
    """When the pull ended for good; None where the line was not used, or the load cell was not to be trusted."""
    sound = conversions.sound
    if not raw.header.get("scale_nn") or np.count_nonzero(sound) <= SOUND_SHARE * len(raw.t_us):
        return None
    at_s = conversions.ready_us[sound] * 1e-6
    at_s = at_s - raw.header.get("delay_conv", 0) / 10 * conversions.period_us * 1e-6
    newtons = (conversions.code[sound] - raw.header["zero"]) * (raw.header["scale_nn"] * 1e-9)
    after_n = newtons[at_s.searchsorted(end_s + 0.5, "right") :]
    rest_n = 0.0
    if len(after_n) >= REST_MIN_N and deviation(after_n) <= QUIET_N and mean(after_n) < TAUT_N:
        rest_n = mean(after_n)
    inside = slice(at_s.searchsorted(start_s), at_s.searchsorted(end_s, "right"))
    at_s, newtons = at_s[inside], newtons[inside] - rest_n
    usual_n = quantile(newtons, USUAL_SHARE) if len(newtons) else 0.0
    if usual_n < USED_N:
        return None
    pulled = newtons > max(PULL_MIN_N, PULL_SHARE * usual_n)
    last_s = float(at_s[::-1][pulled[::-1].argmax()])
    return _Left(last_s, last_s + FREE_S, PULL_SD_S)


def _stepped_until(bursts: Bursts, start_s: float, end_s: float) -> _Left | None:
    """When the last step was, if another one would have been seen since."""
    grid_s = ripple_grid(start_s, end_s)
    pace_mps = np.interp(grid_s, bursts.t_s, bursts.pace_mps)
    clear_mps = max(FASTER_MPS, bursts.rest_mps)
    steps_s = seen_steps(Ripple(grid_s, pace_mps, clear_mps, DEEP_SPEED))
    if len(steps_s) < 3:
        return None
    usual_s = median(np.diff(steps_s))
    last_s = float(steps_s[-1])
    if end_s - last_s <= max(COAST_S, STEPS_MISSED * usual_s):
        return None
    return _Left(last_s, last_s + FREE_STEPS * usual_s, STEP_SD_S)


def _led_back(bursts: Bursts, left: _Left, end_s: float) -> float:
    """The beginning, when somebody left the belt, of the coast that goes on after it."""
    left_s, free_s, _ = left
    t_s, x_m = bursts.t_s, bursts.x_m
    fitted = (t_s > free_s) & (t_s < min(free_s + FIT_S, end_s - 0.1))
    if np.sum(fitted) < REST_MIN_N:
        return left_s
    near = (t_s > left_s - FREE_S) & (t_s < free_s)
    off_m = np.abs(x_m[near] - _path_m(t_s[fitted] - left_s, x_m[fitted], t_s[near] - left_s))
    clear_m = _clear_m(bursts)
    once_s, four_s = (t_s[near][off_m > level] for level in (clear_m, 4 * clear_m))
    if not len(four_s):
        return left_s
    return min(max(left_s, float(2 * once_s[-1] - four_s[-1])), free_s)


def _clear_m(bursts: Bursts) -> float:
    return max(OFF_M, OFF_COUNTS * bursts.count_m)


def _path_m(t_s: Floats, x_m: Floats, at_s: Floats) -> Floats:
    """Where a belt that coasts through these places is at other times."""
    path_m, least = at_s, np.inf
    for terms, then in zip(_shapes(t_s), _shapes(at_s), strict=True):
        weights = np.linalg.lstsq(terms, x_m)[0]
        off = float(np.sum((terms @ weights - x_m) ** 2))
        if off < least:
            path_m, least = then @ weights, off
    return path_m


def _shapes(t_s: Floats) -> Iterator[Floats]:
    """The terms of the path under each friction, in columns."""
    slowed = [np.exp(-slowing * t_s) for slowing in SLOWING_PER_S]
    slowed += [np.log1p(air * (t_s + FREE_S)) for air in AIR_PER_S]
    for term in slowed:
        yield np.stack((np.ones_like(t_s), t_s, t_s**2, term), axis=1)


def _is_coast(bursts: Bursts, at_s: float, end_s: float) -> bool:
    """Whether the belt ran on for a while from there, slower and slower."""
    if end_s - at_s < COAST_S:
        return False
    inside = (bursts.t_s > at_s + bursts.pace_s) & (bursts.t_s < end_s)
    pace_mps = bursts.pace_mps[inside]
    if len(pace_mps) < REST_MIN_N or bursts.x_m[inside][-1] - bursts.x_m[inside][0] < COAST_M:
        return False
    gained_mps = float(np.max(pace_mps - np.minimum.accumulate(pace_mps)))
    return gained_mps <= max(FASTER_MPS, FASTER_SHARE * float(pace_mps[0]), bursts.rest_mps)
