"""Samples as Parquet, in the columns and types of the library's own folders; several sets one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from retrorig.export.columns import SAMPLE_COLUMNS, sample_columns
from retrorig.export.sources import ExportedSet
from retrorig.extras import require
from retrorig.measure.sample_table import SampleTable, rounded

BESIDE = ("bridged_n", "forward_m", "step_at_s")
"""Columns that are empty or the same nearly everywhere: the pull over short gaps; net metres to backward ones, sway
included; the moment of a step, at the first sample after it."""

GRID, POWER_GRID = 1 << 20, 1 << 4
"""Values are multiples of one part of this, so that many of their bits are zero and pack to nothing: half the room of
decimals. Rounded to DIGITS they are the decimals again, exactly; but for power, which can be computed again."""

_NUMBERS = (*SAMPLE_COLUMNS, *BESIDE)

PACKING: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 9,
    "use_dictionary": ["set_id", "athlete"],
    "column_encoding": {"t_utc": "DELTA_BINARY_PACKED", **dict.fromkeys(_NUMBERS, "BYTE_STREAM_SPLIT")},
}
"""What DuckDB and Spark read, too."""

Floats = NDArray[np.float64]


def write_parquet(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write the samples of sets; each set is a row group, so that a reader can skip the others."""
    parquet = require("pyarrow.parquet", "parquet")
    with parquet.ParquetWriter(file, kept_schema(), **PACKING) as writer:
        for one in sets:
            writer.write_table(kept_table(one))


def kept_schema() -> Any:
    """The columns of every Parquet file, as Arrow's schema."""
    arrow = require("pyarrow", "parquet")
    fixed = [
        ("set_id", arrow.string()),
        ("athlete", arrow.string()),
        ("t_utc", arrow.timestamp("us", tz="UTC")),
    ]
    return arrow.schema(fixed + [(name, arrow.float64()) for name in _NUMBERS])


def kept_table(one: ExportedSet) -> Any:
    """A set's samples as a table of Arrow's, in the columns of every Parquet file."""
    arrow = require("pyarrow", "parquet")
    samples = one.samples()
    columns = sample_columns(samples)
    numbers = {**columns, **_beside(samples)}
    grids = {**dict.fromkeys(numbers, GRID), "power_w": POWER_GRID}
    n = len(samples.time_s)
    schema = kept_schema()
    values = {
        "set_id": arrow.repeat(one.set_id, n),
        "athlete": arrow.repeat(arrow.scalar(one.row.label or None, arrow.string()), n),
        "t_utc": _moments(one.row.started_utc, columns["time_s"]),
        **{name: np.round(column * grids[name]) / grids[name] for name, column in numbers.items()},
    }
    arrays = [arrow.array(values[f.name], f.type, from_pandas=True) for f in schema]  # NaN becomes null
    return arrow.table(arrays, schema=schema)


def samples_in(table: Any) -> SampleTable:
    """What `kept_table` made a table of, to DIGITS."""
    found = {name: rounded(table[name].to_numpy()) for name in _NUMBERS if name != "power_w"}
    over_gaps_n, forward_m, step_s = (found.pop(name) for name in BESIDE)
    return SampleTable(
        **found,
        bridged_n=np.where(np.isnan(found["force_n"]), over_gaps_n, found["force_n"]),
        backward_m=rounded(found["distance_m"] + forward_m),
        find_steps=lambda: step_s[~np.isnan(step_s)],
    )


def _beside(samples: SampleTable) -> dict[str, Floats]:
    """The columns of BESIDE."""
    step_s, steps_s = np.full(len(samples.time_s), np.nan), samples.steps_s[: len(samples.time_s)]
    order = np.arange(len(steps_s))
    after = np.searchsorted(samples.time_s, steps_s) - order
    step_s[np.minimum(np.maximum.accumulate(after), len(step_s) - len(steps_s)) + order] = steps_s
    over_gaps_n = np.where(np.isnan(samples.force_n), samples.bridged_n, np.nan)
    return dict(zip(BESIDE, (over_gaps_n, samples.backward_m - samples.distance_m, step_s), strict=True))


def _moments(started_utc: str | None, time_s: Floats) -> Any:
    if started_utc is None:
        return [None] * len(time_s)
    start = np.datetime64(datetime.fromisoformat(started_utc).replace(tzinfo=None), "us")
    return start + np.round(time_s * 1e6).astype("timedelta64[us]")
