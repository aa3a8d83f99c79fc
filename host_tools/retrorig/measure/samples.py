"""Samples of a set: time, distance, speed, force and power, all at the same instants.

The instants are those that the load cell's conversions speak of: a conversion's time less the group delay of
the converter's filter. Motion, known at the moments of reading, is evaluated there. The first and the last
sample are interpolated at the exact start and end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrorig.measure import timebase
from retrorig.measure.motion import Motion, trace_motion
from retrorig.measure.smooth import local_cubic
from rigcore.force import CODE_MAX, CODE_MIN
from rigcore.records import RawSet, is_fault

BRIDGE_S = 0.25
"""Force is interpolated over gaps up to this long, half a fast step; a longer gap stays without force."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Samples:
    """A set's samples as parallel arrays; NaN where the load cell gave nothing.

    distance_m is net backward since the start; force_n is each conversion's own, unfiltered; speed_mps is
    the local cubic's slope. For peaks and work: bridged_n is force_n with short gaps interpolated, smooth_n
    the local cubic of it, backward_m the sum of backward movement so far.
    """

    time_s: Floats
    distance_m: Floats
    speed_mps: Floats
    force_n: Floats
    bridged_n: Floats
    smooth_n: Floats
    backward_m: Floats
    motion: Motion

    @property
    def power_w(self) -> Floats:
        """Force times speed at each instant, watts."""
        return self.force_n * self.speed_mps


def sample_set(raw: RawSet) -> Samples:
    """All samples from the set's first movement to its last; none if the log holds none."""
    if not raw.t_us:
        return _no_samples()
    motion = trace_motion(raw)
    step_s = timebase.period_us(np.asarray(raw.t_us, dtype=np.int64)) * 1e-6 or 1.0
    instants_s = _instants_s(raw, step_s)
    inside = (instants_s > 0) & (instants_s < motion.duration_s)
    time_s = np.concatenate(([0.0], instants_s[inside], [motion.duration_s]))
    time_s = time_s if motion.duration_s > 0 else time_s[:1]
    bridged_n, smooth_n = _force(raw, instants_s, time_s, step_s)
    faulty_s = instants_s[[not is_conversion(code) for code in raw.code]]
    return Samples(
        time_s=time_s,
        distance_m=np.interp(time_s, motion.t_s, motion.net_m),
        speed_mps=local_cubic(motion.t_s, motion.net_m, time_s, step_s, slope=True),
        force_n=np.where(np.isin(time_s, faulty_s), np.nan, bridged_n),
        bridged_n=bridged_n,
        smooth_n=smooth_n,
        backward_m=np.interp(time_s, motion.t_s, motion.backward_m),
        motion=motion,
    )


def _no_samples() -> Samples:
    none = np.empty(0)
    return Samples(none, none, none, none, none, none, none, Motion(none, none, none, none, duration_s=0.0))


def is_conversion(code: int) -> bool:
    """Whether a logged code is a measurement: neither a fault nor one of the converter's end stops."""
    return not is_fault(code) and CODE_MIN < code < CODE_MAX


def _instants_s(raw: RawSet, step_s: float) -> Floats:
    """The instant each conversion speaks of, seconds since the set's start."""
    ready_us = timebase.conversion_times_us(np.asarray(raw.t_us, dtype=np.int64))
    delay_s = raw.header.get("delay_conv", 0) / 10 * step_s
    return (ready_us - raw.header["start_us"]) * 1e-6 - delay_s


def _force(raw: RawSet, instants_s: Floats, time_s: Floats, step_s: float) -> tuple[Floats, Floats]:
    """Bridged and smoothed force at `time_s`, newtons."""
    code = np.asarray(raw.code, dtype=np.int64)
    good = np.array([is_conversion(c) for c in raw.code], dtype=bool)
    nothing = np.full(len(time_s), np.nan)
    if not good.any() or not raw.header["scale_nn"]:
        return nothing, nothing
    at_s = instants_s[good]
    newtons = (code[good] - raw.header["zero"]) * (raw.header["scale_nn"] * 1e-9)
    known = _is_bridged(at_s, time_s)
    bridged_n = np.where(known, np.interp(time_s, at_s, newtons), np.nan)
    return bridged_n, np.where(known, local_cubic(at_s, newtons, time_s, step_s), np.nan)


def _is_bridged(at_s: Floats, time_s: Floats) -> NDArray[np.bool_]:
    """Whether each time lies between conversions that are close enough together, or as close to the end one."""
    after = np.searchsorted(at_s, time_s)
    before_s = at_s[np.maximum(after - 1, 0)]
    after_s = at_s[np.minimum(after, len(at_s) - 1)]
    return np.maximum(np.abs(time_s - before_s), np.abs(after_s - time_s)) <= BRIDGE_S
