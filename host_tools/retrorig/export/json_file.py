"""Sets as JSON with everything known of them, described by the schema beside this file."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, BinaryIO

from retrorig.export.columns import sample_columns
from retrorig.export.sources import ExportedSet

SCHEMA_FILE = "sets.schema.json"
SCHEMA_ID = "urn:retrorig:sets:1"
"""Names the schema; nothing is to be fetched by it."""


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of what write_json writes."""
    return files("retrorig.export").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")


def write_json(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write sets under the contract's keys; `columns` holds their samples, a list a column."""
    file.write(b'{"$schema": "%s",\n"sets": [' % SCHEMA_ID.encode())
    for number, one in enumerate(sets):
        file.write(b",\n" if number else b"\n")
        file.write(_json({**one.row, "columns": _columns(one)}))
    file.write(b"\n]}\n")


def _columns(one: ExportedSet) -> dict[str, list[float | None]]:
    return {
        name: [None if math.isnan(value) else value for value in column.tolist()]
        for name, column in sample_columns(one.samples()).items()
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", errors="replace")
