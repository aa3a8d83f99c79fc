"""Finds where a belt began to coast on after the last step.

Nobody pulls any more (with a load cell), or the steps have stopped (without one), and the belt only slows down. Who
steps off takes their weight from the belt, so its friction changes: the path x(t) of the coast, a cubic, is led back in
time, and what the belt was off it before goes like (t0 - t)^2, as its speed does not jump. So of the last times at
which it was off by 2 mm and by 8 mm, the first is as long after the second as t0 after the first; t0 is not before the
last pull.
"""

from __future__ import annotations

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

REST_MIN_N, QUIET_N, TAUT_N = 8, 1.5, 6.0
"""Readings of a slack line after the set show its zero; a line that stays taut is held: nobody has stepped off."""

FIT_S = (0.2, 0.8)
"""After the last pull or step: the part of the coast that is led back."""

OFF_M = 0.002
FASTER_SHARE, FASTER_MPS = 0.05, 0.01
"""A coasting belt gains no more than this."""

STEPS_MISSED = 1.75
"""So many steps' time after the last one the next would have been seen."""


SD_S = 0.03
"""One standard deviation of the moment at which somebody stepped off."""


def walked(raw: Readings, conversions: Conversions, limits: Limits) -> Limits:
    """The same limits without a coast at the end, if there was one and nothing else ended the set."""
    if limits.is_fixed:
        return limits
    at_s = coast_start_s(raw, conversions, limits)
    if at_s is None:
        return limits
    last = int(np.searchsorted(raw.t_us, at_s * 1e6))
    return limits._replace(end=End(at_s * 1e6, SD_S), last=last)


def coast_start_s(raw: Readings, conversions: Conversions, limits: Limits) -> float | None:
    """When the last coasting before the end began, on the clock of the raw set in seconds; None where none did."""
    start_s, end_s = limits.start.at_us * 1e-6, limits.end.at_us * 1e-6
    bursts = limits.bursts
    left_s = _pulled_until(raw, conversions, start_s, end_s)
    if left_s is None:
        left_s = _stepped_until(bursts, start_s, end_s)
    if left_s is None or end_s - left_s < COAST_S:
        return None
    at_s = _led_back(bursts, left_s, end_s)
    return at_s if _is_coast(bursts, at_s, end_s) else None


def _pulled_until(raw: Readings, conversions: Conversions, start_s: float, end_s: float) -> float | None:
    """When the pull ended for good; None where the line was not used."""
    sound = conversions.sound
    if not raw.header.get("scale_nn") or not sound.any():
        return None
    at_s = conversions.ready_us[sound] * 1e-6
    at_s = at_s - raw.header.get("delay_conv", 0) / 10 * conversions.period_us * 1e-6
    newtons = (conversions.code[sound] - raw.header["zero"]) * (raw.header["scale_nn"] * 1e-9)
    after_n = newtons[at_s > end_s + 0.5]
    rest_n = 0.0
    if len(after_n) >= REST_MIN_N and deviation(after_n) <= QUIET_N and mean(after_n) < TAUT_N:
        rest_n = mean(after_n)
    inside = (at_s >= start_s) & (at_s <= end_s)
    at_s, newtons = at_s[inside], newtons[inside] - rest_n
    usual_n = quantile(newtons, USUAL_SHARE) if len(newtons) else 0.0
    if usual_n < USED_N:
        return None
    pulled = np.flatnonzero(newtons > max(PULL_MIN_N, PULL_SHARE * usual_n))
    return float(at_s[pulled[-1]])


def _stepped_until(bursts: Bursts, start_s: float, end_s: float) -> float | None:
    """When the last step was, if another one would have been seen since."""
    grid_s = ripple_grid(start_s, end_s)
    pace_mps = np.interp(grid_s, bursts.t_s, bursts.pace_mps)
    steps_s = seen_steps(Ripple(grid_s, pace_mps, FASTER_MPS, DEEP_SPEED))
    if len(steps_s) < 3:
        return None
    usual_s = median(np.diff(steps_s))
    return float(steps_s[-1]) if end_s - steps_s[-1] > max(COAST_S, STEPS_MISSED * usual_s) else None


def _led_back(bursts: Bursts, left_s: float, end_s: float) -> float:
    """The beginning of the coast that goes on after `left_s`."""
    t_s, x_m = bursts.t_s, bursts.x_m
    fitted = (t_s > left_s + FIT_S[0]) & (t_s < min(left_s + FIT_S[1], end_s - 0.1))
    if np.sum(fitted) < REST_MIN_N:
        return left_s
    path = np.polynomial.Polynomial.fit(t_s[fitted], x_m[fitted], 3)
    near = (t_s > left_s - FIT_S[0]) & (t_s < left_s + FIT_S[0])
    off_m = np.abs(x_m[near] - path(t_s[near]))
    once_s, four_s = (t_s[near][off_m > level] for level in (OFF_M, 4 * OFF_M))
    if not len(four_s):
        return left_s
    return max(left_s, float(2 * once_s[-1] - four_s[-1]))


def _is_coast(bursts: Bursts, at_s: float, end_s: float) -> bool:
    """Whether the belt ran on for a while from there, slower and slower."""
    if end_s - at_s < COAST_S:
        return False
    inside = (bursts.t_s > at_s + bursts.pace_s) & (bursts.t_s < end_s)
    pace_mps = bursts.pace_mps[inside]
    if len(pace_mps) < REST_MIN_N or bursts.x_m[inside][-1] - bursts.x_m[inside][0] < COAST_M:
        return False
    gained_mps = float(np.max(pace_mps - np.minimum.accumulate(pace_mps)))
    return gained_mps <= max(FASTER_MPS, FASTER_SHARE * float(pace_mps[0]))
