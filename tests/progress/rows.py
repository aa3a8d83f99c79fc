"""Rows as the library gives them, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from retrorig.set_row import SetRow

NOON = datetime(2026, 9, 28, 12, tzinfo=UTC)  # a Monday, far from midnight in most time zones
"""Tests run where the time zone is anybody's; noon in UTC is the same day from -12 to +11 hours."""


def row(number: int = 1, day: int = 0, minute: int = 0, **values: Any) -> SetRow:
    """A set of 10 m in 10 s at 100 N, made `day` days and `minute` minutes after the first Monday's noon."""
    started = NOON + timedelta(days=day, minutes=minute)
    usual = {
        "set_id": f"rig-0001-{number:05d}", "rig_id": "rig", "label": "a1", "name": "Anna",
        "kind": "work", "machine": "sled",
        "started_utc": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "duration_s": 10.0,
        "backward_m": 10.0, "forward_m": 0.0, "mean_speed_mps": 1.0, "mean_force_n": 100.0, "work_j": 1000.0,
        "mean_power_w": 100.0, "quality": "A", "quality_reasons": [], "uncertainty": {}, "gait": {}, "null_reasons": {},
    }  # fmt: skip
    if "athlete" in values:
        values["name"] = values.pop("athlete")
        values["label"] = values["name"]
    return SetRow(**{**usual, **values})
