"""Finds faults of the sensors in a set's raw values, each as a sentence with what to look at.

Grades: B where the numbers still hold, C where one of them is missing or doubtful.
"""

from __future__ import annotations

import numpy as np

from retrorig.measure.conversions import Conversions
from retrorig.measure.gait import STALL_MIN_S, STEPS_MIN_N
from retrorig.measure.order import mean
from retrorig.measure.readings import Raw, readings_of
from retrorig.measure.rhythm import GRID_S
from retrorig.measure.runs import runs_of
from retrorig.measure.samples import Samples
from retrorig.measure.steps import RATE_MIN_HZ, Ripple, find_lurches, find_steps, ripple_grid
from retrorig.measure.swings import pushes_n
from rigcore.force import FAULT_DESYNC
from rigcore.plausibility import NO_PULL

Finding = tuple[str, str]

RATE_REL = (0.9, 1.185)
"""Measured against nominal rate of sound modules: 82.9 to 93.7 Hz for 80 were seen."""

OVERLOAD_CODES = 6_291_456
"""What a cell of 3 mV/V gives at its capacity; the usual 2 mV/V cell is then half beyond its own."""

SPEED_MAX_MPS = 10.0
NOISE_COUNTS = 6.0
"""Scatter of the count about a smooth movement: 0.3 for whole counts, and 0.3 ms of late reading."""

BEND_MPS2 = 12.0
"""More than any start: what this acceleration bends between three readings is allowed, too."""

NOISY_N = 5
LATE_S = 0.0003
NOISE_WINDOW_S = 0.25
FROZEN_MIN_S = 0.6
FROZEN_PULL_REL = 0.5
FROZEN_PUSHES_N, FROZEN_SWING_REL = 2, 0.15
WALKING_AFTER_S = 2.0


def sensor_findings(raw: Raw, samples: Samples) -> list[Finding]:
    """(grade, sentence) of each fault that was found."""
    if not len(samples.time_s):
        return []
    conversions = samples.conversions
    found = [*_rate(raw, conversions), *_cell(conversions)]
    doubt = raw.end.get("doubt") if raw.end else None
    if doubt:  # without a line in use, distance and speed are as sound as ever
        found.append(("B" if doubt == NO_PULL else "C", f"the rig doubted its sensors: {doubt}"))
    found += [*_noisy_count(raw), *_frozen_belt(samples), *_steps_after_the_end(raw, samples)]
    return found


def _rate(raw: Raw, conversions: Conversions) -> list[Finding]:
    rate_hz = conversions.rate_hz
    nominal_hz = raw.header.get("rate_mhz", 0) / 1000
    if rate_hz is None or not nominal_hz:
        return []
    if rate_hz < RATE_MIN_HZ <= nominal_hz:
        why = (
            f"the load-cell converter runs at {rate_hz:.0f} instead of {nominal_hz:.0f} conversions a second"
        )
        return [("C", f"{why}: check its RATE pin; steps can't be told")]
    if not RATE_REL[0] <= rate_hz / nominal_hz <= RATE_REL[1]:
        why = f"the load-cell converter's clock is off: {rate_hz:.1f} instead of {nominal_hz:.0f} a second"
        return [("B", f"{why}; all times use the measured rate")]
    return []


def _cell(conversions: Conversions) -> list[Finding]:
    if conversions.is_loose:
        return [
            ("C", "the load cell's codes jump about: a wire is off or the input floats; no force was taken")
        ]
    found: list[Finding] = []
    if conversions.overloaded.any():
        lasting_s = float(np.sum(conversions.overloaded)) * conversions.period_us * 1e-6
        found.append(("C", f"the pull was beyond the load cell's range for {lasting_s:.2f} s"))
    elif (conversions.sound & (np.abs(conversions.code) > OVERLOAD_CODES)).any():
        found.append(
            ("C", "the pull was beyond what a load cell of 3 mV/V is made for: check cell and calibration")
        )
    if conversions.sound.all():
        return found
    if conversions.stuck.any():
        found.append(("C", "the load cell's code stood still for a time: check its wires and the converter"))
    desync = int(np.sum(conversions.code == FAULT_DESYNC))
    if desync:
        found.append(("B", f"transfers from the load-cell converter that lost their step: {desync}"))
    return found


