"""What is published of a set as columns of Arrow's: its samples, its raw bytes, and its row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from retrorig.extras import require
from retrorig.library import Library, SetRow
from retrorig.library.columns import as_json, tail_of
from retrorig.library.sample_files import UNKNOWN
from retrorig.library.schema import AS_JSON
from retrorig.publish.target import field_columns
from rigcore.decode import iter_records, unpack_header
from rigcore.records import pack_header, seal, unpack_link

WORDS = ("notes", "attachment", "plan_id")
"""Keys with words of the coach's own, in which a name may stand; and `tags`."""

_NUL_AS_JSON = "\\u0000"
"""May also stand for the six characters themselves."""

PersonOf = Callable[[str], str]


def samples_of(library: Library, row: SetRow, person_of: PersonOf) -> Any:
    """A set's samples in the columns of the library's own files, with its day, and its person as it is published."""
    arrow = require("pyarrow", "publish")
    table = _own_samples(library, row)
    person = arrow.scalar(person_of(row.label) if row.label else None, arrow.string())
    table = table.set_column(1, "athlete", arrow.repeat(person, len(table)))
    return table.append_column("date", arrow.repeat((row.started_utc or UNKNOWN)[:10], len(table)))


def _own_samples(library: Library, row: SetRow) -> Any:
    """From the library's own file where that is up to date and in today's columns; else computed now."""
    from retrorig.export.parquet_file import kept_schema, kept_table

    path = library.files.current_of(row.set_id)
    if path is not None:
        file = require("pyarrow.parquet", "publish").ParquetFile(path)
        if file.schema_arrow.equals(kept_schema()):
            return file.read(use_threads=False)
    (one,) = library.exported([row.set_id])
    return kept_table(one)


def raw_of(library: Library, row: SetRow) -> Any:
    """A set's bytes, without the label that stood on the rig for who made it."""
    arrow = require("pyarrow", "publish")
    data = without_person(library.blob(row.set_id))
    return arrow.table({"set_id": [row.set_id], "data": arrow.array([data], arrow.binary())})


def without_person(blob: bytes) -> bytes:
    """The same set, made by nobody; bytes that are no set are published as none."""
    try:
        kind, seq, body, record = next(iter_records(blob))
        values, link = unpack_header(body), unpack_link(record)[1:]
        del values["athlete"]
    except KeyError:
        return blob
    except (ValueError, StopIteration):
        return b""
    return seal(kind, seq, pack_header(values, link), values["no"]) + blob[len(record) :]


def row_table(rows: Sequence[dict[str, Any]]) -> Any:
    """Rows of `row_values` as a table for the database."""
    arrow = require("pyarrow", "publish")
    kinds = {"double precision": arrow.float64(), "bigint": arrow.int64()}
    columns = {name: kinds.get(kind, arrow.string()) for name, kind in field_columns().items()}
    schema = arrow.schema([(name, columns.get(name, arrow.string())) for name in rows[0]])
    return arrow.table([[row[name] for row in rows] for name in rows[0]], schema=schema)


def row_values(library: Library, row: SetRow, person_of: PersonOf, has_names: bool) -> dict[str, Any]:
    """A set's row by the columns of `retrorig.sets`; free words stay at home where names do."""
    if not has_names:
        row = replace(row, **dict.fromkeys(WORDS), tags=[])
    noted = library.notes.of(row.set_id)
    kept = {key: value for key, value in noted.items() if has_names or key not in (*WORDS, "tags")}
    kept.pop("athlete", None)
    kept, tail = _sendable(kept), tail_of(row)
    if _NUL_AS_JSON in tail:
        row = replace(row, **{name: _sendable(getattr(row, name)) for name in field_columns()})
        tail = tail_of(row)
    values = {
        "set_id": row.set_id,
        "person": person_of(row.label) if row.label else None,
        "noted": json.dumps(kept),
        "tail": tail,
    }
    return values | {name: _column(row, name, kind) for name, kind in field_columns().items()}


def _column(row: SetRow, name: str, kind: str) -> Any:
    value = getattr(row, name)
    if name in AS_JSON:
        return as_json(value)
    if value is None:
        return None
    return {"text": str, "double precision": float, "bigint": int}[kind](value)


def _sendable(value: Any) -> Any:
    """Without the character that PostgreSQL keeps in no text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_sendable(one) for one in value]
    if isinstance(value, dict):
        return {_sendable(key): _sendable(one) for key, one in value.items()}
    return value
