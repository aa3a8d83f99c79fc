"""The coach's library at 1,000 to 100,000 sets: list, filter, report and compute anew, against pandas on CSV files.

Every figure is a whole process, from its start to its end, as somebody at a terminal waits for it; of quick ones the
best of some. The peer is a short script as people write them: read the CSV of all sets, or that of each set, and print.
"""

from __future__ import annotations

import math
import sqlite3
import tempfile
from pathlib import Path

import pandas as pd
from tests.bench import season_rows
from tests.bench.processes import RETRORIG, best
from tests.bench.rows import Row, compare
from tests.host.sets import MadeSet, blob_of
from tests.library.big_library import FIRST, SPAN, make

from retrorig.export import FORMATS
from retrorig.library import Library
from retrorig.library.database import FILE_NAME
from retrorig.measure.samples import sample_set

SIZES = (1000, 10_000, 100_000)
WHO = "Athlete 7"
LIMIT_S = 1.0
GOAL_AT_N = 100_000
LIST = "import sys, pandas as pd; pd.read_csv(sys.argv[1], low_memory=False).to_json(sys.stdout, orient='records')"
FILTER = """
import sys, pandas as pd
sets = pd.read_csv(sys.argv[1], low_memory=False)
sets[(sets.label == sys.argv[2]) & (sets.started_utc >= sys.argv[3])].to_json(sys.stdout, orient="records")
"""


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        made = [row for sets_n in SIZES for row in _rows_at(Path(folder) / str(sets_n), sets_n)]
        return [*made, *_size_rows(Path(folder) / "sizes")]


def _rows_at(folder: Path, sets_n: int) -> list[Row]:
    make(folder, sets_n)
    since = (FIRST + SPAN * 0.9).isoformat()
    table = folder / "sets.csv"
    label = write_table(folder, table)
    library = ("--library", folder)
    listed = best(RETRORIG, "sets", *library, "--json")
    shown = best(RETRORIG, "sets", *library)
    filtered = best(RETRORIG, "sets", *library, "--json", "--athlete", WHO, "--since", since)
    pandas_list = best(LIST, table, times=2)
    pandas_filter = best(FILTER, table, label, since, times=2)
    goal = 1.0 if sets_n == GOAL_AT_N else None
    n = f"{sets_n} sets"
    return [
        compare(f"list, {n}", listed.seconds, "s", "limit", LIMIT_S, goal),
        compare(f"list, {n}", listed.seconds, "s", "its processor time", listed.cpu_s, None),
        compare(f"list, {n}", listed.seconds, "s", "pandas, CSV", pandas_list.seconds, None),
        compare(f"list, {n}, memory", listed.peak_mb, "MB", "pandas, CSV", pandas_list.peak_mb, None),
        compare(f"list as a table, {n}", shown.seconds, "s", "limit", LIMIT_S, goal),
        compare(f"list as a table, {n}", shown.seconds, "s", "its processor time", shown.cpu_s, None),
        compare(f"list as a table, {n}, memory", shown.peak_mb, "MB", "list, JSON", listed.peak_mb, None),
        compare(f"filter, {n}", filtered.seconds, "s", "limit", LIMIT_S, goal),
        compare(f"filter, {n}", filtered.seconds, "s", "pandas, CSV", pandas_filter.seconds, None),
        *season_rows.rows_of(folder, sets_n),
    ]


def write_table(folder: Path, table: Path) -> str:
    """The catalogue as CSV; the label of WHO."""
    with sqlite3.connect(folder / FILE_NAME) as catalogue:
        pd.read_sql("SELECT * FROM sets", catalogue).drop(columns="tail", errors="ignore").to_csv(
            table, index=False
        )
        return catalogue.execute("SELECT label FROM athletes WHERE name = ?", (WHO,)).fetchone()[0]


def _size_rows(folder: Path) -> list[Row]:
    """Bytes of an hour of sets of a minute each in every format; the peer is CSV."""
    with Library(folder, create=True) as library:
        minute = blob_of(_minute())
        set_id, _ = library.add_set(minute)
        sizes = {"raw, SQLite": _megabytes_an_hour(len(minute))}
        for name in FORMATS:
            path = folder / f"one.{name}"
            library.export([set_id], name, path)
            sizes[name] = _megabytes_an_hour(path.stat().st_size)
        samples_n = len(sample_set(library.raw(set_id)).time_s)
    shown = [
        compare(f"size of a set-hour, {name}", value, "MB", "CSV", sizes["csv"], None)
        for name, value in sizes.items()
    ]
    return [*shown, compare("bytes a sample, raw log", len(minute) / samples_n, "bytes", "limit", 3.0, 1.0)]


def _minute() -> MadeSet:
    swing = 2 * math.pi * 1.8
    return MadeSet(
        lambda t: t + 0.2 / swing * (1 - math.cos(swing * t)),
        lambda t: 150 + 50 * math.sin(swing * t + 0.9),
        60.0,
        header={"start_unix_ms": 1_790_000_000_000},
    )


def _megabytes_an_hour(bytes_a_minute: int) -> float:
    return bytes_a_minute * 60 / 1e6
