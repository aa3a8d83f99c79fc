"""A set's row: of what is not known nothing is claimed, and the published schema takes what can be and nothing else."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from retrorig.export.json_schema import schema_text
from retrorig.set_row import FIELDS, SetRow

SCHEMA = json.loads(schema_text())
CHECK = jsonschema.Draft202012Validator({**SCHEMA["$defs"]["set"], "$defs": SCHEMA["$defs"]})
EMPTY = {"time_s": [], "distance_m": [], "speed_mps": [], "force_n": [], "power_w": []}
SIGNED = ("mean_speed_mps", "peak_speed_mps", "mean_force_n", "peak_force_n", "impulse_ns", "work_j", "mean_power_w",
          "peak_power_w", "step_length_m", "schema")  # fmt: skip
"""Quantities that may lie below zero: of a belt that goes forward, of a line that pushes."""


def fits(**values: Any) -> bool:
    row = {**SetRow(set_id="rr-0001-00001").as_dict(), "columns": EMPTY}
    assert set(values) <= set(row)
    return CHECK.is_valid({**row, **values})


def test_a_row_of_which_nothing_is_known_claims_nothing() -> None:
    known = {"kind": "free", "quality": "C", "end_reason": "power_lost"}
    for key, value in SetRow().as_dict().items():
        assert value == known.get(key, value) and (key in known or not value), key
    assert fits() and SetRow().started is SetRow().day is SetRow().athlete is None


@pytest.mark.parametrize("key", [key for key, of in FIELDS.items() if "minimum" in of.metadata["limits"]])
def test_zero_is_a_number_and_less_is_none(key: str) -> None:
    assert fits(**{key: 0}) and not fits(**{key: -1})


def test_what_may_lie_below_zero_and_what_above() -> None:
    assert all(fits(**{key: -1}) for key in SIGNED)
    assert fits(negative_work_j=0) and fits(negative_work_j=-1) and not fits(negative_work_j=1)
    for key in ("rpe", "pain"):
        assert fits(**{key: 10}) and not fits(**{key: 11})
    assert not fits(set_id="") and fits(set_id="x")
    assert fits(started_utc="2026-11-22T12:00:00.345Z") and not fits(started_utc="yesterday")


def test_the_name_stands_for_the_label_once_it_is_known() -> None:
    assert SetRow(label="a1").athlete == "a1" and SetRow(label="a1", name="Anna").athlete == "Anna"
    assert SetRow(end_reason="something new").ended_by == "something new"
