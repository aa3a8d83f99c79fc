"""The lines of a set's plots within a stretch of it, with as many points as can be seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrorig.errors import InputError
from retrorig.measure.sample_table import Drawn, steps_in
from retrorig.progress.pace import pace_of
from retrorig.report.decimate import decimated
from retrorig.report.units import SI, Units
from retrorig.set_row import SetRow

ALONG = ("time", "distance")
MARKS_MAX_N = 200
"""More steps than these can't be told apart in a plot."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Points of one quantity: places along time or distance, and values, None where nothing was measured."""

    along: list[float]
    values: list[float | None]

    def times(self, place: float, factor: float) -> dict[str, list[float] | list[float | None]]:
        """The same with other units along and across."""
        return {
            "along": [each * place for each in self.along],
            "values": [None if each is None else each * factor for each in self.values],
        }


@dataclass(frozen=True)
class Span:
    """A part of a set: "steady" walking between setting off and stopping, or the "coast" after the last step."""

    kind: str
    start: float
    stop: float


@dataclass(frozen=True)
class Traces:
    """What is seen between `start` and `stop` of a set that goes from `first` to `last`; seconds or metres.

    speed in m/s, force in N, power in W. `steps`: where steps were; none when they are too many to be told apart.
    `feet`: of each step 0 or 1, the first step's foot or the other. `spans`: parts of the set to be shaded.
    """

    first: float
    last: float
    start: float
    stop: float
    speed: Curve
    force: Curve
    power: Curve
    steps: list[float]
    feet: list[int]
    spans: list[Span]

    def as_dict(self, along: str, units: Units = SI) -> dict[str, Any]:
        """For JSON, in the user's units; `along` what was drawn along."""
        place = units.factor("m") if along == "distance" else 1.0
        quantities = {"speed": units.factor("m/s"), "force": units.factor("N"), "power": 1.0}
        shown = asdict(self)
        for key, factor in quantities.items():
            shown[key] = getattr(self, key).times(place, factor)
        for key in ("first", "last", "start", "stop"):
            shown[key] *= place
        shown["steps"] = [step * place for step in self.steps]
        shown["spans"] = [
            {"kind": each.kind, "start": each.start * place, "stop": each.stop * place} for each in self.spans
        ]
        return shown


class Traced:
    """A set's plots, stretch by stretch: what is the same for each of them is computed once.

    With the set's `row` its spans are known, too, and what is seen goes on to the end of the coast. Distance is the
    furthest reached so far: it never goes back.
    """

    def __init__(self, samples: Drawn, row: SetRow | None = None) -> None:
        self.samples = samples
        self._places = {"time": samples.time_s, "distance": np.maximum.accumulate(samples.distance_m)}
        self._power_w = samples.smooth_n * samples.speed_mps
        self._steps_s = steps_in(samples)
        self._coast = {"time": 0.0, "distance": 0.0}
        if row is not None and row.coast_s and not row.trim_end_s:
            self._coast = {"time": row.coast_s, "distance": row.coast_m}
        pace = pace_of(samples, row.cadence_spm) if row is not None else None
        self._steady_s = (pace.start_s, pace.end_s) if pace else None

    def between(
        self, along: str, start: float | None = None, stop: float | None = None, points_n: int = 1200
    ) -> Traces:
        """The lines over "time" or "distance" from `start` to `stop` (None: the set's ends), `points_n` points each.

        Every peak is kept (report/decimate.py), and one sample beyond either end, so that lines go on.
        """
        if along not in ALONG:
            raise InputError(f"{along!r} is nothing to draw along: choose {' or '.join(ALONG)}.")
        place = self._places[along]
        if not len(place):
            raise InputError("There are no samples to plot.")
        first, last = float(place[0]), float(place[-1]) + self._coast[along]
        start = first if start is None else min(max(start, first), last)
        stop = last if stop is None else min(max(stop, start), last)
        inside = slice(
            max(0, int(np.searchsorted(place, start)) - 1), int(np.searchsorted(place, stop, "right")) + 1
        )
        steps = np.interp(self._steps_s, self.samples.time_s, place)
        seen = np.flatnonzero((steps >= start) & (steps <= stop))
        seen = seen if len(seen) <= MARKS_MAX_N else seen[:0]
        return Traces(
            first=first,
            last=last,
            start=start,
            stop=stop,
            speed=_line(place[inside], self.samples.speed_mps[inside], points_n),
            force=_line(place[inside], self.samples.smooth_n[inside], points_n),
            power=_line(place[inside], self._power_w[inside], points_n),
            steps=steps[seen].tolist(),
            feet=(seen % 2).tolist(),
            spans=self._spans(place, along),
        )

    def _spans(self, place: Floats, along: str) -> list[Span]:
        """The steady part of the set, if it has one, and the coast after it."""
        found = []
        if self._steady_s:
            ends = np.interp(self._steady_s, self.samples.time_s, place)
            found.append(Span("steady", float(ends[0]), float(ends[1])))
        if self._coast[along]:
            found.append(Span("coast", float(place[-1]), float(place[-1]) + self._coast[along]))
        return found


def _line(place: Floats, values: Floats, points_n: int) -> Curve:
    kept = decimated(values, points_n)
    known = np.isfinite(values[kept])
    shown = [float(value) if is_known else None for value, is_known in zip(values[kept], known)]
    return Curve(place[kept].tolist(), shown)
