"""Parquet files have the columns and types that the library's own folders have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pyarrow as pa
import pyarrow.parquet as pq

from retrorig.export.parquet_file import STEPS
from retrorig.library import Library
from retrorig.measure.samples import sample_set

from .conftest import Shelf

TYPES = {
    "set_id": pa.string(),
    "athlete": pa.string(),
    "t_utc": pa.timestamp("us", tz="UTC"),
    "time_s": pa.float32(),
    "distance_m": pa.float32(),
    "speed_mps": pa.float32(),
    "force_n": pa.float32(),
    "power_w": pa.float32(),
}


def test_one_file_holds_all_sets_with_fixed_types(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "sets.parquet"
    with Library(shelf.folder) as library:
        assert library.export(shelf.all, "parquet", path) == [path]
        sampled = {set_id: sample_set(library.raw(set_id)) for set_id in shelf.all}
    schema = pq.read_schema(path)
    assert dict(zip(schema.names, schema.types, strict=True)) == TYPES
    table = pq.read_table(path)
    assert list(dict.fromkeys(table["set_id"].to_pylist())) == shelf.all
    assert set(table["athlete"].to_pylist()) == {"a1"}, "the label, never the name"
    found = table.to_pandas()
    for set_id, samples in sampled.items():
        rows = found[found["set_id"] == set_id]
        for name in ("time_s", "distance_m", "speed_mps", "force_n", "power_w"):
            within = STEPS[name] * 0.51  # half a step; a float of 32 bits adds a part in ten millions
            np.testing.assert_allclose(
                rows[name], getattr(samples, name), atol=within, rtol=1e-7, equal_nan=True
            )


def test_a_sample_takes_at_most_fifteen_bytes(shelf: Shelf, tmp_path: Path) -> None:
    """Of the columns alone: a set of half a minute has a head of some kilobytes besides."""
    path = tmp_path / "sets.parquet"
    with Library(shelf.folder) as library:
        library.export([shelf.walk], "parquet", path)
    group = pq.ParquetFile(path).metadata.row_group(0)
    size = sum(group.column(n).total_compressed_size for n in range(group.num_columns))
    assert size / group.num_rows <= 15


def test_not_measured_is_null_and_time_counts_from_the_start(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "sets.parquet"
    with Library(shelf.folder) as library:
        library.export([shelf.later, shelf.forceless, shelf.dateless], "parquet", path)
    groups = [pq.ParquetFile(path).read_row_group(number) for number in range(3)]
    dated, forceless, dateless = groups
    assert forceless["force_n"].null_count == forceless["power_w"].null_count == forceless.num_rows
    assert dateless["t_utc"].null_count == dateless.num_rows and dateless["force_n"].null_count == 0
    start = pandas.Timestamp("2026-11-22T12:01:01.045Z")
    since_s = (dated["t_utc"].to_pandas() - start).dt.total_seconds()
    np.testing.assert_allclose(since_s, dated["time_s"].to_pandas(), atol=0.51e-4, rtol=1e-7)
