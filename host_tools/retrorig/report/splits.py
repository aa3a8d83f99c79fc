"""A set cut into equal distances: how long each took, and how it was pulled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrorig.errors import InputError
from retrorig.measure.sample_table import Drawn

EVERY_M = (1.0, 5.0, 10.0)
"""Distances that coaches split by."""

SPLITS_MAX_N = 1000


@dataclass(frozen=True)
class Split:
    """From `from_m` to `to_m` of net backward distance, metres; the last one of a set may be shorter than the others.

    time_s: how long it took. mean_speed_mps: distance over time. mean_force_n, mean_power_w: None where not measured.
    """

    from_m: float
    to_m: float
    time_s: float
    mean_speed_mps: float | None
    mean_force_n: float | None
    mean_power_w: float | None


def splits_of(samples: Drawn, every_m: float) -> list[Split]:
    """The splits of a set, in order, each from when its start was first reached; none of a set that went nowhere.

    InputError for a distance that is none, or of which the set has more than SPLITS_MAX_N.
    """
    if not every_m > 0:
        raise InputError("A split is a distance: give a number of metres above 0.")
    furthest_m = np.maximum.accumulate(samples.distance_m)
    whole_m = float(furthest_m[-1]) if len(furthest_m) else 0.0
    if whole_m <= 0:
        return []
    if whole_m / every_m > SPLITS_MAX_N:
        raise InputError(f"The set has more than {SPLITS_MAX_N} splits of {every_m:g} m: take longer ones.")
    edges_m = np.append(np.arange(0.0, whole_m - 1e-6, every_m), whole_m)
    reached = np.minimum(np.searchsorted(furthest_m, edges_m), len(furthest_m) - 1)
    edges_s = np.array([_reached_s(samples, furthest_m, int(i), m) for i, m in zip(reached, edges_m)])
    edges_s[0], edges_s[-1] = samples.time_s[0], samples.time_s[-1]
    pairs = zip(edges_m[:-1], edges_m[1:], edges_s[:-1], edges_s[1:])
    return [_split(samples, *map(float, pair)) for pair in pairs]


def _reached_s(samples: Drawn, furthest_m: np.ndarray, after: int, metres: float) -> float:
    """When this distance was first reached, between the sample before and the one after."""
    if after == 0:
        return float(samples.time_s[0])
    pair = slice(after - 1, after + 1)
    return float(np.interp(metres, furthest_m[pair], samples.time_s[pair]))


def _split(samples: Drawn, from_m: float, to_m: float, start_s: float, stop_s: float) -> Split:
    time_s = stop_s - start_s
    return Split(
        from_m,
        to_m,
        time_s,
        (to_m - from_m) / time_s if time_s > 0 else None,
        _mean(samples.time_s, samples.bridged_n, start_s, stop_s),
        _mean(samples.time_s, samples.bridged_n * samples.speed_mps, start_s, stop_s),
    )


def _mean(time_s: np.ndarray, values: np.ndarray, start_s: float, stop_s: float) -> float | None:
    """The mean over time of a line through values, by trapezia; None where a part of it is not known."""
    inside = (time_s > start_s) & (time_s < stop_s)
    at_s = np.concatenate(([start_s], time_s[inside], [stop_s]))
    line = np.interp(at_s, time_s, values)
    if stop_s <= start_s or np.isnan(line).any():
        return None
    return float(np.sum((line[1:] + line[:-1]) / 2 * np.diff(at_s))) / (stop_s - start_s)
