"""Targets, bands and limits of one set of a plan, for display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rigcore.plan_progress import PlanProgress

Band = tuple[float, float]


@dataclass(frozen=True)
class AskedSet:
    """Bands and limits of a set, m/s and N; None where the plan has none. kind: of the set."""

    kind: str
    speed_mps: Band | None
    force_n: Band | None
    speed_max_mps: float | None
    force_max_n: float | None


def asked_of(plan: dict[str, Any], index: int) -> AskedSet | None:
    """What the set of this index, 0 first, is to be like; None beyond the plan's end."""
    progress = PlanProgress(plan, index)
    if not progress.has_more:
        return None

    def thousandth(key: str) -> float | None:
        return None if progress.get(key) is None else progress.get(key) / 1000

    def band(key: str) -> Band | None:
        found = progress.get(key)
        return None if found is None else (found[0] / 1000, found[1] / 1000)

    return AskedSet(
        progress.get("kind"),
        band("speed_mmps"),
        band("force_mn"),
        thousandth("speed_max_mmps"),
        thousandth("force_max_mn"),
    )


def place_in(value: float | None, band: Band | None, limit: float | None) -> str:
    """Where a value is: "over" a limit, "below", "within" or "above" a band; "" without either or without a value."""
    if value is None:
        return ""
    if limit is not None and value > limit:
        return "over"
    if band is None:
        return ""
    return "below" if value < band[0] else "above" if value > band[1] else "within"
