"""Best and latest set: for sets under equal conditions, the fastest of all beside the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrorig.errors import InputError
from retrorig.progress.change import WITHIN_DAYS, typical_error_of
from retrorig.progress.conditions import by_conditions, dated, work_sets
from retrorig.set_row import SetRow


@dataclass(frozen=True)
class Best:
    """Sets under equal conditions: how many, the fastest by mean speed, the newest.

    last_pct: how much slower the newest was than the fastest. chance_pct: what chance alone does between two sets;
    None when too few were repeated to know.
    """

    conditions: str
    sets: int
    fastest: SetRow
    newest: SetRow
    last_pct: float
    chance_pct: float | None


def best_of(rows: Sequence[SetRow]) -> list[Best]:
    """An entry for each conditions of dated work sets, the commonest first; InputError without any."""
    groups = by_conditions(work_sets(dated(rows)))
    if not groups:
        raise InputError(
            "There is no work set to compare: warm-ups and cool-downs tell nothing of what one can do."
        )
    found = [_best(str(conditions), sets) for conditions, sets in groups.items()]
    return sorted(found, key=lambda each: -each.sets)


def _best(conditions: str, sets: list[SetRow]) -> Best:
    speeds = [row.mean_speed_mps or 0.0 for row in sets]
    fastest = sets[speeds.index(max(speeds))]
    error = typical_error_of([speeds], WITHIN_DAYS)
    return Best(
        conditions,
        len(sets),
        fastest,
        sets[-1],
        100 * (1 - speeds[-1] / max(speeds)) if max(speeds) > 0 else 0.0,
        error.smallest_change_pct(1, 1) if error else None,
    )
