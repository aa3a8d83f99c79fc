"""Least squares with a level of its own for each day and slopes in common: F = c0(day) + c1 v + m a.

Levels are taken out day by day: the slopes follow from what varies within days, and a day's level is what its means
leave (R. Frisch, F. V. Waugh, Econometrica 1(4), 1933). So many days need no more room than few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.progress.intervals import CONDITION_MAX, Estimate, Floats, jackknife


@dataclass(frozen=True)
class _Fit:
    """slopes: c1 and m. means: for each day those of v, a and F. own: where a fit is without one group of a day, the
    group's places among all fits of its kind, and its day's means without it."""

    slopes: Floats
    means: Floats
    own: Sequence[tuple[slice, Floats]] = ()

    def level(self, day: int) -> Floats:
        """c0 of a day, one for each of the slopes."""
        means = np.broadcast_to(self.means[day], (*self.slopes.shape[:-1], 3))
        if self.own:
            means = means.copy()
            at, others = self.own[day]
            means[at] = others
        return means[..., 2] - np.sum(means[..., :2] * self.slopes, axis=-1)


@dataclass(frozen=True)
class DaysFit:
    """whole: from all groups. without: with one group left out each."""

    whole: _Fit
    without: _Fit

    def estimate(self, quantity: Callable[[_Fit], Floats]) -> Estimate:
        """Anything computed from a fit, with its interval by the jackknife."""
        terms_n = len(self.whole.means) + self.whole.slopes.size
        return jackknife(float(quantity(self.whole)), quantity(self.without), terms_n)


def fit_days(days: Sequence[Floats]) -> DaysFit | None:
    """days: for each day the sums of its groups, as DragSums has them. None if they settle no law."""
    totals = [groups.sum(axis=0) for groups in days]
    within = [_within(total) for total in totals]
    all_days = np.sum(within, axis=0)
    slopes = _slopes(all_days)
    if slopes is None:
        return None
    parts, own, first = [], [], 0
    for groups, total, of_day in zip(days, totals, within, strict=True):
        others = total - groups
        if len(groups) < 2 or not _settle(sums := all_days - of_day + _within(others)):
            return None
        parts.append(np.linalg.solve(sums[:, :2, :2], sums[:, :2, 2:])[:, :, 0])
        own.append((slice(first, first + len(groups)), _means(others)))
        first += len(groups)
    means = np.array([_means(total) for total in totals])
    return DaysFit(_Fit(slopes, means), _Fit(np.concatenate(parts), means, own))


def _means(sums: Floats) -> Floats:
    return sums[..., 0, 1:] / sums[..., :1, 0]


def _within(sums: Floats) -> Floats:
    """Sums of the products of v, a and F, each less its mean."""
    return sums[..., 1:, 1:] - _means(sums)[..., :, None] * sums[..., None, 0, 1:]


def _slopes(sums: Floats) -> Floats | None:
    if not _settle(sums):
        return None
    return np.linalg.solve(sums[:2, :2], sums[:2, 2]).astype(np.float64)


def _settle(sums: Floats) -> bool:
    """Whether speed and acceleration vary, and apart."""
    square = sums[..., :2, :2]
    size = np.sqrt(np.maximum(np.diagonal(square, axis1=-2, axis2=-1), 0.0))
    if not (size > 0).all():
        return False
    return bool((np.linalg.cond(square / (size[..., :, None] * size[..., None, :])) <= CONDITION_MAX).all())
