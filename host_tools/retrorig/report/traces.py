"""The lines of a set's plots within a stretch of it, with as many points as can be seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrorig.errors import InputError
from retrorig.measure.gait import step_times
from retrorig.measure.samples import Samples
from retrorig.report.decimate import outline

ALONG = ("time", "distance")
MARKS_MAX_N = 200
"""More steps than these can't be told apart in a plot."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Points of one quantity: places along time or distance, and values, None where nothing was measured."""

    along: list[float]
    values: list[float | None]


@dataclass(frozen=True)
class Traces:
    """What is seen between `start` and `stop` of a set that goes from `first` to `last`; seconds or metres.

    speed in m/s, force in N, power in W. `steps`: where steps were; none when they are too many to be told apart.
    """

    first: float
    last: float
    start: float
    stop: float
    speed: Line
    force: Line
    power: Line
    steps: list[float]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def traces_of(
    samples: Samples, along: str, start: float | None = None, stop: float | None = None, points_n: int = 1200
) -> Traces:
    """The lines over "time" or "distance" from `start` to `stop` (None: the set's ends), `points_n` points each.

    Every peak is kept (`retrorig.report.decimate.outline`), and one sample beyond either end, so that lines go on.
    Distance is the furthest reached so far: it never goes back.
    """
    if along not in ALONG:
        raise InputError(f"{along!r} is nothing to draw along: choose {' or '.join(ALONG)}.")
    place = samples.time_s if along == "time" else np.maximum.accumulate(samples.distance_m)
    first, last = float(place[0]), float(place[-1])
    start = first if start is None else min(max(start, first), last)
    stop = last if stop is None else min(max(stop, start), last)
    inside = slice(
        max(0, int(np.searchsorted(place, start)) - 1), int(np.searchsorted(place, stop, "right")) + 1
    )
    steps = np.interp(step_times(samples)[0], samples.time_s, place)
    steps = steps[(steps >= start) & (steps <= stop)]
    return Traces(
        first=first,
        last=last,
        start=start,
        stop=stop,
        speed=_line(place[inside], samples.speed_mps[inside], points_n),
        force=_line(place[inside], samples.smooth_n[inside], points_n),
        power=_line(place[inside], (samples.smooth_n * samples.speed_mps)[inside], points_n),
        steps=steps.tolist() if len(steps) <= MARKS_MAX_N else [],
    )


def _line(place: Floats, values: Floats, points_n: int) -> Line:
    kept = outline(values, points_n)
    known = np.isfinite(values[kept])
    shown = [float(value) if is_known else None for value, is_known in zip(values[kept], known)]
    return Line(place[kept].tolist(), shown)
