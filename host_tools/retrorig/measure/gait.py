"""Quantities of gait: cadence, step length, left against right; and faults of dragging: slack, snaps, stalls.

Every quantity that the data can't carry is None, with a sentence that says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.feet import NO_FORCE, PULL_MIN_N, Steps, compare_feet
from retrorig.measure.order import deviation, dot, mean, median, quantile, slopes
from retrorig.measure.rhythm import GRID_S
from retrorig.measure.runs import runs_of
from retrorig.measure.samples import Samples
from retrorig.measure.steps import (
    DEEP_PULL,
    DEEP_SPEED,
    RATE_MIN_HZ,
    REGULAR_SHARE,
    Ripple,
    find_lurches,
    find_steps,
    is_regular,
    ripple_grid,
    steps_and_last_seen,
    usual_step_s,
)

Floats = NDArray[np.float64]

STEP_KEYS = ("steps", "cadence_spm", "step_length_m", "asymmetry_pct")
KEYS = (*STEP_KEYS, "slack_s", "stalls")

STEPS_MIN_N = 4
RIPPLE_MIN_N = 2.0
RIPPLE_MIN_REL = 0.02
RIPPLE_MIN_MPS = 0.006
"""Somebody who walks on a driven belt changes its speed by 0.02 m/s; encoder steps alone leave 0.0005 m/s of noise."""

RISE_MIN_MPS2 = 0.15
"""A belt with a flywheel is fastest once a stride where one foot is weak, but its speed rises with each push."""

STRIDE_RATIO = 1.2
"""So many times as many steps in the speed as in the pull, or in its rises as in itself: the other shows strides."""

MISSED_STEPS = 0.6
"""A rise so many steps' time away from every step of the speed is a step of its own."""

BESIDE_S = 0.3
HELD_S = 0.1
PULLED_SHARE = 0.12
"""Less than this of the usual pull over the least is none."""

STANDING_REL = 0.08
MOVING_REL = 0.2
SLACK_REL = 0.1
SLACK_MIN_N = 3.0
LOST_SHARE = 0.3
"""Of a set's way, made between steps that are too far apart for one: no steps are told then."""

UNEVEN_REL, UNEVEN_SHARE, UNEVEN_MIN_N = 0.25, 1 / 3, 8
"""Where more than this share of the times, of so many at least, differ by this much of a step from the same foot's time
before, the steps have no rhythm: some were missed or made up."""

SNAP_AFTER_S = 0.06
SNAP_WITHIN_S = 0.25
STALL_REL = 0.1
STALL_MIN_S = 0.4

SLOW = "the converter gives {:.0f} samples a second, at least {:.0f} are needed"
NO_RHYTHM = "no rhythm of steps in pull or speed"
SLACKER = f"the pull was under {PULL_MIN_N:.0f} N for most of the set"
LOST = "the rhythm of steps was lost for a large part of the way"
SHORT = "the set is too short"


@dataclass
class Gait:
    """values: contract keys and details; why: for each of the keys that is None, the reason."""

    values: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


def gait_of(samples: Samples) -> Gait:
    """Steps, and every quantity computed from them."""
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
    _measure_steps(samples, steps_of(samples), found)
    return found


def step_times(samples: Samples) -> tuple[Floats, str]:
    """Times of the steps and what showed them."""
    steps = steps_of(samples)
    return steps.time_s, steps.source


def steps_of(samples: Samples) -> Steps:
    """The steps by the pull, on which feet push directly, unless the speed shows better.

    It does where the pull shows every second step only, or where it is strongest while the belt stands and is held.
    """
    speed = _ripple(samples, samples.speed_mps, RIPPLE_MIN_MPS, DEEP_SPEED)
    lurches = find_lurches(speed)
    by_speed = _before_run_out(speed, *steps_and_last_seen(speed))
    by_speed = max(by_speed, lurches, key=len)
    if not samples.has_force:
        rises = Ripple(speed.time_s, np.gradient(speed.value, GRID_S), RISE_MIN_MPS2, DEEP_SPEED)
        by_rise = _before_run_out(speed, *steps_and_last_seen(rises))
        if len(by_rise) > STRIDE_RATIO * len(by_speed):
            return Steps(by_rise, "speed", by_speed)
        both = _with_missed(by_speed, by_rise)
        return Steps(both, "speed", both)
    floor_n = max(RIPPLE_MIN_N, RIPPLE_MIN_REL * abs(mean(samples.bridged_n)))
    pull = _pull(samples, floor_n)
    by_pull = _moving(samples, _pulled(pull, find_steps(pull)))
    if len(by_pull) < max(STEPS_MIN_N, len(lurches)) or len(by_speed) > STRIDE_RATIO * len(by_pull):
        return Steps(by_speed, "speed", by_speed)
    return Steps(by_pull, "force", by_speed)


def _before_run_out(speed: Ripple, step_s: Floats, seen_s: float) -> Floats:
    """The steps without those not seen that are after the belt's last gain of speed: it runs out, and nobody pushes."""
    if not len(step_s) or step_s[-1] <= seen_s:
        return step_s
    highest = np.maximum.accumulate(speed.value[::-1])[::-1]
    gains = (highest - speed.value >= speed.floor).nonzero()[0]
    last = int(gains[-1]) if len(gains) else 0
    fastest_s = speed.time_s[last + int(speed.value[last:].argmax())]
    return step_s[step_s < max(seen_s, fastest_s) + usual_step_s(step_s) / 2]


