"""Samples as Parquet, in the columns and types of the library's own folders; several sets one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np

from retrorig.export.columns import SAMPLE_COLUMNS, sample_columns
from retrorig.export.sources import ExportedSet
from retrorig.extras import require
from retrorig.measure.samples import sample_set

STEPS = {"time_s": 1e-4, "distance_m": 1e-4, "speed_mps": 1e-3, "force_n": 1e-2, "power_w": 1e-1}
"""What a sample is rounded to: a tenth or less of what it is uncertain by, so that it takes a third of the room."""

PACKING: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 9,
    "use_dictionary": ["set_id", "athlete"],
    "column_encoding": {"t_utc": "DELTA_BINARY_PACKED", **dict.fromkeys(SAMPLE_COLUMNS, "BYTE_STREAM_SPLIT")},
}
"""What DuckDB and Spark read, too."""


def write_parquet(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write the samples of sets; each set is a row group, so that a reader can skip the others."""
    parquet = require("pyarrow.parquet", "parquet")
    with parquet.ParquetWriter(file, _schema(), **PACKING) as writer:
        for one in sets:
            writer.write_table(sample_table(one))


def _schema() -> Any:
    arrow = require("pyarrow", "parquet")
    fixed = [
        ("set_id", arrow.string()),
        ("athlete", arrow.string()),
        ("t_utc", arrow.timestamp("us", tz="UTC")),
    ]
    return arrow.schema(fixed + [(name, arrow.float32()) for name in SAMPLE_COLUMNS])


def sample_table(one: ExportedSet) -> Any:
    """A set's samples as a table of Arrow's, in the columns of every Parquet file."""
    arrow = require("pyarrow", "parquet")
    if one.table is not None:
        return _as_kept(one.table(), one.row.label)
    raw = one.raw()
    columns = sample_columns(sample_set(raw))
    n = len(columns["time_s"])
    schema = _schema()
    values = {
        "set_id": arrow.repeat(one.set_id, n),
        "athlete": arrow.repeat(arrow.scalar(raw.header.get("athlete") or None, arrow.string()), n),
        "t_utc": _moments(one.row.started_utc, columns["time_s"]),
        **{name: np.round(column / STEPS[name]) * STEPS[name] for name, column in columns.items()},
    }
    arrays = [arrow.array(values[f.name], f.type, from_pandas=True) for f in schema]  # NaN becomes null
    return arrow.table(arrays, schema=schema)


def _as_kept(table: Any, label: str | None) -> Any:
    arrow = require("pyarrow", "parquet")
    whole = table.select(_schema().names).cast(_schema()).combine_chunks()
    athlete = arrow.repeat(arrow.scalar(label, arrow.string()), len(whole))
    return whole.set_column(whole.schema.get_field_index("athlete"), "athlete", athlete)


def _moments(started_utc: str | None, time_s: np.ndarray) -> Any:
    if started_utc is None:
        return [None] * len(time_s)
    start = np.datetime64(datetime.fromisoformat(started_utc).replace(tzinfo=None), "us")
    return start + np.round(time_s * 1e6).astype("timedelta64[us]")
