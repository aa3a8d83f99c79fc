"""Velocity loss within sets and across them, and whether to stop at the coach's own percentage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrorig.errors import InputError
from retrorig.measure.sample_table import Drawn
from retrorig.progress.change import WITHIN_DAYS, typical_error_of
from retrorig.progress.conditions import by_conditions, work_sets
from retrorig.progress.pace import Pace, pace_of
from retrorig.set_row import SetRow

SHORT = "its steady part is too short to judge"

STOP, CLOSE, GO_ON = "stop", "close", "go on"


@dataclass(frozen=True)
class SetLoss:
    """One set's speeds, m/s, over its steady part.

    within_pct: last stretch against the fastest of the set; within_pm_pct: what chance does between two stretches.
    across_pct: this set's mean against the fastest set so far under equal conditions (negative: it is the fastest).
    reached_at_m: where in the set the speed first fell by the coach's percentage from the set's best.
    why: the reason when nothing can be said.
    """

    set_id: str
    started_utc: str | None
    conditions: str
    mean_mps: float | None = None
    best_mps: float | None = None
    last_mps: float | None = None
    within_pct: float | None = None
    within_pm_pct: float | None = None
    across_pct: float | None = None
    reached_at_m: float | None = None
    why: str | None = None


@dataclass(frozen=True)
class Advice:
    """After the last set under these conditions, by the coach's percentage.

    verdict: "stop": the last set lost more than that. "close": it lost less, but by less than chance may do. "go on".
    floor_mps: the mean speed of a set below which the loss is exceeded. first_over: the set where it first was.
    smallest_change_pct: what chance alone may do between two sets; None if too few were repeated to know.
    """

    conditions: str
    stop_pct: float
    verdict: str
    loss_pct: float
    floor_mps: float
    first_over: str | None
    smallest_change_pct: float | None


@dataclass(frozen=True)
class Fatigue:
    """The sets of a session in order; advice for conditions with two sets or more, if the coach gave a percentage."""

    sets: list[SetLoss]
    advice: list[Advice]


def fatigue_of(
    rows: Sequence[SetRow], samples_of: Callable[[str], Drawn], stop_pct: float | None = None
) -> Fatigue:
    """Velocity loss of the work sets of one session; InputError if none of them can be judged."""
    if stop_pct is not None and not 0 < stop_pct < 100:
        raise InputError("--stop-pct is the loss of speed at which to stop: give a number between 0 and 100.")
    found: list[SetLoss] = []
    advice: list[Advice] = []
    for conditions, sets in by_conditions(work_sets(rows)).items():
        paces = [pace_of(samples_of(row.set_id), row.cadence_spm) for row in sets]
        found += _losses(str(conditions), sets, paces, stop_pct)
        known = [(row.set_id, pace.mean_mps) for row, pace in zip(sets, paces, strict=True) if pace]
        if stop_pct is not None and len(known) > 1:
            advice.append(_advise(str(conditions), known, stop_pct))
    if not any(entry.why is None for entry in found):
        raise InputError(
            "No set here is long enough to tell a loss of speed: it takes some six seconds of steady walking."
        )
    order = {row.set_id: number for number, row in enumerate(rows)}
    return Fatigue(sorted(found, key=lambda entry: order[entry.set_id]), advice)


def _losses(
    conditions: str, rows: list[SetRow], paces: list[Pace | None], stop_pct: float | None
) -> list[SetLoss]:
    found, fastest = [], 0.0
    for row, pace in zip(rows, paces, strict=True):
        if pace is None:
            found.append(SetLoss(row.set_id, row.started_utc, conditions, why=SHORT))
            continue
        across = 100 * (1 - pace.mean_mps / fastest) if fastest else None
        fastest = max(fastest, pace.mean_mps)
        reached = None if stop_pct is None else pace.below(pace.best_mps * (1 - stop_pct / 100))
        found.append(
            SetLoss(
                set_id=row.set_id,
                started_utc=row.started_utc,
                conditions=conditions,
                mean_mps=pace.mean_mps,
                best_mps=pace.best_mps,
                last_mps=float(pace.stretch_mps[-1]),
                within_pct=pace.loss_pct,
                within_pm_pct=pace.loss_pm_pct,
                across_pct=across,
                reached_at_m=reached,
            )
        )
    return found


def _advise(conditions: str, known: list[tuple[str, float]], stop_pct: float) -> Advice:
    """known: (set id, mean speed) in order."""
    speeds = [speed for _, speed in known]
    fastest = max(speeds)
    loss_pct = 100 * (1 - speeds[-1] / fastest)
    error = typical_error_of([speeds], WITHIN_DAYS)
    smallest = error.smallest_change_pct(1, 1) if error else None
    verdict = STOP if loss_pct > stop_pct else CLOSE if loss_pct + (smallest or 0.0) > stop_pct else GO_ON
    best_so_far, first_over = 0.0, None
    for set_id, speed in known:
        best_so_far = max(best_so_far, speed)
        if first_over is None and speed < best_so_far * (1 - stop_pct / 100):
            first_over = set_id
    return Advice(
        conditions, stop_pct, verdict, loss_pct, fastest * (1 - stop_pct / 100), first_over, smallest
    )
