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
    return median(t_us[1:] - t_us[:-1]) if len(t_us) > 1 else 0.0


def missing_n(beats: NDArray[np.int64]) -> int:
    """Conversions that are missing, of the number from each reading to the next."""
    return int((beats - 1).sum())


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


def even_runs(t_us: NDArray[np.int64], beats: NDArray[np.int64] | None = None) -> list[Run]:
    """The readings as runs of evenly spaced conversions, some of them missing; `beats` where they are known already."""
    if not len(t_us):
        return []
    beats = beats_of(t_us, period_us(t_us)) if beats is None else beats
    breaks = ((beats > RESTART_BEATS).nonzero()[0] + 1).tolist()
    runs = []
    for first, after in zip([0, *breaks], [*breaks, len(t_us)], strict=True):
        number = np.zeros(after - first, dtype=np.int64)
        beats[first : after - 1].cumsum(out=number[1:])
        runs.append(Run(number, _regress(number, t_us[first:after])))
    return runs


def beats_of(t_us: NDArray[np.int64], period: float) -> NDArray[np.int64]:
    """Conversions from each reading to the next, at least 1.

    A reading gets the latest conversion, however late it is: a long step is a late reading or lost conversions, and
    several readings in a row may be late. So the beat at which conversions become ready is followed, and each reading
    told by how many beats there were since.
    """
    steps = t_us[1:] - t_us[:-1]
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
    line = t_us[0] + slope * every
    there = number if len(number) < len(every) else slice(None)
    rest = t_us - line[there]
    lines = _LocalLines(there, len(every))
    found = lines.through(rest)
    own = found[there]
    late = rest - own
    usual = median(late)
    is_late = late > usual + LATE_US
    if is_late.any():
        found = lines.through(np.where(is_late, own + usual, rest))
    return line + found


class _LocalLines:
    """Straight-line fits around each of n numbers to values at some of them, by sums over its neighbours."""

    def __init__(self, there: NDArray[np.int64] | slice, n: int) -> None:
        self._there = there
        self._x = np.arange(n) - (n - 1) / 2
        self._count, self._mean_x, spread = self._of_all() if isinstance(there, slice) else self._of_some()
        self._lever = (self._x - self._mean_x) / spread

    def _of_all(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Of each line how many numbers it goes by, their mean, and their squares about it; no value is missing."""
        end = self._x[-1]
        first, last = np.maximum(self._x - WINDOW_N, -end), np.minimum(self._x + WINDOW_N, end)
        count = last - first + 1
        return count, (first + last) / 2, count * (count * count - 1) / 12

    def _of_some(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The same where some are missing."""
        is_there = np.zeros(len(self._x))
        is_there[self._there] = 1.0
        x = is_there * self._x
        count, sum_x, sum_xx = _sums_around(np.array((is_there, x, x * self._x)))
        mean_x = sum_x / count
        return count, mean_x, sum_xx - sum_x * mean_x

    def through(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The lines' values, each at its own number."""
        each = np.zeros((2, len(self._x)))
        each[0, self._there] = values
        np.multiply(each[0], self._x, out=each[1])
        total, by_x = _sums_around(each)
        return total / self._count + (by_x - self._mean_x * total) * self._lever


def _sums_around(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """In each row, at each place, the sum of WINDOW_N values on each side and its own."""
    n = rows.shape[1]
    total = np.zeros((len(rows), n + 2 * WINDOW_N + 1))
    rows.cumsum(axis=1, out=total[:, WINDOW_N + 1 : WINDOW_N + 1 + n])
    total[:, WINDOW_N + 1 + n :] = total[:, WINDOW_N + n : WINDOW_N + n + 1]
    return total[:, 2 * WINDOW_N + 1 :] - total[:, :n]
