"""Sums over sets: sets, time, distance and work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from retrorig.set_row import SetRow

SUMMED = ("duration_s", "backward_m", "work_j", "load_kg_m")
"""What grows with training: time under way, distance, work, and kilograms times metres."""


@dataclass(frozen=True)
class Totals:
    """Sums of some sets; None where no set has the quantity. `uncertainty`: of sums, plus-minus at 95 %.

    without_force: sets whose work is not known and not in the sum. load_kg_m: noted load times distance backward.
    mean_power_w: work over the time of the sets that have it. rpe is the mean, pain the worst that was noted.
    """

    sets: int
    duration_s: float
    backward_m: float
    work_j: float | None
    without_force: int
    load_kg_m: float | None
    heaviest_kg: float | None
    mean_speed_mps: float | None
    mean_power_w: float | None
    rpe: float | None
    pain: float | None
    uncertainty: dict[str, float]


def totals_of(rows: Sequence[SetRow]) -> Totals:
    """The sums of these sets."""
    with_work = [row for row in rows if row.work_j is not None]
    loads = [row for row in rows if row.load_kg is not None]
    active_s = sum(row.duration_s for row in rows)
    net_m = sum((row.mean_speed_mps or 0.0) * row.duration_s for row in rows)
    work_j = _sum(row.work_j for row in with_work)
    work_s = sum(row.duration_s for row in with_work)
    efforts = [row.rpe for row in rows if row.rpe is not None]
    return Totals(
        sets=len(rows),
        duration_s=active_s,
        backward_m=math.fsum(row.backward_m for row in rows),
        work_j=work_j,
        without_force=len(rows) - len(with_work),
        load_kg_m=_sum((row.load_kg or 0.0) * row.backward_m for row in loads),
        heaviest_kg=max((row.load_kg for row in rows if row.load_kg is not None), default=None),
        mean_speed_mps=net_m / active_s if active_s else None,
        mean_power_w=work_j / work_s if work_j is not None and work_s else None,
        rpe=sum(efforts) / len(efforts) if efforts else None,
        pain=max((row.pain for row in rows if row.pain is not None), default=None),
        uncertainty=_uncertainty(rows),
    )


def growth_pct(before: Totals, after: Totals, key: str) -> tuple[float | None, float | None]:
    """Growth of a sum in percent, and the part that measuring alone may cause; None where there was nothing before.

    The intervals of both sums are taken as independent, which is too wide for two weeks under one calibration.
    """
    old, new = getattr(before, key), getattr(after, key)
    if not old or new is None:
        return None, None
    wide = math.hypot(
        before.uncertainty.get(key, 0.0) / old, after.uncertainty.get(key, 0.0) / new if new else 0.0
    )
    return 100 * (new / old - 1), 100 * wide * new / old


def _sum(values) -> float | None:
    found = list(values)
    return math.fsum(found) if found else None


def _uncertainty(rows: Sequence[SetRow]) -> dict[str, float]:
    """One roller and one calibration err the same way in every set, so the sets' intervals add up plainly."""
    metres = math.fsum(row.uncertainty.get("backward_m", 0.0) for row in rows)
    joules = math.fsum(row.uncertainty.get("work_j", 0.0) for row in rows)
    kilogram_metres = math.fsum((row.load_kg or 0.0) * row.uncertainty.get("backward_m", 0.0) for row in rows)
    return {"backward_m": metres, "work_j": joules, "load_kg_m": kilogram_metres}
