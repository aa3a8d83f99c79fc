"""What the steps tell: cadence, step length, left against right; and the faults of dragging: slack, snaps, stalls.

Every quantity that the data can't carry is None, with a sentence that says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.runs import runs_of
from retrorig.measure.samples import Samples
from retrorig.measure.steps import (
    DEEP_PULL,
    DEEP_SPEED,
    GRID_S,
    RATE_MIN_HZ,
    Ripple,
    find_lurches,
    find_steps,
    is_regular,
    ripple_grid,
)
from retrorig.measure.t_distribution import student

Floats = NDArray[np.float64]

STEP_KEYS = ("steps", "cadence_spm", "step_length_m", "asymmetry_pct")
KEYS = (*STEP_KEYS, "slack_s", "stalls")

STEPS_MIN_N = 4
SIDE_MIN_N = 8
"""Steps of each foot that left against right needs: with 8 % between steps of one foot its 95 % interval is 8 %."""

RIPPLE_MIN_N = 2.0
RIPPLE_MIN_REL = 0.02
RIPPLE_MIN_MPS = 0.006
"""Somebody who walks on a driven belt changes its speed by 0.02 m/s; encoder steps alone leave 0.0005 m/s of noise."""

STRIDE_RATIO = 1.2
"""So many times as many steps in the speed as in the pull: the pull shows strides, or misses steps."""

BESIDE_S = 0.3
HELD_S = 0.1
STANDING_REL = 0.08
MOVING_REL = 0.2
SLACK_REL = 0.1
SLACK_MIN_N = 3.0
PULL_MIN_N = 10.0
"""A line with less than this in the middle of the set was not used to pull."""

SNAP_AFTER_S = 0.06
SNAP_WITHIN_S = 0.25
STALL_REL = 0.1
STALL_MIN_S = 0.4

SLOW = "the converter gives {:.0f} samples a second, at least {:.0f} are needed"
NO_FORCE = "the pull is not known"
NO_RHYTHM = "no rhythm of steps in pull or speed"
FEW = "{} steps in a row, at least {} are needed"
SLACKER = f"the pull was under {PULL_MIN_N:.0f} N for most of the set"
WEAK = f"the mean pull was under {PULL_MIN_N:.0f} N"
SHORT = "the set is too short"


@dataclass
class Gait:
    """values: contract keys and details; why: for each of the keys that is None, the reason."""

    values: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


def gait_of(samples: Samples) -> Gait:
    """Steps, and everything counted by them."""
    found = Gait()
    if len(samples.time_s) < 3:
        found.why.update(dict.fromkeys(KEYS, SHORT))
        return found
    _count_stalls(samples, found)
    rate_hz = samples.conversions.rate_hz
    if rate_hz is not None and rate_hz < RATE_MIN_HZ:
        reason = SLOW.format(rate_hz, RATE_MIN_HZ)
        found.why.update(dict.fromkeys((*STEP_KEYS, "slack_s"), reason))
        return found
    _measure_slack(samples, found)
    step_s, source = step_times(samples)
    _measure_steps(samples, step_s, source, found)
    return found


def step_times(samples: Samples) -> tuple[Floats, str]:
    """Times of the steps and what showed them: the pull, on which feet push directly, unless the speed shows better.

    It does where the pull shows every second step only, or where it is strongest while the belt stands and is held.
    """
    speed = _ripple(samples, samples.speed_mps, RIPPLE_MIN_MPS, DEEP_SPEED)
    by_speed = max(find_steps(speed), find_lurches(speed), key=len)
    if not samples.has_force:
        return by_speed, "speed"
    floor_n = max(RIPPLE_MIN_N, RIPPLE_MIN_REL * abs(float(np.mean(samples.bridged_n))))
    by_pull = _moving(samples, find_steps(_pull(samples, floor_n)))
    lurches_n = len(find_lurches(speed))
    if len(by_pull) < max(STEPS_MIN_N, lurches_n) or len(by_speed) > STRIDE_RATIO * len(by_pull):
        return by_speed, "speed"
    return by_pull, "force"


def _moving(samples: Samples, step_s: Floats) -> Floats:
    """The steps within the set that moved something: what pulls before it is a lean, and a line may be held at rest."""
    inside = step_s[(step_s > -GRID_S) & (step_s < samples.motion.duration_s + GRID_S)]
    near = [
        np.interp(inside + away_s, samples.time_s, samples.speed_mps) for away_s in (-HELD_S, 0.0, HELD_S)
    ]
    return inside[np.max(near, axis=0) >= STANDING_REL * _mean_speed(samples)]


def _pull(samples: Samples, floor_n: float) -> Ripple:
    """The pull from a little before the set to a little after: who pulls before the belt gives way has pushed, too."""
    if not len(samples.logged_s):
        return _ripple(samples, samples.bridged_n, floor_n, DEEP_PULL)
    grid_s = ripple_grid(-BESIDE_S, samples.motion.duration_s + BESIDE_S)
    return Ripple(grid_s, np.interp(grid_s, samples.logged_s, samples.logged_n), floor_n, DEEP_PULL, BESIDE_S)


def _ripple(samples: Samples, values: Floats, floor: float, deep: float) -> Ripple:
    grid_s = ripple_grid(0.0, samples.motion.duration_s)
    return Ripple(grid_s, np.interp(grid_s, samples.time_s, values), floor, deep)


def _measure_steps(samples: Samples, step_s: Floats, source: str, found: Gait) -> None:
    if len(step_s) < STEPS_MIN_N:
        found.why.update(dict.fromkeys(STEP_KEYS, NO_RHYTHM))
        return
    lengths_s = np.diff(step_s)
    regular = is_regular(lengths_s / np.median(lengths_s))
    moved_m = np.diff(np.interp(step_s, samples.time_s, samples.distance_m))
    found.values["steps"] = len(step_s)
    found.values["cadence_spm"] = 60.0 / float(np.mean(lengths_s[regular]))
    found.values["step_length_m"] = float(np.mean(moved_m[regular]))
    found.details["steps_from"] = source
    _compare_sides(samples, step_s, regular, found)


def _compare_sides(samples: Samples, step_s: Floats, regular: NDArray[np.bool_], found: Gait) -> None:
    """One foot against the other in strength, by the impulse of each step, and in time: (one - other) / mean.

    Both are fitted by a line for tiring plus a term that changes sign from step to step; its standard error gives the
    spread. Which foot is which is not known, so the key has no sign; the details have, for the foot of the first step.
    """
    first, after = _longest(regular)
    _compare(np.diff(step_s)[first:after], first, "step_time_asymmetry", found)
    if not samples.has_force:
        found.why["asymmetry_pct"] = NO_FORCE
        return
    middles_s = (step_s[1:] + step_s[:-1])[first:after] / 2
    impulse_ns = np.diff(np.interp(middles_s, samples.time_s, _impulse_so_far(samples)))
    if len(impulse_ns) < 2 * SIDE_MIN_N:
        found.why["asymmetry_pct"] = FEW.format(len(impulse_ns), 2 * SIDE_MIN_N)
        return
    if float(np.mean(impulse_ns)) * len(impulse_ns) < PULL_MIN_N * float(middles_s[-1] - middles_s[0]):
        found.why["asymmetry_pct"] = WEAK
        return
    _compare(impulse_ns, first + 1, "asymmetry", found)
    found.values["asymmetry_pct"] = abs(found.details["asymmetry_first_pct"])
    found.details["asymmetry_is_certain"] = found.values["asymmetry_pct"] > found.details["asymmetry_pm_pct"]


def _compare(values: Floats, number: int, name: str, found: Gait) -> None:
    """Adds how much the first foot of the set has more than the other; `number` is the first value's step, from 0."""
    if len(values) < 2 * SIDE_MIN_N:
        return
    percent, error = _alternation(values)
    found.details[f"{name}_first_pct"] = -percent if number % 2 else percent
    found.details[f"{name}_pm_pct"] = error
    if name != "asymmetry":
        found.details[f"{name}_pct"] = abs(percent)


