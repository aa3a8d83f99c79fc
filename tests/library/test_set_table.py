"""The table of sets: what is quick for many must say what is plain for one."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from tests.library.libraries import fill, walk

from retrorig.cli import run
from retrorig.cli.set_table import COLUMNS, print_sets
from retrorig.cli.tables import print_table
from retrorig.cli.width import PLACES
from retrorig.errors import InputError
from retrorig.library import Choice, Library
from retrorig.library.clocks import format_utc
from retrorig.library.set_list import local_minute_sql as sql_minute
from retrorig.local_time import local_minute
from retrorig.set_row import KEYS


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")


@pytest.mark.parametrize("zone", ZONES, indirect=True)
def test_each_minute_of_a_year_is_the_one_on_the_wall(zone: None) -> None:
    """Every 7 minutes of 2011: each change of the clock is in it, and the day that Samoa left out."""
    first = datetime(2011, 1, 1, tzinfo=UTC)
    moments = [format_utc(first + timedelta(minutes=7 * number)) for number in range(366 * 24 * 60 // 7)]
    sql = f"SELECT {sql_minute('value')} FROM json_each(?)"
    with closing(sqlite3.connect(":memory:")) as connection:
        shown = [minute for (minute,) in connection.execute(sql, (json.dumps(moments),))]
    assert shown == [local_minute(moment) for moment in moments]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path, create=True) as opened:
        yield opened


def _enter(library: Library, **values: Any) -> None:
    marks = ", ".join("?" * len(values))
    library.db.rows(f"INSERT INTO sets ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))


@pytest.mark.parametrize("name", ["Anna", "山田 花子", "सीता", None])
def test_columns_stand_under_their_headings(
    library: Library, capsys: pytest.CaptureFixture[str], name: str | None
) -> None:
    label = name and library.people.label_for(name)
    _enter(
        library, set_id="rig-1", label=label, backward_m=12345678.914, mean_force_n=-1234567.84, quality="A"
    )
    _enter(library, set_id="é2", label="Bo", backward_m=3.0, forward_m=0.0, mean_force_n=5.0)
    _enter(
        library, set_id="rig-3", started_utc="2026-11-28T10:00:00.000Z", backward_m=-0.5, mean_force_n=99.96
    )
    print_sets(library, Choice(ids=("rig-1", "é2")), ",".join(column.key for column in COLUMNS))
    heading, first, second = capsys.readouterr().out.splitlines()
    assert "  12345678.91  " in first and " -1234567.8 " in first and " A " in first
    for column, cells in {"back m": ("12345678.91", " 3.00"), "mean N": (" -1234567.8", "  5.0")}.items():
        end = cell_len(heading[: heading.index(column) + len(column)])
        assert (_cut(first, end)[-11:], _cut(second, end)[-5:]) == cells
    assert "nan" not in first + second and second.count("  -") == len(COLUMNS) - 5
    assert (name or "-") in first and " Bo " in second


def test_dated_sets_come_first_in_order_and_undated_ones_last(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    for set_id, started in (
        ("c", None),
        ("a", "2026-11-28T10:00:59.999Z"),
        ("b", "2026-11-28T09:59:00.000Z"),
    ):
        _enter(library, set_id=set_id, started_utc=started)
    print_sets(library, Choice())
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["b", "a", "c"]
    assert local_minute("2026-11-28T10:00:00.000Z") in lines[1]


def test_a_long_table_is_read_from_the_index_alone(library: Library) -> None:
    """By every statement, and the lines in their order, too: twenty times less to read than the sets themselves."""
    _enter(library, set_id="a", started_utc="2026-11-28T09:59:00.000Z")
    asked: list[str] = []
    library.db.connection.set_trace_callback(asked.append)
    print_sets(library, Choice())
    library.db.connection.set_trace_callback(None)
    plans = [str(library.db.rows(f"EXPLAIN QUERY PLAN {sql}")) for sql in asked if " FROM sets " in sql]
    assert len(plans) >= 3 and all("USING COVERING INDEX sets_in_order" in plan for plan in plans), plans
    assert "ORDER BY" in asked[-1] and "TEMP" not in plans[-1]


def test_where_nobody_has_walked_there_is_a_sentence(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    print_sets(library, Choice())
    assert capsys.readouterr() == ("", "No sets.\n")


def test_metres_in_no_set_are_told_when_they_are_more_than_one_a_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A metre is 9600 counts of these sets' rig; two kicks and the way between sets lie on one day."""
    walked = 1_795_000_000_000
    fill(
        tmp_path,
        walk(1, start_unix_ms=walked, rest_counts=[15_360, 96], remarks={"kick": [2, 9600, 0]}),
        walk(2, start_unix_ms=walked + 3_600_000, rest_counts=[4800, 0]),
        walk(3, start_unix_ms=walked + 90_000_000, rest_counts=[2400, 0], remarks={"shift": [1, 2400, 0]}),
    )
    assert run(["sets", "--library", str(tmp_path)]) == 0
    told = capsys.readouterr().err.splitlines()
    day = datetime.fromtimestamp(walked / 1000).date()
    assert [line for line in told if "in no set" in line] == [
        f"{day}: 2.1 m were moved that are in no set: 2 kicks."
    ]
    assert run(["sets", "--library", str(tmp_path), "--json"]) == 0
    out, told_too = capsys.readouterr()
    assert told_too == "" and json.loads(out)[0]["session"]["remarks"] == {"kick": 2}


