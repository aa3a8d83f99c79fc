"""Samples of a set: time, distance, speed, force and power, all at the same instants.

The instants are those that the load cell's conversions speak of: a conversion's time less the group delay of
the converter's filter, by the period that was measured. Motion, known at the moments of reading, is evaluated
there. Where the converter was silent, the moments of reading are the instants. The first and the last sample are
interpolated at the exact start and end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.extras import require
from retrorig.measure import timebase
from retrorig.measure.conversions import Conversions, conversions_of
from retrorig.measure.instants import Instants, are_among, instants_of, neighbours
from retrorig.measure.motion import Motion, trace_motion
from retrorig.measure.pull import pull_of
from retrorig.measure.readings import Raw, Readings, readings_of
from retrorig.measure.speed import speed_at, stretches

BRIDGE_S = 0.25
"""Force is interpolated over gaps up to this long, half a fast step; a longer gap stays without force."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Samples:
    """A set's samples as parallel arrays; NaN where the load cell gave nothing.

    distance_m is net backward since the start; speed_mps and force_n are smoothed with hindsight (speed.py, pull.py),
    raw_n is each conversion's own force. bridged_n is force_n with short gaps interpolated, for means and work;
    backward_m the sum of backward movement so far. speed_sd_mps and force_sd_n: one standard deviation of what noise
    and smoothing leave. put_back_n: the part of force_n that the converter's filter had taken. blow_n: beside a
    peak too short for the converter, what a blow of one conversion period had; 0 elsewhere. logged_s and logged_n: the
    sound conversions of the whole log and their instants, those beside the set included; none without a cell.
    """

    time_s: Floats
    distance_m: Floats
    speed_mps: Floats
    force_n: Floats
    raw_n: Floats
    bridged_n: Floats
    backward_m: Floats
    speed_sd_mps: Floats
    force_sd_n: Floats
    put_back_n: Floats
    blow_n: Floats
    motion: Motion
    conversions: Conversions
    logged_s: Floats = field(default_factory=lambda: np.empty(0))
    logged_n: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def smooth_n(self) -> Floats:
        """The smoothed force, short gaps interpolated."""
        return self.bridged_n

    @property
    def duration_s(self) -> float:
        """From the set's start to its end, seconds."""
        return self.motion.duration_s

    @property
    def rate_hz(self) -> float | None:
        """Conversions a second; None without."""
        return self.conversions.rate_hz

    @cached_property
    def power_w(self) -> Floats:
        """Force times speed at each instant, watts."""
        return self.force_n * self.speed_mps

    @cached_property
    def lost_n(self) -> int:
        """Conversions of the set that are missing, by the time between those that came, or that were faulty."""
        read_us = self.conversions.read_us
        if len(read_us) < 2:
            return len(self.motion.t_s) - len(read_us)
        end_us = self.motion.start_us + self.motion.duration_s * 1e6
        first, after = (
            np.searchsorted(read_us, self.motion.start_us),
            np.searchsorted(read_us, end_us, "right"),
        )
        sound, beats = (
            self.conversions.sound[first:after],
            self.conversions.beats[first : max(first, after - 1)],
        )
        return timebase.missing_n(beats) + len(sound) - int(np.count_nonzero(sound))

    @cached_property
    def force_top(self) -> int:
        """Number of the sample with the highest force; only where the pull is known."""
        return _top(self.force_n)

    @cached_property
    def power_top(self) -> int:
        """Number of the sample with the highest power; only where the pull is known."""
        return _top(self.power_w)

    @cached_property
    def middle_n(self) -> Floats:
        """Force from each sample to the next, newtons."""
        return (self.bridged_n[1:] + self.bridged_n[:-1]) / 2

    @cached_property
    def moved_m(self) -> Floats:
        """Backward movement from each sample to the next."""
        return self.backward_m[1:] - self.backward_m[:-1]

    @cached_property
    def impulse_ns(self) -> Floats:
        """Integral of force over time from each sample to the next."""
        return self.middle_n * (self.time_s[1:] - self.time_s[:-1])

    def to_pandas(self) -> Any:
        """The five columns as a pandas DataFrame; MissingPackageError when pandas is not installed."""
        pandas = require("pandas", "pandas")
        names = ("time_s", "distance_m", "speed_mps", "force_n", "power_w")
        return pandas.DataFrame({name: getattr(self, name) for name in names})

    @cached_property
    def has_force(self) -> bool:
        """Whether the pull is known from start to end, but for gaps that can be bridged."""
        return self.motion.duration_s > 0 and len(self.time_s) > 1 and not np.isnan(self.bridged_n).any()


def _top(values: Floats) -> int:
    top = int(values.argmax())  # of what is unknown, the first
    return int(np.nanargmax(values)) if np.isnan(values[top]) else top


def sample_set(raw: Raw) -> Samples:
    """All samples from the set's first movement to its last; none if the log holds none."""
    raw = readings_of(raw)
    conversions = conversions_of(raw)
    if not len(raw.t_us):
        return _no_samples(conversions)
    motion = trace_motion(raw, conversions)
    at = instants_of(raw, conversions, motion)
    logged = _logged(raw, conversions, at.spoken_s)
    force = _force(raw, conversions, motion, at, logged)
    speed_mps, speed_sd_mps = _speed(raw, conversions, motion, at.time_s)
    return Samples(
        time_s=at.time_s,
        distance_m=np.interp(at.time_s, motion.t_s, motion.net_m),
        speed_mps=speed_mps,
        force_n=_unless(at.is_silent, force.smooth_n),
        raw_n=_unless(at.is_silent, force.raw_n),
        bridged_n=force.smooth_n,
        backward_m=np.interp(at.time_s, motion.t_s, motion.backward_m),
        speed_sd_mps=speed_sd_mps,
        force_sd_n=force.sd_n,
        put_back_n=force.put_back_n,
        blow_n=force.blow_n,
        motion=motion,
        conversions=conversions,
        logged_s=logged[0],
        logged_n=logged[1],
    )


