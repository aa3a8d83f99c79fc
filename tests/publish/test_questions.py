"""The questions that are shipped, asked by DuckDB of what two sites published, answer what the libraries say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest
from tests.publish.target import Target, make_library

from retrorig import Library
from retrorig.publish import publish

QUESTIONS = files("retrorig.publish") / "questions"


@pytest.fixture
def libraries(target: Target, tmp_path: Path) -> Iterator[list[Library]]:
    with (
        make_library(tmp_path / "one", 20) as one,
        make_library(tmp_path / "other", 12, first_rig=1) as other,
    ):
        publish(one, target.address, str(target.store))
        publish(other, target.address)
        yield [one, other]


def _ask(target: Target, question: str) -> list[dict]:
    place = f"{target.store}/samples/site=*/rig=*/month=*/*.parquet"
    with duckdb.connect() as connection:
        read = f"read_parquet('{place}', hive_partitioning = true, hive_types_autocast = false)"
        connection.execute(f"CREATE VIEW samples AS SELECT * FROM {read}")
        found = connection.execute((QUESTIONS / f"{question}.sql").read_text("utf-8"))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_weekly_load_adds_up_to_what_the_libraries_have(target: Target, libraries: list[Library]) -> None:
    found = _ask(target, "weekly_load")
    for library in libraries:
        rows = library.sets()
        own = {one["week"]: one for one in found if one["site"] == library.site.id}
        weeks = Counter(_monday(row.started_utc or "") for row in rows)
        assert {week: one["sets"] for week, one in own.items()} == weeks
        net_m = sum(row.backward_m - row.forward_m for row in rows)
        assert sum(one["metres"] for one in own.values()) == pytest.approx(net_m, rel=0.01)
        work_j = sum(row.work_j or 0.0 for row in rows)
        assert sum(one["kilojoules"] for one in own.values()) == pytest.approx(work_j / 1000, rel=0.05)


def _monday(started_utc: str) -> date:
    day = date.fromisoformat(started_utc[:10])
    return day - timedelta(days=day.weekday())


def test_each_rig_has_its_drag_by_month(target: Target, libraries: list[Library]) -> None:
    found = _ask(target, "rig_drag")
    there = {
        (library.site.id, row.rig_id, (row.started_utc or "")[:7])
        for library in libraries
        for row in library.sets()
    }
    assert {(one["site"], one["rig"], one["year_month"]) for one in found} == there


def test_each_set_is_a_point_of_its_person(target: Target, libraries: list[Library]) -> None:
    found = {one["set_id"]: one for one in _ask(target, "load_velocity")}
    for library in libraries:
        for row in library.sets():
            one = found[row.set_id]
            assert (one["site"], one["athlete"]) == (library.site.id, row.label)
            assert one["pull_n"] == pytest.approx(row.mean_force_n, rel=0.1)