def _impulse_so_far(samples: Samples) -> Floats:
    middle = (samples.bridged_n[1:] + samples.bridged_n[:-1]) / 2
    return np.concatenate(([0.0], np.cumsum(middle * np.diff(samples.time_s))))


def _alternation(values: Floats) -> tuple[float, float]:
    """By how many percent of the mean every other value is higher, and its 95 % interval."""
    n = len(values)
    number = np.arange(n, dtype=float)
    terms = np.column_stack((np.ones(n), number - number.mean(), np.where(np.arange(n) % 2, -1.0, 1.0)))
    fit, *_ = np.linalg.lstsq(terms, values, rcond=None)
    rest = values - terms @ fit
    variance = float(rest @ rest) / (n - 3) * float(np.linalg.inv(terms.T @ terms)[2, 2])
    return 200 * float(fit[2] / fit[0]), 200 * student(n - 3) * float(np.sqrt(variance) / abs(fit[0]))


def _longest(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """First and after-last place of the longest run of flags."""
    return max(runs_of(flags), key=lambda run: run[1] - run[0], default=(0, 0))


def _measure_slack(samples: Samples, found: Gait) -> None:
    """Time without pull while the belt moves, and how often the line snapped tight afterwards."""
    if not samples.has_force:
        found.why["slack_s"] = NO_FORCE
        return
    usual_n = float(np.median(samples.smooth_n))
    if usual_n < PULL_MIN_N:
        found.why["slack_s"] = SLACKER
        return
    moving = samples.speed_mps > MOVING_REL * _mean_speed(samples)
    slack = moving & (samples.smooth_n < max(SLACK_MIN_N, SLACK_REL * usual_n))
    width_s = np.gradient(samples.time_s)
    found.values["slack_s"] = float(np.sum(width_s[slack]))
    found.details["snaps"] = sum(_is_snap(samples, run, usual_n) for run in runs_of(slack))


def _is_snap(samples: Samples, run: tuple[int, int], usual_n: float) -> bool:
    first, after = run
    if after >= len(samples.time_s) or samples.time_s[after] - samples.time_s[first] < SNAP_AFTER_S:
        return False
    soon = samples.time_s <= samples.time_s[after] + SNAP_WITHIN_S
    return bool((samples.smooth_n[after:][soon[after:]] > usual_n).any())


def _count_stalls(samples: Samples, found: Gait) -> None:
    """Standstills between movement, and how even the movement was."""
    if samples.motion.duration_s <= 2 * STALL_MIN_S:
        found.why["stalls"] = SHORT
        return
    mean_mps = _mean_speed(samples)
    slow = samples.speed_mps < STALL_REL * mean_mps
    last = len(slow)
    inner = [run for run in runs_of(slow) if run[0] > 0 and run[1] < last]
    times_s = samples.time_s
    found.values["stalls"] = sum(
        bool(times_s[after] - times_s[first] >= STALL_MIN_S) for first, after in inner
    )
    if mean_mps > 0:
        found.details["smoothness_pct"] = max(0.0, 100 * (1 - float(np.std(samples.speed_mps)) / mean_mps))


def _mean_speed(samples: Samples) -> float:
    return float(samples.distance_m[-1]) / samples.motion.duration_s