RATED = {"load_kg": 20.0, "side": "left", "rpe": 7, "pain": 2, "backward_m": 10.0, "forward_m": 0.0}


@pytest.mark.parametrize("name", ["Anna Berg", "山田 花子", "Wolfeschlegelsteinhausenbergerdorff " * 3])
def test_a_table_fits_its_place_and_what_matters_goes_first(
    library: Library, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    label = library.people.label_for(name)
    for number in (7, 8):
        set_id, started = f"a1b2c3d4e5f6-0003-{number:05d}", "2026-11-28T10:00:00.000Z"
        _enter(library, set_id=set_id, label=label, started_utc=started, duration_s=9.5, quality="B", **RATED)
    print_sets(library, Choice())
    out, told = capsys.readouterr()
    assert max(map(cell_len, out.splitlines())) <= PLACES
    heading, line, _ = out.splitlines()
    assert all(f" {word}" in heading for word in ("back m", "kg", "side", "RPE", "pain"))
    assert "forw m" not in heading and "forw m" in told and "--wide" in told
    assert library.choose([line.split()[0]]) == ["a1b2c3d4e5f6-0003-00007"]


def test_an_end_that_two_sets_share_is_not_shown_for_an_id(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [f"{rig}-0003-00007" for rig in ("a1b2c3d4e5f6", "b1b2c3d4e5f6")]
    for set_id in ids:
        _enter(library, set_id=set_id, started_utc="2026-11-28T10:00:00.000Z", label="Anna", **RATED)
    print_sets(library, Choice())
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ids and max(map(len, lines)) <= PLACES


def test_any_key_of_the_contract_can_be_a_column(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    _enter(library, set_id="one", notes="knee well", steps=21, **RATED)
    for key in KEYS:
        print_sets(library, Choice(), f"set_id,{key}")
        assert capsys.readouterr().out.splitlines()[1].startswith("one")
    print_sets(library, Choice(), "notes, steps,load_kg")
    assert capsys.readouterr().out.splitlines()[1].split() == ["knee", "well", "21", "20.0"]
    with pytest.raises(InputError, match="no key of a set"):
        print_sets(library, Choice(), "weight")


def test_other_tables_leave_out_what_matters_least_and_break_long_texts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = (("set", None), ("back m", 2), ("work J", 0), ("steps", 0), ("why", None))
    print_table(columns, [["x" * 46, 1.0, 2, 3, "word " * 40], ["y", 2.0, None, 4, "short"]])
    out, told = capsys.readouterr()
    assert max(map(len, out.splitlines())) <= PLACES and out.count("word") == 40
    assert "steps" in told and "back m" in out


def _cut(line: str, cells: int) -> str:
    """The beginning of a line that is so many places wide."""
    return next(line[:n] for n in range(len(line) + 1) if cell_len(line[:n]) == cells)
