"""A set's samples as they are drawn, written and published: what needs neither the log nor anything of the sensors."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.gait import step_times
from retrorig.measure.samples import Samples
from retrorig.set_row import SetRow

Floats = NDArray[np.float64]

DIGITS = 6
"""Microseconds and micrometres: finer than any sensor here, so that nothing is lost by rounding."""

UNSEEN = 0.001
"""Two values of a set that differ by less are the same, in seconds, metres, metres a second and newtons."""


@dataclass(frozen=True)
class SampleTable:
    """Parallel arrays under the names that `Samples` has them by, to DIGITS, NaN where not measured; steps_s apart.

    bridged_n is force_n with short gaps interpolated, backward_m the sum of backward movement so far. find_steps gives
    steps_s, the moments of the steps, seconds since the set's start: few who want samples want them.
    """

    time_s: Floats
    distance_m: Floats
    speed_mps: Floats
    force_n: Floats
    bridged_n: Floats
    backward_m: Floats
    find_steps: Callable[[], Floats]

    @cached_property
    def steps_s(self) -> Floats:
        """The moments of the steps, seconds since the set's start."""
        return self.find_steps()

    @property
    def duration_s(self) -> float:
        """From the set's start to its end, seconds."""
        return float(self.time_s[-1]) if len(self.time_s) else 0.0

    @property
    def smooth_n(self) -> Floats:
        """The smoothed force, short gaps interpolated."""
        return self.bridged_n

    @cached_property
    def has_force(self) -> bool:
        """Whether the pull is known from start to end, but for gaps that can be bridged."""
        return len(self.time_s) > 1 and not np.isnan(self.bridged_n).any()

    @cached_property
    def rate_hz(self) -> float | None:
        """Samples a second where nothing is missing; None of fewer than two."""
        return 1 / float(np.median(np.diff(self.time_s))) if len(self.time_s) > 1 else None


Drawn = Samples | SampleTable
"""What a set can be drawn from: its samples in full, or what is kept of them."""


def table_of(samples: Samples) -> SampleTable:
    """What is drawn and written of a set's samples."""
    force_n, distance_m = rounded(samples.force_n), rounded(samples.distance_m)
    return SampleTable(
        rounded(samples.time_s),
        distance_m,
        rounded(samples.speed_mps),
        force_n,
        bridged_n=np.where(np.isnan(force_n), rounded(samples.bridged_n), force_n),
        backward_m=rounded(distance_m + rounded(samples.backward_m - distance_m)),
        find_steps=lambda: rounded(steps_in(samples)),
    )


def steps_in(samples: Drawn) -> Floats:
    """The moments of the steps, seconds since the set's start."""
    if isinstance(samples, SampleTable):
        return samples.steps_s
    return step_times(samples)[0] if len(samples.time_s) else np.empty(0)


def rounded(values: Floats) -> Floats:
    """To DIGITS, and no zero below zero."""
    return np.round(values, DIGITS) + 0.0


def differ(row: SetRow, samples: Drawn) -> bool:
    """Whether a set's row was computed from other samples than these, or by another version of this program."""
    if not len(samples.time_s):
        return False
    now = {
        "duration_s": samples.time_s[-1],
        "backward_m": samples.backward_m[-1],
        "peak_speed_mps": np.max(samples.speed_mps),
        "peak_force_n": np.nanmax(samples.force_n) if samples.has_force else math.nan,
    }
    stored = {key: row.value(key) for key in now}
    return any(abs(now[key] - value) > UNSEEN for key, value in stored.items() if value is not None)
