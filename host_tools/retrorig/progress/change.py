"""The smallest change worth reporting, from how much repeated sets under equal conditions differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.progress.conditions import by_conditions, by_day, work_sets
from retrorig.set_row import SetRow

PAIRS_MIN_N = 5
"""Fewer pairs know the error to no better than a third of it."""

NORMAL_975 = 1.96
BETWEEN_DAYS = "days"
WITHIN_DAYS = "sets of one day"


@dataclass(frozen=True)
class TypicalError:
    """How far a repeated value lies from the same person's usual one, one standard deviation, percent.

    seen_between: BETWEEN_DAYS, or WITHIN_DAYS where too few days were repeated; days differ more than sets.
    """

    percent: float
    pairs_n: int
    seen_between: str

    def smallest_change_pct(self, before_n: int, after_n: int) -> float:
        """The change between two means that chance exceeds once in twenty times, percent.

        The counts are of days or of sets, as `seen_between` says.
        """
        return NORMAL_975 * math.sqrt(1 / before_n + 1 / after_n) * self.percent


def typical_error(rows: Iterable[SetRow], key: str = "mean_speed_mps") -> TypicalError | None:
    """From one athlete's dated sets under equal conditions; None when too few were repeated.

    Between days (means of each day's sets) if at least PAIRS_MIN_N neighbouring days can be compared, else between
    neighbouring sets of a day.
    """
    days = [by_conditions(work_sets(sets)) for sets in by_day(rows).values()]
    runs: dict[object, list[float]] = {}
    for groups in days:
        for conditions, sets in groups.items():
            runs.setdefault(conditions, []).append(float(np.mean(_known(sets, key) or [math.nan])))
    between = typical_error_of(runs.values(), BETWEEN_DAYS)
    if between is not None:
        return between
    return typical_error_of((_known(sets, key) for groups in days for sets in groups.values()), WITHIN_DAYS)


def typical_error_of(runs: Iterable[Sequence[float]], seen_between: str) -> TypicalError | None:
    """The standard deviation of neighbours' differences over sqrt(2), in logarithms, so in percent.

    W. G. Hopkins, Sports Medicine 30(1), 2000: the mean change from one to the next (learning, tiring) is taken out.
    """
    logs = [np.log([value for value in run if value > 0]) for run in runs]
    steps = np.concatenate([np.diff(run) for run in logs] or [np.empty(0)])
    if len(steps) < PAIRS_MIN_N:
        return None
    return TypicalError(100 * float(np.std(steps, ddof=1)) / math.sqrt(2), len(steps), seen_between)


def _known(rows: Iterable[SetRow], key: str) -> list[float]:
    return [row.value(key) for row in rows if row.value(key)]