def _with_missed(by_speed: Floats, by_rise: Floats) -> Floats:
    """The steps of a belt's speed, and those that only show as a rise of it: of a weak foot, or as the last of all."""
    if min(len(by_speed), len(by_rise)) < STEPS_MIN_N:
        return by_speed
    after = np.searchsorted(by_speed, by_rise)
    before_s = np.abs(by_rise - by_speed[np.maximum(after - 1, 0)])
    after_s = np.abs(by_rise - by_speed[np.minimum(after, len(by_speed) - 1)])
    missed = np.minimum(before_s, after_s) > MISSED_STEPS * usual_step_s(by_rise)
    return np.sort(np.concatenate((by_speed, by_rise[missed])))


def _pulled(pull: Ripple, step_s: Floats) -> Floats:
    """The steps in which somebody pulls: while a belt runs out the rhythm leaves room for one more."""
    beside_s = np.array((step_s - HELD_S, step_s, step_s + HELD_S))
    strongest_n = np.interp(beside_s, pull.time_s, pull.value).max(axis=0)
    usual_n, least_n = quantile(pull.value, 0.75), float(pull.value.min())
    return step_s[strongest_n - least_n >= PULLED_SHARE * (usual_n - least_n)]


def _moving(samples: Samples, step_s: Floats) -> Floats:
    """The steps that moved the belt: a pull before the set is a lean, and a line may be held at rest."""
    inside = step_s[(step_s > -GRID_S) & (step_s < samples.motion.duration_s + GRID_S)]
    beside_s = np.array((inside - HELD_S, inside, inside + HELD_S))
    fastest_mps = np.interp(beside_s, samples.time_s, samples.speed_mps).max(axis=0)
    return inside[fastest_mps >= STANDING_REL * _mean_speed(samples)]


def _pull(samples: Samples, floor_n: float) -> Ripple:
    """The pull from a little before the set to a little after: a pull before the belt moves is a push, too."""
    if not len(samples.logged_s):
        return _ripple(samples, samples.bridged_n, floor_n, DEEP_PULL)
    grid_s = ripple_grid(-BESIDE_S, samples.motion.duration_s + BESIDE_S)
    return Ripple(grid_s, np.interp(grid_s, samples.logged_s, samples.logged_n), floor_n, DEEP_PULL, BESIDE_S)


def _ripple(samples: Samples, values: Floats, floor: float, deep: float) -> Ripple:
    grid_s = ripple_grid(0.0, samples.motion.duration_s)
    return Ripple(grid_s, np.interp(grid_s, samples.time_s, values), floor, deep)


def _measure_steps(samples: Samples, steps: Steps, found: Gait) -> None:
    step_s = steps.time_s
    if len(step_s) < STEPS_MIN_N:
        found.why.update(dict.fromkeys(STEP_KEYS, NO_RHYTHM))
        return
    lengths_s = step_s[1:] - step_s[:-1]
    usual_s = usual_step_s(step_s)
    regular = is_regular(lengths_s / usual_s)
    at_m = np.interp(step_s, samples.time_s, samples.distance_m)
    moved_m = at_m[1:] - at_m[:-1]
    lost_m = dot(moved_m, ~regular & (lengths_s > usual_s))
    is_lost = lost_m > LOST_SHARE * float(samples.distance_m[-1]) or mean(regular) < REGULAR_SHARE
    if is_lost or _is_uneven(lengths_s):
        found.why.update(dict.fromkeys(STEP_KEYS, LOST))
        return
    found.values["steps"] = len(step_s)
    found.values["cadence_spm"] = 60.0 / mean(lengths_s[regular])
    found.values["step_length_m"] = mean(moved_m[regular])
    found.details["steps_from"] = steps.source
    feet = compare_feet(samples, steps, regular)
    found.details.update({key: value for key, value in feet.found.items() if key not in KEYS})
    found.values.update({key: value for key, value in feet.found.items() if key in KEYS})
    found.why.update(feet.why)


def _is_uneven(lengths_s: Floats) -> bool:
    changes_s = np.abs(lengths_s[2:] - lengths_s[:-2])
    is_off = changes_s > UNEVEN_REL * mean(lengths_s)
    return len(lengths_s) >= UNEVEN_MIN_N - 1 and mean(is_off) > UNEVEN_SHARE


def _measure_slack(samples: Samples, found: Gait) -> None:
    """Time without pull while the belt moves, and how often the line snapped tight afterwards."""
    if not samples.has_force:
        found.why["slack_s"] = NO_FORCE
        return
    usual_n = median(samples.smooth_n)
    if usual_n < PULL_MIN_N:
        found.why["slack_s"] = SLACKER
        return
    moving = samples.speed_mps > MOVING_REL * _mean_speed(samples)
    slack = moving & (samples.smooth_n < max(SLACK_MIN_N, SLACK_REL * usual_n))
    found.values["slack_s"] = dot(slopes(samples.time_s), slack) if slack.any() else 0.0
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
        found.details["smoothness_pct"] = max(0.0, 100 * (1 - deviation(samples.speed_mps) / mean_mps))


def _mean_speed(samples: Samples) -> float:
    return float(samples.distance_m[-1]) / samples.motion.duration_s
