"""A set with another calibration than the board believed in: its raw values stay, only their meaning changes."""

from __future__ import annotations

import copy
from typing import Any

from rigcore.decode import RawSet

CALIBRATION_KEYS = ("counts_per_rev", "circumference_um", "zero", "scale_nn", "cal")


def recalibrated(raw: RawSet, calibration: dict[str, Any]) -> RawSet:
    """The same set under `calibration`, which gives some of CALIBRATION_KEYS; ValueError for any other key."""
    unknown = set(calibration) - set(CALIBRATION_KEYS)
    if unknown:
        raise ValueError(f"a calibration has no {sorted(unknown)[0]}")
    other = copy.copy(raw)
    other.header = {**raw.header, **calibration}
    return other
