"""What somebody did and how it felt: the weeks, the last day, best and last, effort and pain, doubtful sets."""

from __future__ import annotations

from collections.abc import Sequence

from retrorig import local_minute
from retrorig.desk.pages.part import NONE, Asked, Cell, PagePart, grew, when, with_pm
from retrorig.desk.wording import Phrase, Reasons, Said
from retrorig.progress import Trend, Week, best_of, day_of, felt_of, grade_history, remarks, trend_of

POOR_N = 50
"""Doubtful sets that are listed, the newest."""

_GROWN = ("duration_s", "backward_m", "work_j", "load_kg_m")
_WEEKS = (
    "week", "", "sets", "minutes", "grew", "metres", "grew", "joules", "grew", "kg_m", "grew", "speed", "change",
)  # fmt: skip


def trend(asked: Asked) -> PagePart:
    """Week over week, with what grew by more than the coach's limit marked."""
    found = trend_of(asked.rows, limit_pct=asked.limit_pct)
    over = frozenset(place for place, week in enumerate(found.weeks) if week.over_limit)
    return PagePart(_about_speeds(found), _WEEKS, [_week(asked, week) for week in found.weeks], found, over)


def _week(asked: Asked, week: Week) -> Sequence[str]:
    sums = week.totals
    shown = (
        f"{sums.duration_s / 60:.1f}",
        asked.number(sums.backward_m, 0, "m"),
        asked.number(sums.work_j, 0),
        asked.number(sums.load_kg_m, 0),
    )
    growths = (grew(week.growth_pct.get(key), week.growth_pm_pct.get(key)) for key in _GROWN)
    pairs = [cell for pair in zip(shown, growths, strict=True) for cell in pair]
    change = grew(week.speed_change_pct, week.speed_smallest_change_pct, 1)
    return (
        week.monday,
        remarks(week),
        str(sums.sets),
        *pairs,
        asked.number(week.speed_mps, 2, "m/s"),
        change,
    )


def _about_speeds(found: Trend) -> list[Said]:
    told = []
    if found.speed_conditions:
        told.append(Said("speeds_of", found.speed_conditions))
    if found.typical_error_pct is not None:
        between = Phrase(found.typical_error_between or "")
        told.append(Said("typical_error", f"{found.typical_error_pct:.1f}", between))
    if found.undated:
        told.append(Said("undated", found.undated))
    return told


def day(asked: Asked) -> PagePart:
    """The last day beside the training day before."""
    found = day_of(asked.rows)
    days = [(found.day, found.totals), (found.before_day, found.before)]
    table = [
        (
            str(name),
            str(sums.sets),
            f"{sums.duration_s / 60:.1f}",
            asked.number(sums.backward_m, 1, "m"),
            asked.number(sums.work_j, 0),
            asked.number(sums.load_kg_m, 0),
            asked.number(sums.mean_speed_mps, 2, "m/s"),
            asked.number(sums.rpe, 1),
            asked.number(sums.pain, 0),
        )
        for name, sums in days
        if sums is not None
    ]
    told = [
        Said(
            "changed_since",
            each.conditions,
            grew(each.change_pct, each.smallest_change_pct, 1),
            each.before_day,
        )
        for each in found.speeds
        if each.change_pct is not None
    ]
    head = ("day", "sets", "minutes", "metres", "joules", "kg_m", "speed", "rpe", "pain")
    return PagePart(told, head, table)


def best(asked: Asked) -> PagePart:
    """The fastest of all beside the newest, under equal conditions."""
    table = [
        (
            each.conditions,
            str(each.sets),
            when(each.fastest),
            asked.speed_of(each.fastest),
            when(each.newest),
            asked.speed_of(each.newest),
            f"{each.last_pct:.1f}",
            asked.number(each.chance_pct, 1),
        )
        for each in best_of(asked.rows)
    ]
    return PagePart(
        [], ("conditions", "sets", "fastest", "speed", "last", "speed", "slower", "chance"), table
    )


def felt(asked: Asked) -> PagePart:
    """Effort and pain as they were rated."""
    found = felt_of(asked.rows)
    table = [
        (each.day, str(each.sets), with_pm(each.rpe, None, 1), with_pm(each.pain, None, 0))
        for each in reversed(found.days)
    ]
    unrated = [Said("unrated", found.unrated)] if found.unrated else []
    return PagePart(unrated, ("day", "sets", "rpe", "pain"), table, found)


def grades(asked: Asked) -> PagePart:
    """Which sets are not to be trusted fully, and why."""
    found = grade_history(asked.rows)
    poor = found.poor[-POOR_N:][::-1]
    table: list[Sequence[Cell]] = [
        (local_minute(each.started_utc) if each.started_utc else NONE, each.quality, Reasons(each.reasons))
        for each in poor
    ]
    told = [Said("graded", found.sets - len(found.poor), found.sets)]
    if found.poor[POOR_N:]:
        told.append(Said("newest_only", POOR_N))
    return PagePart(told, ("day", "grade", "reasons"), table)
