"""Position over time from counts, and the two directions apart, by the firmware's own rule."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rigcore.blocks import STEP_US
from rigcore.decode import RawSet
from rigcore.motion import Directions, Geometry
from rigcore.session import DIRECTION_MM

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """The belt at the moments its counter was read, counted from the set's start.

    t_s: seconds since the start, negative before it. net_m: backward minus forward. backward_m and
    forward_m: sums so far, not negative, dither left out; constant before the start and after the end.
    """

    t_s: Floats
    net_m: Floats
    backward_m: Floats
    forward_m: Floats
    duration_s: float


def trace_motion(raw: RawSet) -> Motion:
    """The motion in a set; its logged counts are the truth, positions between them are linear."""
    header = raw.header
    t_us = np.asarray(raw.t_us, dtype=np.int64)
    count = np.asarray(raw.count, dtype=np.int64)
    start_us = int(header["start_us"])
    geometry = Geometry(header["counts_per_rev"], header["circumference_um"])
    metres = header["circumference_um"] / header["counts_per_rev"] * 1e-6
    origin = float(np.interp(start_us, t_us, count))
    backward, forward = _directions(raw, start_us, round(origin), geometry.counts(DIRECTION_MM))
    return Motion(
        t_s=(t_us - start_us).astype(float) * 1e-6,
        net_m=(count - origin) * metres,
        backward_m=backward * metres,
        forward_m=forward * metres,
        duration_s=(_end_us(raw, backward + forward) - start_us) * 1e-6,
    )


def _directions(
    raw: RawSet, start_us: int, origin_counts: int, band_counts: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Backward and forward counts after each reading; outside the set nothing is added."""
    directions = Directions(band_counts, origin_counts)
    end_us = logged_end_us(raw)
    first = _number_at(raw, start_us)
    last = len(raw.t_us) if end_us is None else _number_at(raw, end_us)
    backward, forward = [], []
    for number, count in enumerate(raw.count):
        if first <= number <= last:
            directions.feed(count)
        backward.append(directions.backward)
        forward.append(directions.forward)
    return np.array(backward, dtype=np.int64), np.array(forward, dtype=np.int64)


def _number_at(raw: RawSet, at_us: int) -> int:
    """Number of the sample that was taken at `at_us`; the log rounds times down to its step."""
    return bisect_left(raw.t_us, at_us // STEP_US * STEP_US)


def logged_end_us(raw: RawSet) -> int | None:
    """The last movement as the board saw it; None for a set that lost its power."""
    return (raw.end or {}).get("end_us")


def _end_us(raw: RawSet, moved: NDArray[np.int64]) -> int:
    """The last movement: as the board saw it, or for an interrupted set as the log shows it."""
    end_us = logged_end_us(raw)
    if end_us is not None:
        return end_us
    return max(raw.t_us[int(np.searchsorted(moved, moved[-1]))], raw.header["start_us"])
