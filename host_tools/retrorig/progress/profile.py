"""The backward load-velocity profile: a line through the speeds of three to five loads, and what it says.

speed = v0 - slope * load. v0 is the speed without load, l0 = v0 / slope the load at which the line stands still, and a
loss of speed of d percent belongs to the load d/100 * l0 (M. J. Cahill and others, Sports 7(5), 2019, for forward sled
pulls). Whether backward walking keeps to a line over the loads tested is shown by r2 and by the intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.errors import InputError
from retrorig.progress.intervals import Estimate, Line, fit_line

LOADS_MIN_N = 3
SPREAD_MIN_REL = 0.3
"""The loads must differ by this much of the heaviest, or the slope hangs on chance."""

UNITS = {"load_kg": "kg", "mean_force_n": "N"}


@dataclass(frozen=True)
class Point:
    """One set: its load, in the axis' unit, and the mean speed of its steady part."""

    set_id: str
    load: float
    speed_mps: float


@dataclass(frozen=True)
class NextLoad:
    """The load for a loss of speed of decrement_pct, with the ends of its 95 % interval.

    is_tested: within the loads of the profile; else it is an extrapolation.
    """

    decrement_pct: float
    speed_mps: float
    load: float
    low: float
    high: float
    is_tested: bool


@dataclass(frozen=True)
class Profile:
    """axis: `load_kg` or `mean_force_n`, in `unit`. slope is the loss of speed per unit of load, positive.

    l0: with its 95 % interval; always an extrapolation. lightest, heaviest: the loads that the profile knows.
    """

    athlete: str | None
    axis: str
    unit: str
    points: list[Point]
    loads: int
    lightest: float
    heaviest: float
    v0_mps: Estimate
    slope: Estimate
    l0: float
    l0_low: float
    l0_high: float
    r2: float
    next_loads: list[NextLoad]


def profile_of(
    points: Sequence[Point], axis: str, decrements_pct: Sequence[float] = (), athlete: str | None = None
) -> Profile:
    """The profile; InputError when the sets are too few, too narrow, or don't get surely slower with load."""
    for decrement in decrements_pct:
        if not 0 < decrement < 100:
            raise InputError("--decrement-pct is a loss of speed: give a number between 0 and 100.")
    line = _line(points, axis)
    loads = [point.load for point in points]
    v0 = line.at(0.0)
    l0, low, high = line.reaches(0.0)
    return Profile(
        athlete=athlete,
        axis=axis,
        unit=UNITS[axis],
        points=list(points),
        loads=different(loads),
        lightest=min(loads),
        heaviest=max(loads),
        v0_mps=v0,
        slope=Estimate(-line.slope, line.slope_pm),
        l0=l0,
        l0_low=low,
        l0_high=high,
        r2=line.r2,
        next_loads=[
            NextLoad(d, v0.value * (1 - d / 100), *(d / 100 * x for x in (l0, low, high)),
                     is_tested=min(loads) <= d / 100 * l0 <= max(loads))
            for d in decrements_pct
        ],
    )  # fmt: skip


def _line(points: Sequence[Point], axis: str) -> Line:
    load = np.array([point.load for point in points], dtype=float)
    unit = UNITS[axis]
    loads_n = different(load.tolist())
    if loads_n < LOADS_MIN_N:
        where = "" if axis == "load_kg" else ", by the pull, as not enough sets have a load noted"
        raise InputError(
            f"A profile needs sets with {LOADS_MIN_N} different loads, and there {'is' if loads_n == 1 else 'are'} "
            f"{loads_n}{where}: walk more loads, and note them with `retrorig edit --load-kg`."
        )
    if np.ptp(load) < SPREAD_MIN_REL * load.max() or load.max() <= 0:
        raise InputError(
            f"The loads are too much alike ({load.min():.4g} to {load.max():.4g} {unit}): "
            f"the lightest must be {100 * SPREAD_MIN_REL:.0f} % below the heaviest."
        )
    line = fit_line(load, np.array([point.speed_mps for point in points]))
    if line.slope + line.slope_pm >= 0:
        raise InputError(
            f"The speed does not surely fall with load (by {-line.slope:.2g} +-{line.slope_pm:.2g} m/s per {unit}): "
            "repeat the sets or add a lighter and a heavier load."
        )
    return line


def different(loads: Sequence[float]) -> int:
    """Loads that are a tenth of the heaviest apart, so that scatter in a measured pull does not pass for loads."""
    apart, count, last = max(loads, default=0.0) / 10, 0, -np.inf
    for load in sorted(loads):
        if load - last >= apart:
            count, last = count + 1, load
    return count
