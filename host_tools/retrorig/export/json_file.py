"""Sets as JSON with everything known of them, described by json_schema.py."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, BinaryIO

from retrorig.export.columns import sample_columns
from retrorig.export.json_schema import SCHEMA_ID
from retrorig.export.sources import ExportedSet


def write_json(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write sets under the contract's keys; `columns` holds their samples, a list a column."""
    file.write(b'{"$schema": "%s",\n"sets": [' % SCHEMA_ID.encode())
    for number, one in enumerate(sets):
        file.write(b",\n" if number else b"\n")
        file.write(_json({**one.row.as_dict(), "columns": _columns(one)}))
    file.write(b"\n]}\n")


def _columns(one: ExportedSet) -> dict[str, list[float | None]]:
    return {
        name: [None if math.isnan(value) else value for value in column.tolist()]
        for name, column in sample_columns(one.samples()).items()
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", errors="replace")
