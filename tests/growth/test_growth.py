"""The parts of `make growth` that need no engine: its files, its judgement of answers, its cost estimates."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import needs
from tests.growth.library import main
from tests.growth.paper import HOURS_A_DAY, RATE_HZ, RIGS_N, SET_S, costs
from tests.growth.questions import FLOATS_REL, same

from retrorig.library import Library
from retrorig.library.database import FILE_NAME
from retrorig.library.sample_files import place_of

SETS_N = 24


def test_every_set_has_a_file_as_the_product_writes_it(tmp_path: Path) -> None:
    main(tmp_path / "growth", SETS_N)
    place = tmp_path / "growth" / "library"
    with Library(place) as library:
        rows = library.sets()
        labels = dict(sqlite3.connect(place / FILE_NAME).execute("SELECT set_id, label FROM sets"))
    assert len(rows) == SETS_N == len(list(place.rglob("*.parquet")))
    tables = [parquet.read_table(place / place_of(row), partitioning=None) for row in rows]
    for row, table in zip(rows, tables, strict=True):
        assert table.schema.equals(tables[0].schema)
        assert table.num_rows == row.samples
        assert set(table["set_id"].to_pylist()) == {row.set_id}
        assert set(table["athlete"].to_pylist()) == {labels[row.set_id]}
        started = datetime.fromisoformat(row.started_utc)
        assert abs((table["t_utc"][0].as_py() - started).total_seconds()) < 1e-3
        assert table["distance_m"][-1].as_py() == pytest.approx(row.backward_m, abs=0.01)
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
    found = {
        cost.what: cost
        for cost in costs(log_bytes=3.0, parquet_bytes=50.0, file_bytes=2000.0, row_bytes=3500.0)
    }
    samples = RIGS_N * HOURS_A_DAY * 3600 * RATE_HZ
    small, large = found["Parquet, a file a set"], found["Parquet, a file a rig and month"]
    assert 1e9 * (small.a_day - large.a_day) == pytest.approx(RIGS_N * HOURS_A_DAY * 3600 / SET_S * 2000.0)
    assert 1e9 * found["raw logs, the truth"].a_year == pytest.approx(365 * 3 * samples)
    assert 1e9 * found["catalogue, SQLite"].a_day == pytest.approx(3500 * RIGS_N * HOURS_A_DAY * 3600 / SET_S)
    assert found["files left by monthly compaction"].a_year == pytest.approx(12 * RIGS_N)


def _java(folder: Path, version: str) -> Path:
    """A stand-in that only tells its version."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    return program.parent


@pytest.mark.parametrize(
    ("on_path", "at_home", "is_enough"),
    [
        ("17.0.15", None, True),
        ("25", None, True),
        ("1.8.0_392", None, False),
        ("11.0.2", None, False),
        (None, None, False),
        ("17.0.15", "11.0.2", False),
        ("17.0.15", "", False),
        ("11.0.2", "21.0.1", True),
    ],
)
def test_spark_is_asked_where_the_java_that_it_would_take_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_path: str | None, at_home: str | None, is_enough: bool
) -> None:
    """`at_home`: what JAVA_HOME names, "" for a folder without Java; Spark looks there first and nowhere else then."""
    path = [str(_java(tmp_path / "path", on_path))] if on_path else [str(tmp_path)]
    monkeypatch.setenv("PATH", os.pathsep.join([*path, "/bin"] if on_path else path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if at_home is not None:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
        if at_home:
            _java(tmp_path / "home", at_home)
    lacks = needs.spark_lacks()
    assert (lacks is None) is is_enough
    assert is_enough or (lacks and "openjdk-17" in lacks and ("JAVA_HOME" in lacks) == (at_home is not None))


def test_the_newest_postgresql_is_taken_and_one_on_the_path_where_its_programs_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "POSTGRES", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path / "links"))
    assert needs.postgres_programs() is None and "apt install postgresql" in (needs.server_lacks() or "")
    for place in ("elsewhere", "debian/9/bin", "debian/15/bin", "debian/old/bin"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "initdb").touch(0o755)
    assert needs.postgres_programs() == tmp_path / "debian" / "15" / "bin"
    monkeypatch.setattr(needs, "POSTGRES", tmp_path / "none")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "initdb").symlink_to(tmp_path / "elsewhere" / "initdb")
    assert needs.postgres_programs() == tmp_path / "elsewhere"


@pytest.mark.parametrize(("uid", "word"), [(0, None), (1000, None), (4711, "name"), (0, "postgres")])
def test_a_user_under_whom_no_engine_runs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uid: int, word: str | None
) -> None:
    users = {"root": 0, "ann": 1000, **({} if word == "postgres" else {"postgres": 101})}
    monkeypatch.setattr(needs, "postgres_programs", lambda: tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: uid)
    monkeypatch.setattr("pwd.getpwnam", users.__getitem__)
    monkeypatch.setattr("pwd.getpwuid", dict(zip(users.values(), users)).__getitem__)
    lacks = needs.server_lacks()
    assert (word in lacks and lacks.count(".") == 1) if word and lacks else lacks is word
    monkeypatch.setattr(needs, "java_version", lambda: 17)
    assert (needs.spark_lacks() is None) is (word != "name")
