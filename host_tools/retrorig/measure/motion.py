"""Position over time from counts, and the sums of both directions, by the firmware's own rule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.coasts import walked
from retrorig.measure.conversions import Conversions, conversions_of
from retrorig.measure.directions import direction_sums, resting_count
from retrorig.measure.ends import limits_of
from retrorig.measure.readings import Raw, readings_of
from rigcore.detect import band_counts
from rigcore.motion import Geometry
from rigcore.setrun import DIRECTION_MM
from rigcore.setsamples import LEAD_N

STILL_MM = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """The belt at the moments its counter was read, counted from the set's start.

    t_s: seconds since the start, negative before it. net_m: backward minus forward. backward_m and
    forward_m: sums so far, not negative, dither left out; constant before the start and after the end.
    start_us: the start on the board's clock. ends_sd_s: standard deviation of the duration. coast_m and coast_s: how
    far and long the belt coasted on after the end.
    """

    t_s: Floats
    net_m: Floats
    backward_m: Floats
    forward_m: Floats
    duration_s: float
    start_us: float
    ends_sd_s: float
    coast_m: float = 0.0
    coast_s: float = 0.0


def trace_motion(raw: Raw, conversions: Conversions | None = None) -> Motion:
    """The motion in a set; its logged counts are the truth, positions between them are linear."""
    readings = readings_of(raw)
    header, t_us, count = readings.header, readings.t_us, readings.count
    geometry = Geometry(header["counts_per_rev"], header["circumference_um"])
    metres = header["circumference_um"] / header["counts_per_rev"] * 1e-6
    bands_counts = band_counts(geometry, DIRECTION_MM), band_counts(geometry, STILL_MM)
    limits = limits_of(readings, bands_counts)
    start, end, first, last, *_ = walked(readings, conversions or conversions_of(readings), limits)
    at_start = float(np.interp(start.at_us, t_us, count))
    sums = _directions(count, round(at_start), first, last, bands_counts[0])
    if end != limits.end:
        sums = tuple(_until(column, t_us, end.at_us, last) for column in sums)
    backward, forward = sums
    return Motion(
        t_s=(t_us.astype(float) - start.at_us) * 1e-6,
        net_m=(count - at_start) * metres,
        backward_m=backward * metres,
        forward_m=forward * metres,
        duration_s=max(0.0, (end.at_us - start.at_us) * 1e-6),
        start_us=start.at_us,
        ends_sd_s=math.hypot(start.sd_s, end.sd_s),
        coast_m=(count[limits.last] - float(np.interp(end.at_us, t_us, count))) * metres
        if end != limits.end
        else 0.0,
        coast_s=(limits.end.at_us - end.at_us) * 1e-6,
    )


def _until(sums: Floats, t_us: NDArray[np.int64], end_us: float, last: int) -> Floats:
    """The sums up to a moment between the reading before `last` and that one."""
    return np.minimum(sums, float(np.interp(end_us, t_us[: last + 1], sums[: last + 1])))


def _directions(
    count: NDArray[np.int64], origin: int, first: int, last: int, band_counts: int
) -> tuple[Floats, Floats]:
    """Backward and forward counts after each reading, as the board sums them (rigcore.setrun); none outside the set."""
    low = min([origin, *count[max(0, first - LEAD_N) : first].tolist()])
    resting = resting_count(low, origin)
    found = np.zeros((2, len(count)))
    if first <= last:
        found[:, first : last + 1] = direction_sums(count[first : last + 1], band_counts, resting)
        found[:, last + 1 :] = found[:, last : last + 1]
    return found[0], found[1]
