"""Compares two calibrations: what changed, and whether it is more than their uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass

from retrorig.library.calibration_record import Record

QUANTITIES = (  # name, key, unit, of one unit of the key, key of its uncertainty
    ("circumference", "circumference_um", "mm", 1e-3, "circumference_pm_ppm"),
    ("counts a turn", "counts_per_rev", "", 1.0, None),
    ("force a code", "scale_nn", "uN", 1e-3, "span_pm_ppm"),
    ("zero", "zero", "codes", 1.0, None),
    ("direction", "direction", "", 1.0, None),
)


@dataclass(frozen=True)
class Difference:
    """One quantity in two calibrations.

    change_pct: of the second against the first. allowed_pct: what the uncertainties of both allow.
    """

    name: str
    unit: str
    first: float
    second: float
    change_pct: float | None
    allowed_pct: float | None

    @property
    def verdict(self) -> str:
        """same, within what both are sure of, or changed."""
        if self.first == self.second:
            return "same"
        if (
            self.change_pct is not None
            and self.allowed_pct is not None
            and abs(self.change_pct) <= self.allowed_pct
        ):
            return "within what both are sure of"
        return "changed"


def compared(first: Record, second: Record) -> list[Difference]:
    """Each quantity that a calibration holds."""
    found = []
    for name, key, unit, size, pm_key in QUANTITIES:
        a, b = (record[key] or 0 for record in (first, second))
        pm = [record[pm_key] for record in (first, second) if pm_key and record.get(pm_key) is not None]
        change_pct = 100 * (b / a - 1) if pm_key and a else None
        allowed_pct = math.hypot(*pm) * 1e-4 if len(pm) == 2 else None
        found.append(Difference(name, unit, a * size, b * size, change_pct, allowed_pct))
    return found
