"""Position over time from counts, and the two directions apart, by the firmware's own rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.ends import End, end_of, number_at, start_of
from rigcore.decode import RawSet
from rigcore.detect import band_counts, has_settled, resting_count
from rigcore.motion import Directions, Geometry
from rigcore.setrun import DIRECTION_MM, LEAD_N, SETTLE_N, STILL_MM

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """The belt at the moments its counter was read, counted from the set's start.

    t_s: seconds since the start, negative before it. net_m: backward minus forward. backward_m and
    forward_m: sums so far, not negative, dither left out; constant before the start and after the end.
    start_us: the start on the board's clock. ends_sd_s: standard deviation of the duration.
    """

    t_s: Floats
    net_m: Floats
    backward_m: Floats
    forward_m: Floats
    duration_s: float
    start_us: float
    ends_sd_s: float


def trace_motion(raw: RawSet) -> Motion:
    """The motion in a set; its logged counts are the truth, positions between them are linear."""
    header = raw.header
    t_us = np.asarray(raw.t_us, dtype=np.int64)
    count = np.asarray(raw.count, dtype=np.int64)
    geometry = Geometry(header["counts_per_rev"], header["circumference_um"])
    metres = header["circumference_um"] / header["counts_per_rev"] * 1e-6
    bands_counts = band_counts(geometry, DIRECTION_MM), band_counts(geometry, STILL_MM)
    backward, forward = _directions(raw, bands_counts[0])
    start = End(header["start_us"], 0.0) if header.get("is_cut") else start_of(raw, bands_counts)
    end = _end(raw, backward + forward, bands_counts)
    return Motion(
        t_s=(t_us.astype(float) - start.at_us) * 1e-6,
        net_m=(count - float(np.interp(start.at_us, t_us, count))) * metres,
        backward_m=backward * metres,
        forward_m=forward * metres,
        duration_s=max(0.0, (end.at_us - start.at_us) * 1e-6),
        start_us=start.at_us,
        ends_sd_s=float(np.hypot(start.sd_s, end.sd_s)),
    )


def _directions(raw: RawSet, band_counts: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Backward and forward counts after each reading, as the board sums them (rigcore.setrun); none outside the set."""
    first, last = _inside(raw)
    origin = round(float(np.interp(raw.header["start_us"], raw.t_us, raw.count)))
    low = min([origin, *raw.count[max(0, first - LEAD_N) : first]])
    directions = Directions(band_counts, resting_count(low, origin))
    backward, forward = [], []
    for number, count in enumerate(raw.count):
        if first <= number <= last:
            directions.feed(count)
        backward.append(directions.backward)
        forward.append(directions.forward)
    return np.array(backward, dtype=np.int64), np.array(forward, dtype=np.int64)


def _inside(raw: RawSet) -> tuple[int, int]:
    """Numbers of the set's first reading and of the one at which the belt had come to rest."""
    end_us, newest = logged_end_us(raw), len(raw.t_us) - 1
    first = number_at(raw, raw.header["start_us"])
    if end_us is None:
        return first, newest
    last = number_at(raw, end_us)
    if _is_cut_off(raw):
        return first, last
    settled = min(last + SETTLE_N, newest)
    return first, settled if has_settled(raw.count[last], raw.count[settled]) else last


def _is_cut_off(raw: RawSet) -> bool:
    """Whether people put the end where it is: the belt went on, and its rest is none of this set's business."""
    return bool((raw.end or {}).get("is_cut"))


def logged_end_us(raw: RawSet) -> int | None:
    """The last movement as the board saw it; None for a set that lost its power."""
    return (raw.end or {}).get("end_us")


def _end(raw: RawSet, moved: NDArray[np.int64], bands_counts: tuple[int, int]) -> End:
    """The last movement: as the board saw it, or for an interrupted set as the log shows it."""
    end_us = logged_end_us(raw)
    if end_us is not None and _is_cut_off(raw):
        return End(end_us, 0.0)
    if end_us is None:
        end_us = max(raw.t_us[int(np.searchsorted(moved, moved[-1]))], raw.header["start_us"])
    return end_of(raw, end_us, _inside(raw)[1], bands_counts)
