"""One day of an athlete, beside the training day before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from retrorig.errors import InputError
from retrorig.progress.change import BETWEEN_DAYS, typical_error
from retrorig.progress.conditions import by_conditions, by_day, conditions_of, mean_speed, work_sets
from retrorig.progress.totals import Totals, totals_of
from retrorig.set_row import SetRow

SHOWN = (
    "set_id", "athlete", "kind", "machine", "side", "load_kg", "started_utc", "duration_s", "backward_m", "forward_m",
    "mean_speed_mps", "peak_speed_mps", "mean_force_n", "mean_power_w", "work_j", "steps", "cadence_spm", "rpe", "pain",
    "quality",
)  # fmt: skip


@dataclass(frozen=True)
class Speed:
    """Mean speed of the day's sets under equal conditions, against the last day with the same.

    smallest_change_pct: what chance alone may do, None when too few sets were repeated to know.
    """

    conditions: str
    sets: int
    mean_speed_mps: float
    before_day: str | None
    change_pct: float | None
    smallest_change_pct: float | None


@dataclass(frozen=True)
class Day:
    """day: ISO date. sets: that day's, each with `rest_s` since the end of the one before. undated: sets left out."""

    day: str
    athlete: str | None
    sets: list[dict[str, Any]]
    totals: Totals
    before_day: str | None
    before: Totals | None
    speeds: list[Speed]
    undated: int


def day_of(rows: Sequence[SetRow], athlete: str | None = None, day: date | None = None) -> Day:
    """The day asked for, or the last one with sets; InputError if there is none."""
    days = by_day(rows)
    wanted = day or max(days)
    if wanted not in days:
        raise InputError(f"There are no sets on {wanted}: the last day with sets is {max(days)}.")
    earlier = [other for other in days if other < wanted]
    last = max(earlier, default=None)
    return Day(
        day=wanted.isoformat(),
        athlete=athlete,
        sets=_with_rests(days[wanted]),
        totals=totals_of(days[wanted]),
        before_day=last.isoformat() if last else None,
        before=totals_of(days[last]) if last else None,
        speeds=_speeds({key: days[key] for key in (*earlier, wanted)}, wanted),
        undated=sum(row.started_utc is None for row in rows),
    )


def _with_rests(rows: Sequence[SetRow]) -> list[dict[str, Any]]:
    found, ended = [], None
    for row in rows:
        started = datetime.fromisoformat(row.started_utc or "").timestamp()
        rest_s = None if ended is None else max(0.0, started - ended)
        found.append({**{key: row.value(key) for key in SHOWN}, "rest_s": rest_s})
        ended = started + row.duration_s
    return found


def _speeds(days: dict[date, list[SetRow]], wanted: date) -> list[Speed]:
    groups = by_conditions(work_sets(days[wanted]))
    error = typical_error(row for rows in days.values() for row in rows)
    found = []
    for conditions, rows in groups.items():
        speed_mps = mean_speed(rows)
        others = {
            day: [row for row in work_sets(sets) if conditions_of(row) == conditions]
            for day, sets in days.items()
        }
        before = max((day for day, sets in others.items() if day < wanted and sets), default=None)
        if before is None:
            found.append(Speed(str(conditions), len(rows), speed_mps, None, None, None))
            continue
        counts = (1, 1) if error and error.seen_between == BETWEEN_DAYS else (len(others[before]), len(rows))
        smallest = error.smallest_change_pct(*counts) if error else None
        change = 100 * (speed_mps / mean_speed(others[before]) - 1)
        found.append(Speed(str(conditions), len(rows), speed_mps, before.isoformat(), change, smallest))
    return found
