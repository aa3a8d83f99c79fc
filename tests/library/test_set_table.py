"""The table of sets: what is quick for many must say what is plain for one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len

from retrorig.cli.output import local_minute
from retrorig.cli.set_table import KEYS, local_minutes, print_rows
from retrorig.library.anchors import format_utc


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
    assert local_minutes(moments) == [local_minute(moment) for moment in moments]


def _row(**values: Any) -> list[Any]:
    return [{**dict.fromkeys(KEYS), "set_id": "rig-1", **values}[key] for key in KEYS]


@pytest.mark.parametrize("athlete", ["Anna", "山田 花子", None])
def test_columns_stand_under_their_headings(capsys: pytest.CaptureFixture[str], athlete: str | None) -> None:
    rows = [
        _row(
            athlete=athlete, backward_m=12345678.914, forward_m=-0.004, mean_force_n=-1234567.84, quality="A"
        ),
        _row(
            athlete="Bo",
            backward_m=3.0,
            forward_m=0.0,
            mean_force_n=5.0,
            started_utc="2026-11-28T10:00:00.000Z",
        ),
    ]
    print_rows(rows)
    heading, first, second = capsys.readouterr().out.splitlines()
    assert "  12345678.91  " in first and " -1234567.8 " in first and first.split()[-2:] == ["A", "-"]
    for column, cells in {"back m": ("12345678.91", " 3.00"), "mean N": (" -1234567.8", "  5.0")}.items():
        end = cell_len(heading[: heading.index(column) + len(column)])
        assert (_cut(first, end)[-11:], _cut(second, end)[-5:]) == cells
    assert "nan" not in first + second and second.count("  -") == len(KEYS) - 6


def _cut(line: str, cells: int) -> str:
    """The beginning of a line that is so many places wide."""
    return next(line[:n] for n in range(len(line) + 1) if cell_len(line[:n]) == cells)
