"""Conversion times, by regression: the converter's clock is steadier than the moments at which it is read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.order import median

WINDOW_N = 256
"""Conversions on each side of the local regression. At 80 a second that is 3 s: the converter's rate drifts
by far less than 1e-4 in that time, while 513 readings with 0.1 ms of jitter leave 5 us."""

RESTART_BEATS = 8
"""After so many missing conversions the converter may have begun anew, at another phase."""

LATE_US = 200.0
"""A reading that is later than the usual one by more waited for something else: it says little of the beat."""

GAP_PERIODS = 1.5
"""A longer step between readings means that a conversion is missing or was read late."""

EARLY_PERIODS = 0.05
"""A read that begins so shortly before a beat runs into the next conversion."""

PULL = 1 / 128
"""So much of a late reading's delay is believed to be the beat's own drift; an early one sets the beat."""

FINE_N = 16
FINE_REL = 0.02
"""The beat is measured over so many readings, where none is missing: a step alone is known to 16 us only."""


def period_us(t_us: NDArray[np.int64]) -> float:
    """Usual time between readings, microseconds; 0 with fewer than two readings."""
    return median(np.diff(t_us)) if len(t_us) > 1 else 0.0


def missing_n(t_us: NDArray[np.int64]) -> int:
    """Conversions that are missing between readings, judged by the time between them."""
    return int(np.sum(_beats(t_us, period_us(t_us)) - 1))


def conversion_times_us(t_us: NDArray[np.int64]) -> NDArray[np.float64]:
    """When each conversion was ready, from when it was read: regression on its number, per run."""
    return ready_times_us(even_runs(t_us))


def ready_times_us(runs: list[Run]) -> NDArray[np.float64]:
    """When the conversion of each reading was ready."""
    return np.concatenate([run.grid_us[run.number] for run in runs]) if runs else np.empty(0)


class Run(NamedTuple):
    """Readings without a long gap: `number` of each, from 0, and when the conversion of every number was ready."""

    number: NDArray[np.int64]
    grid_us: NDArray[np.float64]


def even_runs(t_us: NDArray[np.int64]) -> list[Run]:
    """The readings as runs of evenly spaced conversions, some of them missing."""
    if not len(t_us):
        return []
    beats = _beats(t_us, period_us(t_us))
    breaks = np.flatnonzero(beats > RESTART_BEATS) + 1
    runs = []
    for first, after in zip([0, *breaks.tolist()], [*breaks.tolist(), len(t_us)], strict=True):
        number = np.concatenate(([0], np.cumsum(beats[first : after - 1])))
        runs.append(Run(number, _regress(number, t_us[first:after])))
    return runs


def _beats(t_us: NDArray[np.int64], period: float) -> NDArray[np.int64]:
    """Conversions from each reading to the next, at least 1.

    A reading gets the latest conversion, however late it is: a long step is a late reading or lost conversions, and
    several readings in a row may be late. So the beat at which conversions become ready is followed, and each reading
    told by how many beats there were since.
    """
    steps = np.diff(t_us)
    if not len(steps) or period <= 0 or steps.max() <= GAP_PERIODS * period:
        return np.ones(len(steps), dtype=np.int64)
    period = _fine_period_us(t_us, period)
    beats: list[int] = []
    ready_us = 0.0  # the latest beat before the reading at hand, in time since the first reading
    for read_us in (t_us[1:] - t_us[0]).tolist():
        since = (read_us - ready_us) / period + EARLY_PERIODS
        if since < 0.5 and beats and beats[-1] > 1:
            beats[-1] -= 1  # nothing became ready since: the reading before was later than it seemed
        beats.append(max(1, int(since)))
        late_us = read_us - ready_us - beats[-1] * period
        ready_us = read_us - max(0.0, late_us) * (1 - PULL)
    return np.array(beats, dtype=np.int64)


def _fine_period_us(t_us: NDArray[np.int64], rough_us: float) -> float:
    """The same as `rough_us`, to a microsecond where enough readings follow each other."""
    spans_us = (t_us[FINE_N:] - t_us[:-FINE_N]) / FINE_N
    whole_us = spans_us[np.abs(spans_us - rough_us) < FINE_REL * rough_us]
    return median(whole_us) if len(whole_us) else rough_us


def _regress(number: NDArray[np.int64], t_us: NDArray[np.int64]) -> NDArray[np.float64]:
    """Local straight-line fit of time on number, evaluated at every number; the late readings are pulled in first."""
    every = np.arange(number[-1] + 1)
    if len(number) < 3:
        return np.interp(every, number, t_us.astype(float))
    # A straight line is taken out first, so that the sums below stay small and exact enough.
    slope = (t_us[-1] - t_us[0]) / number[-1]
    rest = t_us - (t_us[0] + slope * number)
    lines = _LocalLines(number, every)
    found = lines.through(rest)
    late = rest - found[number]
    usual = median(late)
    is_late = late > usual + LATE_US
    if is_late.any():
        found = lines.through(np.where(is_late, found[number] + usual, rest))
    return t_us[0] + slope * every + found


class _LocalLines:
    """Straight-line fits around each of `every` number to values at some of these numbers."""

    def __init__(self, number: NDArray[np.int64], every: NDArray[np.int64]) -> None:
        low, high = every - WINDOW_N, every + WINDOW_N + 1
        if len(number) == len(every):  # none is missing, so each is in its own place
            low, high = np.maximum(low, 0), np.minimum(high, len(number))
        else:
            low, high = np.searchsorted(number, low), np.searchsorted(number, high)
        self._number = number.astype(float)
        self._low, self._high, self._count = low, high, high - low
        self._sum_x = self._sums(self._number)
        self._mean_x = self._sum_x / self._count
        self._spread = self._sums(self._number * self._number) - self._sum_x * self._mean_x
        self._beside = every - self._mean_x

    def through(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The lines' values, each at its own number."""
        mean_value = self._sums(values) / self._count
        slope = (self._sums(values * self._number) - self._sum_x * mean_value) / self._spread
        return mean_value + slope * self._beside

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros(len(values) + 1)
        values.cumsum(out=total[1:])
        return total[self._high] - total[self._low]
