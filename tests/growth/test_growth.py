"""What `make growth` rests on and what needs no engine: its files, its judgement of answers, its sums on paper."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth.library import main
from tests.growth.paper import HOURS_A_DAY, RATE_HZ, RIGS_N, SET_S, costs
from tests.growth.questions import FLOATS_REL, same

from retrorig.library import Library
from retrorig.library.database import FILE_NAME
from retrorig.library.folders import place_of

SETS_N = 24


def test_every_set_has_a_file_as_the_product_writes_it(tmp_path: Path) -> None:
    main(tmp_path / "growth", SETS_N)
    place = tmp_path / "growth" / "library"
    with Library(place) as library:
        rows = library.sets()
        labels = dict(sqlite3.connect(place / FILE_NAME).execute("SELECT set_id, athlete FROM sets"))
    assert len(rows) == SETS_N == len(list(place.rglob("*.parquet")))
    tables = [parquet.read_table(place / place_of(row), partitioning=None) for row in rows]
    for row, table in zip(rows, tables, strict=True):
        assert table.schema.equals(tables[0].schema)
        assert table.num_rows == row["samples"]
        assert set(table["set_id"].to_pylist()) == {row["set_id"]}
        assert set(table["athlete"].to_pylist()) == {labels[row["set_id"]]}
        started = datetime.fromisoformat(row["started_utc"])
        assert abs((table["t_utc"][0].as_py() - started).total_seconds()) < 1e-3
        assert table["distance_m"][-1].as_py() == pytest.approx(row["backward_m"], abs=0.01)
    long = json.loads((tmp_path / "growth" / "long.json").read_text(encoding="utf-8"))
    assert 1.0 < long["log_bytes_a_sample"] < 3.0 < long["parquet_bytes_a_sample"] < 8 * 8


SUMS = st.floats(-1e9, 1e9, allow_subnormal=False)  # a subnormal number has no billionth part


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(), SUMS), max_size=5))
def test_answers_are_the_same_but_for_the_order_of_sums(rows: list[tuple]) -> None:
    assert same(rows, rows)
    assert same(rows, [(a, b, c * (1 + FLOATS_REL / 4)) for a, b, c in rows])
    assert not same(rows, [*rows, ("one more", 1, 1.0)])
    if rows:
        assert not same(rows, [(rows[0][0], rows[0][1] + 1, rows[0][2]), *rows[1:]])
        assert not same(
            rows, [(rows[0][0], rows[0][1], (rows[0][2] or 1.0) * (1 + 3 * FLOATS_REL)), *rows[1:]]
        )
        assert not same(rows, [(rows[0][0], float(rows[0][1]), rows[0][2]), *rows[1:]])


def test_the_paper_adds_up() -> None:
    found = {cost.what: cost for cost in costs(log_bytes=3.0, parquet_bytes=50.0, file_bytes=2000.0)}
    samples = RIGS_N * HOURS_A_DAY * 3600 * RATE_HZ
    small, large = found["Parquet, a file a set"], found["Parquet, a file a rig and month"]
    assert 1e9 * (small.a_day - large.a_day) == pytest.approx(RIGS_N * HOURS_A_DAY * 3600 / SET_S * 2000.0)
    assert 1e9 * found["raw logs, the truth"].a_year == pytest.approx(365 * 3 * samples)
    assert found["files left by monthly compaction"].a_year == pytest.approx(12 * RIGS_N)
