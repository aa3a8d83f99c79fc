"""Parts of an athlete's page: weeks, best and last set, effort and pain, sides, fatigue, profile, drag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from retrorig.library import Library, SetRow
from retrorig.progress.best import best_of
from retrorig.progress.conditions import by_day, latest_alike
from retrorig.progress.drag import drag_of
from retrorig.progress.fatigue import fatigue_of
from retrorig.progress.felt import felt_of
from retrorig.progress.intervals import Estimate
from retrorig.progress.points import left_out, points_of
from retrorig.progress.profile import profile_of
from retrorig.progress.sentences import advised, remarks
from retrorig.progress.sides import sides_of
from retrorig.progress.trend import Trend, Week, trend_of
from retrorig.report import words
from rigcore.vocabulary import SLED

DECREMENTS_PCT = (10.0, 25.0, 50.0)
"""Losses of speed that coaches choose loads for."""


@dataclass(frozen=True)
class Asked:
    """Whose sets, and the coach's own limits: growth of a week, and the loss of speed at which to stop."""

    library: Library
    rows: Sequence[SetRow]
    limit_pct: float | None
    stop_pct: float | None


@dataclass(frozen=True)
class Part:
    """An answer: sentences, a table under `head` (keys of the words), and what can be drawn of it.

    marked: the table's rows that are over a limit.
    """

    sentences: Sequence[str]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    answer: Any = None
    marked: frozenset[int] = field(default_factory=frozenset)


_GROWN = ("duration_s", "backward_m", "work_j", "load_kg_m")


def _trend(asked: Asked) -> Part:
    found = trend_of(asked.rows, limit_pct=asked.limit_pct)
    over = frozenset(place for place, week in enumerate(found.weeks) if week.over_limit)
    head = (
        "week",
        "",
        "sets",
        "minutes",
        "grew",
        "metres",
        "grew",
        "joules",
        "grew",
        "kg_m",
        "grew",
        "speed",
        "change",
    )
    return Part(_about_speeds(found), head, [_week(week) for week in found.weeks], found, over)


def _week(week: Week) -> Sequence[str]:
    sums = week.totals
    shown = (
        f"{sums.duration_s / 60:.1f}",
        f"{sums.backward_m:.0f}",
        _number(sums.work_j, 0),
        _number(sums.load_kg_m, 0),
    )
    grew = (_grew(week.growth_pct.get(key), week.growth_pm_pct.get(key)) for key in _GROWN)
    pairs = [cell for pair in zip(shown, grew, strict=True) for cell in pair]
    change = _grew(week.speed_change_pct, week.speed_smallest_change_pct, 1)
    return (week.monday, remarks(week), str(sums.sets), *pairs, _number(week.speed_mps, 2), change)


def _about_speeds(found: Trend) -> list[str]:
    told = []
    if found.speed_conditions:
        told.append(f"Speeds are of the commonest conditions: {found.speed_conditions}.")
    if found.typical_error_pct is not None:
        told.append(
            f"A repeated set differs by {found.typical_error_pct:.1f} % (between {found.typical_error_between}): a "
            "change below the smallest is not worth reporting."
        )
    if found.undated:
        told.append(f"{found.undated} sets have no date and are in no week.")
    return told


def _best(asked: Asked) -> Part:
    table = [
        (
            each.conditions,
            str(each.sets),
            _when(each.fastest),
            _speed(each.fastest),
            _when(each.newest),
            _speed(each.newest),
            f"{each.last_pct:.1f}",
            _number(each.chance_pct, 1),
        )
        for each in best_of(asked.rows)
    ]
    return Part([], ("conditions", "sets", "fastest", "speed", "last", "speed", "slower", "chance"), table)


def _felt(asked: Asked) -> Part:
    found = felt_of(asked.rows)
    table = [
        (day.day, str(day.sets), _number(day.rpe, 1), _number(day.pain, 0)) for day in reversed(found.days)
    ]
    unrated = [f"On {found.unrated} more days with sets nothing was rated."] if found.unrated else []
    return Part(unrated, ("day", "sets", "rpe", "pain"), table, found)


def _sides(asked: Asked) -> Part:
    found = sides_of(asked.rows)
    table = [
        (
            words.QUANTITIES[each.quantity][0],
            f"{each.left_n} / {each.right_n}",
            f"{each.left:.3g} ± {each.left_sd:.2g}",
            f"{each.right:.3g} ± {each.right_sd:.2g}",
            f"{each.index_pct:+.1f} ± {each.index_pm_pct:.1f}",
            "" if each.is_certain else "may be chance",
        )
        for each in found.by_side
    ]
    told = [f"{reason[:1].upper()}{reason[1:]}." for reason in found.why]
    if steps := found.by_steps:
        told.append(
            f"Steps of one foot against the other: {steps.median_pct:.0f} % apart in the middle set "
            f"({steps.lowest_pct:.0f} to {steps.highest_pct:.0f} %), each known to ±{steps.usual_pm_pct:.0f} %. "
            f"Sets: {steps.sets}; with more than chance: {steps.certain}."
        )
    return Part(told, ("quantity", "left_right", "left", "right", "index", ""), table, found)


