"""Sums of each week and their growth from week to week, against the coach's own limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from retrorig.errors import InputError
from retrorig.progress.change import BETWEEN_DAYS, typical_error
from retrorig.progress.conditions import Conditions, by_day, commonest, conditions_of, mean_speed, work_sets
from retrorig.progress.totals import SUMMED, Totals, growth_pct, totals_of
from retrorig.set_row import SetRow

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """One week from Monday on.

    growth_pct: against the last week that had sets, by quantity; growth_pm_pct: what measuring alone could make of it.
    pause_weeks: weeks without sets in between. over_limit: quantities that grew by more than the coach's limit.
    is_running: today is in it, so it may still grow.
    speed_mps: mean of the sets under the commonest conditions; its change, and the smallest worth reporting.
    """

    monday: str
    days: int
    totals: Totals
    pause_weeks: int = 0
    growth_pct: dict[str, float | None] = field(default_factory=dict)
    growth_pm_pct: dict[str, float | None] = field(default_factory=dict)
    over_limit: list[str] = field(default_factory=list)
    is_running: bool = False
    speed_mps: float | None = None
    speed_change_pct: float | None = None
    speed_smallest_change_pct: float | None = None


@dataclass(frozen=True)
class Trend:
    """speed_conditions: those of the weeks' speeds. typical_error_pct: of one repeat, None if unknown."""

    athlete: str | None
    limit_pct: float | None
    weeks: list[Week]
    speed_conditions: str | None
    typical_error_pct: float | None
    typical_error_between: str | None
    undated: int


def trend_of(
    rows: Sequence[SetRow],
    athlete: str | None = None,
    limit_pct: float | None = None,
    today: date | None = None,
) -> Trend:
    """All weeks with sets, oldest first. limit_pct: growth from week to week above which a quantity is marked."""
    if limit_pct is not None and not 0 <= limit_pct < math.inf:
        raise InputError("--limit-pct is how much a week may grow: give a number of 0 or more.")
    mondays: dict[date, list[SetRow]] = {}
    for day, sets in by_day(rows).items():
        mondays.setdefault(day - timedelta(days=day.weekday()), []).extend(sets)
    conditions = commonest([row for row in rows if row.started_utc])
    speeds = _Speeds(rows, conditions)
    weeks: list[Week] = []
    for monday, sets in mondays.items():
        weeks.append(_week(monday, sets, weeks, limit_pct, speeds, today or date.today()))
    error = speeds.error
    return Trend(
        athlete=athlete,
        limit_pct=limit_pct,
        weeks=weeks,
        speed_conditions=str(conditions) if conditions else None,
        typical_error_pct=error.percent if error else None,
        typical_error_between=error.seen_between if error else None,
        undated=sum(row.started_utc is None for row in rows),
    )


def _week(
    monday: date,
    sets: list[SetRow],
    earlier: list[Week],
    limit_pct: float | None,
    speeds: _Speeds,
    today: date,
) -> Week:
    totals, running = totals_of(sets), monday <= today < monday + WEEK
    speed, change, smallest = speeds.of_week(sets)
    days_n = len(by_day(sets))
    if not earlier:
        return Week(monday.isoformat(), days_n, totals, is_running=running, speed_mps=speed)
    before = earlier[-1]
    grown = {key: growth_pct(before.totals, totals, key) for key in SUMMED}
    over = [
        key
        for key, (grew, _) in grown.items()
        if limit_pct is not None and grew is not None and grew > limit_pct
    ]
    return Week(
        monday=monday.isoformat(),
        days=days_n,
        totals=totals,
        pause_weeks=(monday - date.fromisoformat(before.monday)) // WEEK - 1,
        growth_pct={key: grew for key, (grew, _) in grown.items()},
        growth_pm_pct={key: pm for key, (_, pm) in grown.items()},
        over_limit=over,
        is_running=running,
        speed_mps=speed,
        speed_change_pct=change,
        speed_smallest_change_pct=smallest,
    )


class _Speeds:
    """Mean speeds of the weeks under the same conditions, each against the last week that has one."""

    def __init__(self, rows: Sequence[SetRow], conditions: Conditions | None) -> None:
        self._conditions = conditions
        self._before: tuple[float, int] | None = None
        self.error = typical_error(rows)

    def of_week(self, sets: list[SetRow]) -> tuple[float | None, float | None, float | None]:
        """(mean speed, change in percent, smallest change worth reporting in percent)."""
        found = [row for row in work_sets(sets) if conditions_of(row) == self._conditions]
        if not found:
            return None, None, None
        is_by_day = self.error is not None and self.error.seen_between == BETWEEN_DAYS
        n = len(by_day(found)) if is_by_day else len(found)
        speed = mean_speed(found)
        before, self._before = self._before, (speed, n)
        if before is None:
            return speed, None, None
        smallest = self.error.smallest_change_pct(before[1], n) if self.error else None
        return speed, 100 * (speed / before[0] - 1), smallest
