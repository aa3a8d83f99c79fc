"""Compares left and right foot: by the impulse of each step, and by the times between steps.

(one - other) / mean, by a fit of a line for tiring plus a term that changes sign from step to step, whose standard
error gives the spread. Which foot is which is not known, so the keys have no sign; the details have, for the foot of
the set's first step, where no step before the compared ones can have been missed.

Times need more than strength: on a belt with a flywheel the pull is highest where the speed rises, which is not in the
middle of a push, and a limp shifts it. So the pull's times are believed as far as the speed's own agree.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.runs import runs_of
from retrorig.measure.samples import Samples
from retrorig.measure.steps import usual_step_s
from retrorig.measure.t_distribution import student

Floats = NDArray[np.float64]

SIDE_MIN_N = 8
"""Steps of each foot that left against right needs: with 8 % between steps of one foot its 95 % interval is 8 %."""

PULL_MIN_N = 10.0
"""A line with less than this in the middle of the set was not used to pull."""

APART_PCT = 10.0
"""Where the times by pull and by speed differ by more, neither is told."""

SPEED_SHARE = 0.2
"""Times by the speed alone shift with what is moved: half a 95 % interval, as a share of them, by the walkers."""

MISSED_MAX = 2.6
"""In a gap of more steps nobody knows how many were missed, and so which foot goes on."""

NO_FORCE = "the pull is not known"
FEW = "{} steps in a row, at least {} are needed"
WEAK = f"the mean pull was under {PULL_MIN_N:.0f} N"
UNSEEN = "the speed does not show each step by itself, and the pull alone does not tell the times"
APART = "pull and speed tell different times of the steps"


class Steps(NamedTuple):
    """Times of the steps and what showed them; `speed_s` are those that the speed alone shows."""

    time_s: Floats
    source: str
    speed_s: Floats


class Compared(NamedTuple):
    """Details and keys by name, and why what is missing is."""

    found: dict[str, Any]
    why: dict[str, str]


def compare_feet(samples: Samples, steps: Steps, regular: NDArray[np.bool_]) -> Compared:
    """Left against right over the longest run of regular times between steps."""
    made = Compared({}, {})
    first, after = max(runs_of(regular), key=lambda run: run[1] - run[0], default=(0, 0))
    sign = _sign(steps.time_s, regular, first)
    _times(steps, (first, after), sign, made)
    _strengths(samples, steps.time_s[first : after + 1], -sign, made)
    return made


def _sign(step_s: Floats, regular: NDArray[np.bool_], first: int) -> int:
    """1 where the run begins with the foot of the first step, -1 with the other, 0 where nobody knows."""
    if not first:
        return 1
    before = np.diff(step_s[: first + 1]) / usual_step_s(step_s)
    if (before > MISSED_MAX).any():
        return 0
    passed = np.where(regular[:first], 1, np.maximum(np.rint(before), 1))
    return -1 if int(passed.sum()) % 2 else 1


def _times(steps: Steps, run: tuple[int, int], sign: int, made: Compared) -> None:
    key, (first, after) = "step_time_asymmetry", run
    times_s = steps.time_s[first : after + 1]
    if after - first < 2 * SIDE_MIN_N:
        made.why[f"{key}_pct"] = FEW.format(after - first, 2 * SIDE_MIN_N)
        return
    percent, pm = alternation(times_s[1:] - times_s[:-1])
    apart = SPEED_SHARE * abs(percent)
    if steps.time_s is not steps.speed_s:
        own, seen_s = _own(times_s, steps.speed_s)
        if len(seen_s) < 2 * SIDE_MIN_N:
            made.why[f"{key}_pct"] = UNSEEN
            return
        own_s = times_s[own]
        apart = abs(_alternating_pct(seen_s[1:] - seen_s[:-1]) - _alternating_pct(own_s[1:] - own_s[:-1]))
        if apart > APART_PCT:
            made.why[f"{key}_pct"] = APART
            return
    _tell(key, percent, math.hypot(pm, apart), sign, made)
    made.found[f"{key}_pct"] = abs(percent)


def _own(times_s: Floats, others_s: Floats) -> tuple[slice, Floats]:
    """The longest run of steps that each have a partner of their own a little later, and these partners."""
    number = others_s.searchsorted(times_s)
    runs = runs_of(number[1:] - number[:-1] == 1)
    first, after = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return slice(first, after), others_s[number[first:after]]


def _strengths(samples: Samples, times_s: Floats, sign: int, made: Compared) -> None:
    if not samples.has_force:
        made.why["asymmetry_pct"] = NO_FORCE
        return
    middles_s = (times_s[1:] + times_s[:-1]) / 2
    so_far_ns = np.zeros(len(samples.time_s))
    samples.impulse_ns.cumsum(out=so_far_ns[1:])
    at_ns = np.interp(middles_s, samples.time_s, so_far_ns)
    impulse_ns = at_ns[1:] - at_ns[:-1]
    if len(impulse_ns) < 2 * SIDE_MIN_N:
        made.why["asymmetry_pct"] = FEW.format(len(impulse_ns), 2 * SIDE_MIN_N)
        return
    if float(impulse_ns.sum()) < PULL_MIN_N * float(middles_s[-1] - middles_s[0]):
        made.why["asymmetry_pct"] = WEAK
        return
    percent, pm = alternation(impulse_ns)
    _tell("asymmetry", percent, pm, sign, made)
    made.found["asymmetry_pct"] = abs(percent)
    made.found["asymmetry_is_certain"] = abs(percent) > pm


def _tell(name: str, percent: float, pm: float, sign: int, made: Compared) -> None:
    made.found[f"{name}_pm_pct"] = pm
    if sign:
        made.found[f"{name}_first_pct"] = sign * percent


def alternation(values: Floats) -> tuple[float, float]:
    """By how many percent of the mean every other value is higher, and its 95 % interval."""
    n = len(values)
    terms, solving, variance_share = _model(n)
    fit = solving @ values
    rest = values - fit @ terms
    variance = float(rest @ rest) / (n - 3) * variance_share
    return 200 * float(fit[2] / fit[0]), 200 * student(n - 3) * math.sqrt(variance) / abs(float(fit[0]))


def _alternating_pct(values: Floats) -> float:
    fit = _model(len(values))[1] @ values
    return 200 * float(fit[2] / fit[0])


@lru_cache(maxsize=64)
def _model(n: int) -> tuple[Floats, Floats, float]:
    """Mean, trend and alternation of n values as rows, what gives their best sizes (row by row), and the variance of
    the last of these, as a share of the values'."""
    number = np.arange(n)
    columns = np.ones(n), number - (n - 1) / 2, np.where(number % 2, -1.0, 1.0)
    terms: Floats = np.array(columns, dtype=np.float64)
    inverse: Floats = np.linalg.inv(terms @ terms.T).astype(np.float64)
    return terms, inverse @ terms, float(inverse[2, 2])