def _unless(is_silent: NDArray[np.bool_], values: Floats) -> Floats:
    return np.where(is_silent, np.nan, values) if is_silent.any() else values


def _speed(raw: Readings, conversions: Conversions, motion: Motion, time_s: Floats) -> tuple[Floats, Floats]:
    """Speed at these times and one standard deviation of it, metres a second."""
    count_m = raw.header["circumference_um"] / raw.header["counts_per_rev"] * 1e-6
    found = stretches(raw.t_us, raw.count, _runs(conversions, raw.t_us))
    counts_per_s, counts_sd = speed_at(found, motion.start_us + time_s * 1e6)
    return counts_per_s * count_m, counts_sd * count_m


def _logged(raw: Readings, conversions: Conversions, spoken_s: Floats) -> tuple[Floats, Floats]:
    """The sound conversions' instants and their pull by the set's own zero and span; none without a calibrated cell."""
    if not raw.header.get("scale_nn"):
        return np.empty(0), np.empty(0)
    codes = conversions.code[conversions.sound]
    return spoken_s[conversions.sound], (codes - raw.header["zero"]) * (raw.header["scale_nn"] * 1e-9)


def _runs(conversions: Conversions, t_us: NDArray[np.int64]) -> list[timebase.Run] | None:
    """The readings' runs, where each reading has a conversion."""
    return conversions.runs if len(conversions.read_us) == len(t_us) else None


def _no_samples(conversions: Conversions) -> Samples:
    none = np.empty(0)
    motion = Motion(none, none, none, none, duration_s=0.0, start_us=0.0, ends_sd_s=0.0)
    return Samples(none, none, none, none, none, none, none, none, none, none, none, motion, conversions)


class _Force(NamedTuple):
    """The pull at the samples' times, newtons; NaN where it is not known."""

    raw_n: Floats
    smooth_n: Floats
    sd_n: Floats
    put_back_n: Floats
    blow_n: Floats


def _force(
    raw: Readings, conversions: Conversions, motion: Motion, at: Instants, logged: tuple[Floats, Floats]
) -> _Force:
    """The pull at the samples' times, where conversions near enough tell it."""
    time_s = at.time_s
    known = _is_bridged(logged[0], time_s, at.step_s) & ~_is_beyond(at.spoken_s, conversions, time_s)
    if not known.any():
        return _Force(*[np.full(len(time_s), np.nan)] * 5)
    pull = pull_of(
        conversions, raw.header.get("delay_conv", 0), raw.header["zero"], raw.header["scale_nn"] * 1e-9
    )
    pull_s = (pull.ready_us - motion.start_us) * 1e-6 - at.delay_s
    sound_n = logged[1] if len(logged[1]) == len(pull_s) else np.interp(pull_s, *logged)
    columns = np.array((sound_n, pull.newtons, pull.sd_n, pull.put_back_n, pull.blow_n))
    found = _between(columns, pull_s, time_s)
    if not known.all():
        found[:, ~known] = np.nan
    return _Force(*found)


def _between(columns: Floats, known_s: Floats, at_s: Floats) -> Floats:
    """The columns, known at these times, at others, straight between; in most sets only both ends are others."""
    inner_s = at_s[1:-1]
    first = int(known_s.searchsorted(at_s[0], "right"))
    same = slice(first, first + len(inner_s))
    if len(at_s) < 2 or not np.array_equal(known_s[same], inner_s):
        return _mixed(columns, np.interp(at_s, known_s, np.arange(len(known_s))))
    found = np.empty((len(columns), len(at_s)))
    found[:, 1:-1] = columns[:, same]
    found[:, :: len(at_s) - 1] = _mixed(
        columns, np.interp(at_s[:: len(at_s) - 1], known_s, np.arange(len(known_s)))
    )
    return found


def _mixed(columns: Floats, places: Floats) -> Floats:
    """The columns at places between their values, in each row, straight."""
    if columns.shape[1] < 2:
        return columns[:, places.astype(np.int64)]
    i = np.minimum(places.astype(np.int64), columns.shape[1] - 2)
    before = columns.take(i, axis=1)
    return before + (places - i) * (columns.take(i + 1, axis=1) - before)


def _is_bridged(at_s: Floats, time_s: Floats, step_s: float) -> NDArray[np.bool_]:
    """Whether each time is a conversion's, or between two that are close enough, or as close to the end one."""
    if not len(at_s):
        return np.zeros(len(time_s), dtype=bool)
    reach_s = max(BRIDGE_S, 2 * step_s)
    if are_among(time_s, at_s, reach_s):
        return np.ones(len(time_s), dtype=bool)
    before_s, after_s = neighbours(at_s, time_s)
    is_near = np.maximum(np.abs(time_s - before_s), np.abs(after_s - time_s)) <= reach_s
    return is_near | (after_s == time_s)


def _is_beyond(spoken_s: Floats, conversions: Conversions, time_s: Floats) -> NDArray[np.bool_]:
    """Whether the pull was beyond the range at each time: a peak that was cut off can't be bridged."""
    if not conversions.overloaded.any():
        return np.zeros(len(time_s), dtype=bool)
    nearest = np.interp(time_s, spoken_s, conversions.overloaded.astype(float))
    return nearest > 0
