"""Parquet files have the columns and types that the library's own folders have."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from retrorig.export.columns import sample_columns
from retrorig.export.parquet_file import kept_table, samples_in
from retrorig.export.sources import ExportedSet
from retrorig.library import Library
from retrorig.measure.sample_table import SampleTable, rounded, table_of
from retrorig.measure.samples import sample_set
from retrorig.set_row import SetRow

from .conftest import Shelf

TYPES = {
    "set_id": pa.string(),
    "athlete": pa.string(),
    "t_utc": pa.timestamp("us", tz="UTC"),
    **dict.fromkeys(("time_s", "distance_m", "speed_mps", "force_n", "power_w"), pa.float64()),
    **dict.fromkeys(("bridged_n", "forward_m", "step_at_s"), pa.float64()),
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
        for name, column in sample_columns(table_of(samples)).items():
            if name == "power_w":
                np.testing.assert_allclose(rows[name], column, atol=0.05, rtol=0)
            else:
                np.testing.assert_array_equal(np.round(rows[name], 6) + 0.0, column, "the digits of a CSV")


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
    np.testing.assert_allclose(since_s, dated["time_s"].to_pandas(), atol=1e-6, rtol=0)


numbers = st.floats(-2e4, 2e4)


@given(st.data(), st.integers(0, 30))
def test_what_was_kept_comes_back_to_six_digits(data: st.DataObject, n: int) -> None:
    """Also steps beside the set and several between two samples."""

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return rounded(np.array(data.draw(st.lists(values, min_size=n, max_size=n)), dtype=float))

    time_s = rounded(np.cumsum(column(st.floats(1e-3, 2.0))))
    steps_s = rounded(np.sort(data.draw(st.lists(st.floats(-1.0, 70.0), max_size=n))))
    force_n = column(numbers | st.just(math.nan))
    bridged_n = np.where(np.isnan(force_n), column(numbers | st.just(math.nan)), force_n)
    moved = [column(numbers) for _ in range(3)]
    kept = SampleTable(time_s, *moved[:2], force_n, bridged_n, moved[2], lambda: steps_s)
    back = samples_in(kept_table(ExportedSet(SetRow(set_id="a"), lambda: kept)))
    for name in ("steps_s", *(field.name for field in dataclasses.fields(SampleTable)[:-1])):
        np.testing.assert_array_equal(getattr(back, name), getattr(kept, name), name)
