"""Targets, bands and limits of one set of a plan, for display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from retrorig.measure.session import ahead_m
from rigcore.plan_progress import PlanProgress

Band = tuple[float, float]


@dataclass(frozen=True)
class AskedSet:
    """Bands, limits and pace of a set, m/s, N and steps a minute; None where the plan has none. kind: of the set."""

    kind: str
    speed_mps: Band | None
    force_n: Band | None
    speed_max_mps: float | None
    force_max_n: float | None
    cadence_spm: Band | None = None
    pace_mps: float | None = None

    def ahead_m(self, distance_m: float, moved_s: float) -> float | None:
        """Metres ahead of the pace after so many seconds without pauses, less than 0 behind it; None without one."""
        return None if self.pace_mps is None else ahead_m(distance_m, moved_s, self.pace_mps)


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
        tuple(progress.get("cadence_spm")) if progress.get("cadence_spm") else None,
        thousandth("pace_mmps"),
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
