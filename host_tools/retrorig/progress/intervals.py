"""Intervals at 95 %: Student's distribution, straight lines, and least squares judged by leaving groups out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SHARE = 0.95
_GRID_N = 20_001
_FREEDOM_MAX = 1000.0
"""From here on the distribution is normal to 0.1 %."""

SETTLED_MIN = 1e-4
"""Share of a term that the others must leave unexplained."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A value and the half width of its 95 % interval, both in the value's unit."""

    value: float
    pm: float


@lru_cache(maxsize=256)
def student(freedom: float) -> float:
    """How many standard errors hold 95 % on both sides, at so many degrees of freedom (1 and more).

    With t = sqrt(freedom) tan(angle) the density is cos(angle)^(freedom - 1), which is summed and looked up.
    """
    freedom = min(freedom, _FREEDOM_MAX)
    angle = np.linspace(0.0, math.pi / 2, _GRID_N)
    density = np.cos(angle) ** (freedom - 1)
    inside = np.concatenate(([0.0], np.cumsum(density[1:] + density[:-1])))
    return math.sqrt(freedom) * math.tan(float(np.interp(SHARE * inside[-1], inside, angle)))


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
    ends = np.flatnonzero(np.diff(group, append=group[-1] + 1)) + 1
    parts = [slice(first, after) for first, after in zip([0, *ends[:-1]], ends, strict=True)]
    if len(parts) <= terms.shape[1]:
        return None
    square, total = terms.T @ terms, terms.T @ values
    found = _solved(square, total)
    others = [_solved(square - terms[p].T @ terms[p], total - terms[p].T @ values[p]) for p in parts]
    replicas = [other for other in others if other is not None]
    if found is None or len(replicas) < len(parts):
        return None
    rest, about = values - terms @ found, values - values.mean()
    r2 = 1 - float(rest @ rest) / max(float(about @ about), np.finfo(float).tiny)
    return GroupedFit(found, np.array(replicas), r2)


def _solved(square: Floats, total: Floats) -> Floats | None:
    """Of the normal equations; None if two terms can't be told apart (a condition of some 1e8)."""
    size = np.sqrt(np.maximum(np.diag(square), 0.0))
    if not (size > 0).all():
        return None
    try:
        root = np.linalg.cholesky(square / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    return np.linalg.solve(square, total) if np.diag(root).min() > SETTLED_MIN else None