def _noisy_count(raw: Raw) -> list[Finding]:
    """Counts that no belt could make: beyond any speed, or scattered about every smooth movement."""
    readings = readings_of(raw)
    t_s, count = readings.t_us * 1e-6, readings.count.astype(float)
    if len(t_s) < 8:
        return []
    counts_per_m = raw.header["counts_per_rev"] / raw.header["circumference_um"] * 1e6
    steps_s, rises = t_s[1:] - t_s[:-1], count[1:] - count[:-1]
    if np.abs(rises / np.maximum(steps_s, 1e-4)).max() > SPEED_MAX_MPS * counts_per_m:
        return [("C", "the belt's count jumped: noise on the encoder's lines or a slipping coupling")]
    lasting_s = steps_s[1:] + steps_s[:-1]
    through = (rises[1:] + rises[:-1]) / np.maximum(lasting_s, 1e-4)
    bend = rises[:-1] - through * steps_s[:-1]
    if np.count_nonzero(np.abs(bend) > NOISE_COUNTS) <= NOISY_N:
        return []
    allowed_bend = BEND_MPS2 / 8 * lasting_s**2 * counts_per_m
    wild = np.abs(bend) > NOISE_COUNTS + LATE_S * np.abs(through) + allowed_bend
    to_and_fro = bend[1:] * bend[:-1] < 0  # a belt that is torn to a stop bends its path one way
    if np.count_nonzero(wild[1:] & to_and_fro) > NOISY_N:
        return [("C", "the belt's count trembles more than a belt can: check the encoder's wires and shield")]
    return []


def _frozen_belt(samples: Samples) -> list[Finding]:
    """Steps in the pull while the belt stands: the roller slips, or the encoder is dead. A lean makes none."""
    if not samples.has_force:
        return []
    usual_n = mean(samples.bridged_n)
    if usual_n < 10:
        return []
    still = np.abs(samples.speed_mps) < 0.02
    if np.count_nonzero(still) < FROZEN_MIN_S * (samples.conversions.rate_hz or 0) / 2:
        return []
    for first, after in runs_of(still):
        last = min(after, len(still) - 1)
        lasting_s = samples.time_s[last] - samples.time_s[first]
        if lasting_s < max(FROZEN_MIN_S, STALL_MIN_S):
            continue
        if mean(samples.bridged_n[first:after]) < FROZEN_PULL_REL * usual_n:
            continue
        if pushes_n(samples.bridged_n[first:after], FROZEN_SWING_REL * usual_n) >= FROZEN_PUSHES_N:
            if _stands_between_steps(samples):
                return []  # who does may push twice before the load gives way
            return [
                (
                    "C",
                    f"steps without movement for {lasting_s:.1f} s: the roller slips, or the encoder stood still",
                )
            ]
    return []


def _stands_between_steps(samples: Samples) -> bool:
    grid_s = ripple_grid(0.0, samples.motion.duration_s)
    speed = Ripple(grid_s, np.interp(grid_s, samples.time_s, samples.speed_mps), 0.0)
    return len(find_lurches(speed)) >= STEPS_MIN_N


def _steps_after_the_end(raw: Raw, samples: Samples) -> list[Finding]:
    """Steps in the pull after the belt's last movement: the encoder died during the set."""
    conversions = samples.conversions
    if not samples.has_force or not conversions.sound.any():
        return []
    end_us = samples.motion.start_us + samples.motion.duration_s * 1e6
    if conversions.ready_us[-1] < end_us + WALKING_AFTER_S * 1e6:
        return []
    at_s = (conversions.ready_us - end_us) * 1e-6
    newtons = (conversions.code - raw.header["zero"]) * (raw.header["scale_nn"] * 1e-9)
    after = conversions.sound & (at_s > 0.2)
    if not after.any() or at_s[after][-1] < WALKING_AFTER_S:
        return []
    usual_n = mean(samples.bridged_n)
    if mean(newtons[after]) < FROZEN_PULL_REL * usual_n or usual_n < 10:
        return []
    grid_s = np.arange(0.2, at_s[after][-1], GRID_S)
    ripple = Ripple(grid_s, np.interp(grid_s, at_s[after], newtons[after]), 0.05 * usual_n)
    if len(find_steps(ripple)) < STEPS_MIN_N:
        return []  # a line that stays taut at rest is no fault
    return [
        ("C", "the steps went on after the belt stopped counting: check the encoder's lines and its coupling")
    ]