def _fatigue(asked: Asked) -> Part:
    found = fatigue_of(_last_day(asked.rows), asked.library.samples, asked.stop_pct)
    table = [
        (
            each.set_id[-5:],
            each.conditions,
            _number(each.mean_mps, 3),
            _number(each.best_mps, 3),
            _number(each.last_mps, 3),
            _pm(each.within_pct, each.within_pm_pct, 0),
            _number(each.across_pct, 1),
            each.why or "",
        )
        for each in found.sets
    ]
    told = [sentence for advice in found.advice for sentence in advised(advice)]
    head = ("set", "conditions", "speed", "best", "last_stretch", "within", "across", "")
    return Part([_day_told(asked.rows), *told], head, table, found)


def _profile(asked: Asked) -> Part:
    day = _last_day(asked.rows)
    axis, points = points_of(day, asked.library.samples)
    found = profile_of(points, axis, DECREMENTS_PCT)
    unit = found.unit
    told = [
        _day_told(asked.rows),
        f"Without load {_estimate(found.v0_mps, 3)} m/s, less by {_estimate(found.slope, 5)} m/s a {unit}; from "
        f"{len(points)} sets with {found.loads} loads, {found.lightest:.4g} to {found.heaviest:.4g} {unit}; r2 "
        f"{found.r2:.3f}. It would stand still at {found.l0:.4g} {unit} ({found.l0_low:.4g} to {found.l0_high:.4g}), "
        "which nobody tried.",
    ]
    if missed_n := left_out(day, points):
        told.append(f"Left out for want of a load or of a steady part: {missed_n} of the work sets.")
    table = [
        (
            f"{n.decrement_pct:g}",
            f"{n.speed_mps:.3f}",
            f"{n.load:.1f} {unit}",
            f"{n.low:.3g} to {n.high:.3g}",
            "" if n.is_tested else "beyond the loads tried",
        )
        for n in found.next_loads
    ]
    return Part(told, ("loss", "speed", "load", "interval", ""), table, found)


def _drag(asked: Asked) -> Part:
    alike = latest_alike(asked.rows)
    found = drag_of([asked.library.samples(row.set_id) for row in alike], alike[0].machine == SLED)
    table = [
        (name, _estimate(value, digits), unit)
        for name, value, digits, unit in (
            ("drag at a steady 1 m/s", found.drag_n, 1, "N"),
            ("dry friction", found.c0_n, 1, "N"),
            ("grows with speed", found.c1_ns_per_m, 1, "N per m/s"),
            ("moved mass", found.mass_kg, 1, "kg"),
            ("friction coefficient", found.friction, 3, ""),
        )
        if value
    ]
    told = (
        f"From the latest {found.sets} sets of rig {alike[0].rig_id} under equal conditions, "
        f"{found.speeds_mps[0]:.2f} to {found.speeds_mps[1]:.2f} m/s; the law explains {100 * found.r2:.0f} % of the "
        "pull's changes."
    )
    return Part([told], ("quantity", "value", ""), table, found)


PARTS: dict[str, Callable[[Asked], Part]] = {
    "trend": _trend,
    "best": _best,
    "felt": _felt,
    "sides": _sides,
    "fatigue": _fatigue,
    "profile": _profile,
    "drag": _drag,
}


def _last_day(rows: Sequence[SetRow]) -> list[SetRow]:
    days = by_day(rows)
    return days[max(days)]


def _day_told(rows: Sequence[SetRow]) -> str:
    return f"Sets of {max(by_day(rows))}, the last day."


def _when(row: SetRow) -> str:
    return f"{row.started:%Y-%m-%d %H:%M}" if row.started else "–"


def _speed(row: SetRow) -> str:
    return f"{words.value(row, 'mean_speed_mps')} {words.plus_minus(row, 'mean_speed_mps')}".strip()


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _pm(value: float | None, pm: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}" + ("" if pm is None else f" ± {pm:.{digits}f}")


def _grew(percent: float | None, pm: float | None, digits: int = 0) -> str:
    return "" if percent is None else f"{percent:+.{digits}f}" + (f" ± {pm:.{digits}f}" if pm else "")


def _estimate(value: Estimate, digits: int) -> str:
    return f"{value.value:.{digits}f} ± {value.pm:.{digits}f}"
