"""Reads a set under another calibration than the board used: its raw values stay the same."""

from __future__ import annotations

import copy
from typing import Any

from rigcore.decode import RawSet

CALIBRATION_KEYS = (
    "counts_per_rev", "circumference_um", "circumference_pm_ppm",
    "zero", "scale_nn", "span_pm_ppm", "linearity_mn", "cal",
)  # fmt: skip
_SURENESS = {"circumference_um": ("circumference_pm_ppm",), "scale_nn": ("span_pm_ppm", "linearity_mn")}
"""How well a value is known belongs to that value: another one takes it along or leaves it unknown."""


def recalibrated(raw: RawSet, calibration: dict[str, Any]) -> RawSet:
    """The same set under `calibration`, which gives some of CALIBRATION_KEYS; ValueError for any other key."""
    unknown = set(calibration) - set(CALIBRATION_KEYS)
    if unknown:
        raise ValueError(f"a calibration has no {sorted(unknown)[0]}")
    other = copy.copy(raw)
    outdated = {name for value, names in _SURENESS.items() if value in calibration for name in names}
    kept = {name: value for name, value in raw.header.items() if name not in outdated}
    other.header = {**kept, **calibration}
    return other
