"""Sums that the law of drag F = c0 + c1 v + m a is fitted from, added up set by set: no window is kept."""

from __future__ import annotations

import numpy as np

from retrorig.measure.sample_table import Drawn
from retrorig.progress.intervals import Floats, sums_of
from retrorig.progress.windows import GROUP_S, Windows, windows_of

SETS_AS_GROUPS_N = 8
"""From so many sets on each is a group: tare and floor are drawn anew for every one."""


class DragSums:
    """Sums of the products of 1, v, a and F over the windows of sets under a known pull, a group each.

    A group is what errs together: a stretch of GROUP_S, or with SETS_AS_GROUPS_N sets or more each set. `sets_n`: sets
    that had such windows, `stretches_n`: their stretches.
    """

    def __init__(self) -> None:
        self.sets_n = self.stretches_n = 0
        self._sums: list[Floats] = []

    def add(self, samples: Drawn) -> Windows:
        """Take a set in; the windows that it has."""
        every = windows_of(samples)
        windows = every.only(~np.isnan(every.force_n))
        if not len(windows.speed_mps):
            return windows
        ones = np.ones(len(windows.speed_mps))
        rows = np.column_stack((ones, windows.speed_mps, windows.accel_mps2, windows.force_n))
        self._sums.append(sums_of(rows, windows.groups(GROUP_S)))
        self.sets_n += 1
        self.stretches_n += len(self._sums[-1])
        if self.sets_n == SETS_AS_GROUPS_N:
            self._sums = [one.sum(axis=0, keepdims=True) for one in self._sums]
        elif self.sets_n > SETS_AS_GROUPS_N:
            self._sums[-1] = self._sums[-1].sum(axis=0, keepdims=True)
        return windows

    @property
    def groups(self) -> Floats:
        """A 4 x 4 of sums for each group."""
        return np.concatenate(self._sums) if self._sums else np.empty((0, 4, 4))


class Spread:
    """Percentiles of values that are counted in bins of `step` between `low` and `high`, and not kept."""

    def __init__(self, low: float, high: float, step: float) -> None:
        self._low, self._step = low, step
        self._counts = np.zeros(round((high - low) / step), np.int32)

    def add(self, values: Floats) -> None:
        """Count values; those outside in the outermost bins."""
        bins = ((values - self._low) / self._step).astype(np.int64)
        np.add.at(self._counts, np.clip(bins, 0, len(self._counts) - 1), 1)

    def percentile(self, per_cent: float) -> float:
        """The middle of the bin in which it lies."""
        so_far = np.cumsum(self._counts)
        return self._low + self._step * (int(np.searchsorted(so_far, per_cent / 100 * so_far[-1])) + 0.5)
