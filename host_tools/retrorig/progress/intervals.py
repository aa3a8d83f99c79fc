"""Intervals at 95 %: straight lines, and least squares judged by leaving groups out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.t_distribution import student

CONDITION_MAX = 1e8
"""Of the scaled normal equations: beyond it terms can't be told apart."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A value and the half width of its 95 % interval, both in the value's unit."""

    value: float
    pm: float


@dataclass(frozen=True)
class Line:
    """y = middle_y + slope (x - middle_x), by least squares.

    sd: scatter of y about it. spread: sum of (x - middle_x)^2.
    """

    n: int
    middle_x: float
    middle_y: float
    slope: float
    sd: float
    spread: float
    r2: float

    @property
    def slope_pm(self) -> float:
        """Half width of the slope's 95 % interval."""
        return student(self.n - 2) * self.sd / math.sqrt(self.spread)

    def at(self, x: float) -> Estimate:
        """The line's height at x."""
        error = self.sd * math.sqrt(1 / self.n + (x - self.middle_x) ** 2 / self.spread)
        return Estimate(self.middle_y + self.slope * (x - self.middle_x), student(self.n - 2) * error)

    def reaches(self, y: float) -> tuple[float, float, float]:
        """Where the line has the height y: (x, low, high), by Fieller's theorem.

        E. C. Fieller, J. Royal Statistical Society B 16(2), 1954. The ends are infinite if the slope may be zero.
        """
        way = (y - self.middle_y) / self.slope
        doubt = (self.slope_pm / self.slope) ** 2
        if doubt >= 1:
            return self.middle_x + way, -math.inf, math.inf
        half = self.sd * student(self.n - 2) / abs(self.slope)
        half *= math.sqrt((1 - doubt) / self.n + way * way / self.spread) / (1 - doubt)
        middle = self.middle_x + way / (1 - doubt)
        return self.middle_x + way, middle - half, middle + half


def fit_line(x: Floats, y: Floats) -> Line:
    """The least-squares line through three or more points with different x."""
    middle_x, middle_y = float(np.mean(x)), float(np.mean(y))
    spread = float(np.sum((x - middle_x) ** 2))
    slope = float(np.sum((x - middle_x) * (y - middle_y))) / spread
    rest = y - middle_y - slope * (x - middle_x)
    total = float(np.sum((y - middle_y) ** 2))
    left = float(rest @ rest)
    r2 = 1 - left / total if total > 0 else 0.0
    return Line(len(x), middle_x, middle_y, slope, math.sqrt(left / (len(x) - 2)), spread, r2)


@dataclass(frozen=True)
class GroupedFit:
    """Least squares on rows that belong together in groups; replicas are the same fit with one group left out each."""

    values: Floats
    replicas: Floats
    r2: float

    def derive(self, quantity: Callable[[Floats], float]) -> Estimate:
        """Anything computed from the fitted values, with its interval by the jackknife."""
        others = np.array([quantity(replica) for replica in self.replicas])
        return jackknife(quantity(self.values), others, len(self.values))


def jackknife(value: float, others: Floats, terms_n: int) -> Estimate:
    """A value of a fit of so many terms, and its interval from `others`, the same with one group left out each.

    B. Efron, C. Stein, Annals of Statistics 9(3), 1981; groups rather than rows are left out because neighbouring rows
    err together.
    """
    n = len(others)
    error = math.sqrt((n - 1) / n * float(np.sum((others - others.mean()) ** 2)))
    return Estimate(value, student(max(1, n - terms_n)) * error)


def fit_groups(terms: Floats, values: Floats, group: Ints) -> GroupedFit | None:
    """values = terms @ result, by least squares; None if the rows, or those without one group, don't settle it.

    terms: a row for each value, 1 in its first column. group: a whole number for each row, counted from 0 and not
    falling.
    """
    return fit_sums(sums_of(np.column_stack((terms, values)), group))


def sums_of(rows: Floats, group: Ints) -> Floats:
    """The products of each two columns, summed over each group's rows: groups x columns x columns."""
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    return np.add.reduceat(rows[:, :, None] * rows[:, None, :], starts, axis=0)


def fit_sums(sums: Floats) -> GroupedFit | None:
    """The same from what sums_of tells of (terms, value): so many rows need not be there at once.

    Less a group with the sums A of its terms and b of terms and value the fit is x + (S - A)^-1 (A x - b), S being the
    sums of all and x their fit. It is computed with S taken to 1, which tells at once how much of it a group holds.
    """
    total = sums.sum(axis=0)
    square, towards = total[:-1, :-1], total[:-1, -1]
    size = np.sqrt(np.diag(square))
    if len(sums) <= len(size) or not (size > 0).all():
        return None
    if np.linalg.cond(square / np.outer(size, size)) > CONDITION_MAX:
        return None
    found = np.linalg.solve(square, towards)
    to_one: Floats = np.linalg.inv(np.linalg.cholesky(square)).astype(np.float64)
    held = to_one @ sums[:, :-1, :-1] @ to_one.T
    if np.linalg.eigvalsh(held).max() > 1 - 1 / CONDITION_MAX:
        return None
    missing = (sums[:, :-1, :-1] @ found - sums[:, :-1, -1]) @ to_one.T
    moved = np.linalg.solve(np.eye(len(size)) - held, missing[:, :, None])[:, :, 0] @ to_one
    left = total[-1, -1] - float(found @ towards)
    about = total[-1, -1] - towards[0] ** 2 / square[0, 0]
    return GroupedFit(found, found + moved, 1 - max(0.0, left) / max(float(about), np.finfo(float).tiny))
