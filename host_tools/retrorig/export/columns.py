"""The names of columns, the same in every format. A unit is the last part of its column's name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrorig.local_time import local
from retrorig.measure.sample_table import SampleTable, rounded
from retrorig.set_row import KEYS, SetRow

SAMPLE_COLUMNS = ("time_s", "distance_m", "speed_mps", "force_n", "power_w")
PLUS_MINUS = "plus_minus_"
_UNSURE = (
    "backward_m", "mean_speed_mps", "mean_force_n", "work_j", "mean_power_w", "peak_speed_mps", "peak_force_n",
    "peak_power_w",
)  # fmt: skip
_GAIT = (
    "steps_from", "asymmetry_pm_pct", "asymmetry_is_certain", "asymmetry_first_pct", "step_time_asymmetry_pct",
    "step_time_asymmetry_pm_pct", "step_time_asymmetry_first_pct", "snaps", "smoothness_pct",
    "zero_before_n", "zero_after_n", "zero_drift_n", "peak_filter_pct",
)  # fmt: skip
_SESSION = (
    "paused_s", "pauses", "pause_backward_m", "pause_forward_m", "rest_s", "rest_backward_m", "rest_forward_m",
    "remarks", "over_speed_s", "over_force_s", "pace_mps", "cadence_asked_spm",
    "cadence_asked_low_spm", "cadence_asked_high_spm", "step", "colour", "undone",
)  # fmt: skip
_WIDER = {
    "started_utc": ("started_utc", "started_local"),
    "uncertainty": tuple(f"{PLUS_MINUS}{key}" for key in _UNSURE),
    "gait": _GAIT,
    "session": _SESSION,
}

SET_COLUMNS: tuple[str, ...] = tuple(name for key in KEYS for name in _WIDER.get(key, (key,)))
"""Columns of a table of sets: the contract's keys, objects spread over columns of their own."""

Cell = str | int | float | bool | None


def sample_columns(samples: SampleTable) -> dict[str, NDArray[np.float64]]:
    """The samples' columns; NaN where nothing was measured. Power is the product of force and speed as written."""
    found = {name: getattr(samples, name) for name in SAMPLE_COLUMNS[:-1]}
    return {**found, SAMPLE_COLUMNS[-1]: rounded(found["force_n"] * found["speed_mps"])}


def flat_row(row: SetRow) -> dict[str, Cell]:
    """One set as cells under SET_COLUMNS: numbers, truth values, text, or None for not measured.

    Lists become text with semicolons; started_local is the same moment with the offset of this computer's time zone.
    """
    unsure, gait, session = (row.uncertainty, row.gait, row.session)
    cells = {key: _text(row.value(key)) for key in KEYS}
    cells |= {f"{PLUS_MINUS}{key}": unsure.get(key) for key in _UNSURE}
    cells |= {key: gait.get(key) for key in _GAIT} | {key: _text(session.get(key)) for key in _SESSION}
    asked = session.get("cadence_asked_spm") or (None, None)
    cells["cadence_asked_low_spm"], cells["cadence_asked_high_spm"] = asked
    cells["started_local"] = _local(row.started_utc)
    return {name: cells[name] for name in SET_COLUMNS}


def _text(value: Any) -> Cell:
    if isinstance(value, list):
        return "; ".join(map(str, value)) or None
    if isinstance(value, dict):
        return "; ".join(f"{key}: {entry}" for key, entry in value.items()) or None
    return value


def _local(utc: str | None) -> str | None:
    return None if utc is None else local(utc).isoformat(timespec="milliseconds")
