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
        """Anything computed from the fitted values, with its interval by the jackknife.

        B. Efron, C. Stein, Annals of Statistics 9(3), 1981; groups rather than rows are left out because neighbouring
        rows err together.
        """
        others = np.array([quantity(replica) for replica in self.replicas])
        n = len(others)
        error = math.sqrt((n - 1) / n * float(np.sum((others - others.mean()) ** 2)))
        return Estimate(quantity(self.values), student(max(1, n - len(self.values))) * error)


def fit_groups(terms: Floats, values: Floats, group: Ints) -> GroupedFit | None:
    """values = terms @ result, by least squares; None if the rows, or those without one group, don't settle it.

    terms: a row for each value. group: a whole number for each row, counted from 0 and not falling.
    """
    if group[-1] + 1 <= terms.shape[1]:
        return None
    square = terms.T @ terms
    size = np.sqrt(np.diag(square))
    if not (size > 0).all() or np.linalg.cond(square / np.outer(size, size)) > CONDITION_MAX:
        return None
    inverse: Floats = np.linalg.inv(square).astype(np.float64)
    found = inverse @ (terms.T @ values)
    ends = np.flatnonzero(np.diff(group, append=group[-1] + 1)) + 1
    parts = np.split(np.column_stack((terms, values)), ends[:-1])
    replicas = [_without(part, found, inverse) for part in map(_squeezed, parts)]
    settled = [replica for replica in replicas if replica is not None]
    if len(settled) < len(parts):
        return None
    rest, about = values - terms @ found, values - values.mean()
    r2 = 1 - float(rest @ rest) / max(float(about @ about), np.finfo(float).tiny)
    return GroupedFit(found, np.array(settled), r2)


def _squeezed(rows: Floats) -> Floats:
    """No more rows than columns, with the same sums of products: a set of three hours is as quick as a stride."""
    if len(rows) <= rows.shape[1]:
        return rows
    return np.asarray(np.linalg.qr(rows, mode="r"), dtype=np.float64)


def _without(part: Floats, found: Floats, inverse: Floats) -> Floats | None:
    """The fit without a group of (terms, value) rows, from the fit with it; None if the rest does not settle it.

    Of X the group's terms and r what the fit leaves of its values: less inverse X' (1 - X inverse X')^-1 r.
    """
    terms, values = part[:, :-1], part[:, -1]
    reach = inverse @ terms.T
    left = np.eye(len(terms)) - terms @ reach
    if np.linalg.eigvalsh(left).min() < 1 / CONDITION_MAX:
        return None
    return found - reach @ np.linalg.solve(left, values - terms @ found)
