"""The coach's library at 1,000 to 100,000 sets: list, filter, report and compute anew, against pandas on CSV files.

Every figure is a whole process, from its start to its end, as somebody at a terminal waits for it; of quick ones the
best of some. The peer is a short script as people write them: read the CSV of all sets, or that of each set, and print.
"""

from __future__ import annotations

import math
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tests.bench.big_library import FIRST, SPAN, make
from tests.bench.rows import Row, compare
from tests.host.sets import Plan, blob_of

from retrorig.export import FORMATS, export_sets
from retrorig.library import Library
from retrorig.library.database import FILE_NAME
from retrorig.measure.samples import sample_set

SIZES = (1000, 10_000, 100_000)
WHO = "Athlete 7"
SEASON_N = 500
REPORTED_N = 10
LIMIT_S = 1.0
GOAL_AT_N = 100_000
PEAK = """
import atexit, os, re
told = "/proc/self/status"  # what wait4 tells of a child starts with the memory of its parent
atexit.register(lambda: open(os.environ["PEAK"], "w").write(re.search(r"VmHWM:\\s*(\\d+)", open(told).read())[1]))
"""
RETRORIG = "import sys; from retrorig.cli import run; sys.exit(run(sys.argv[1:]))"

LIST = "import sys, pandas as pd; pd.read_csv(sys.argv[1], low_memory=False).to_json(sys.stdout, orient='records')"
FILTER = """
import sys, pandas as pd
sets = pd.read_csv(sys.argv[1], low_memory=False)
sets[(sets.athlete == sys.argv[2]) & (sets.started_utc >= sys.argv[3])].to_json(sys.stdout, orient="records")
"""
RECOMPUTE = """
import pathlib, sys, numpy as np, pandas as pd
found = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.csv")):
    one = pd.read_csv(path)
    force = one.force_n * 1.01
    impulse, work = np.trapezoid(force, one.time_s), np.trapezoid(force, one.distance_m)
    duration = one.time_s.iloc[-1]
    peaks = one.speed_mps.max(), force.max()
    found.append((path.stem, duration, one.distance_m.iloc[-1], *peaks, impulse, work / duration))
pd.DataFrame(found).to_csv(sys.stdout)
"""


@dataclass(frozen=True)
class Run:
    """What one process took. cpu_s: of that, on the processor; on a busy machine the rest is waiting for it."""

    seconds: float
    cpu_s: float
    peak_mb: float


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        made = [row for sets_n in SIZES for row in _rows_at(Path(folder) / str(sets_n), sets_n)]
        return [*made, *_recompute_peer_rows(Path(folder), made), *_size_rows(Path(folder) / "sizes")]


def _rows_at(folder: Path, sets_n: int) -> list[Row]:
    make(folder, sets_n)
    since = (FIRST + SPAN * 0.9).isoformat()
    table = folder / "sets.csv"
    label = _write_table(folder, table)
    library = ("--library", folder)
    listed = _best(RETRORIG, "sets", *library, "--json")
    shown = _best(RETRORIG, "sets", *library)
    filtered = _best(RETRORIG, "sets", *library, "--json", "--athlete", WHO, "--since", since)
    pandas_list = _best(LIST, table, times=2)
    pandas_filter = _best(FILTER, table, label, since, times=2)
    newest = _newest(folder)
    page = folder / "page.html"
    reported = _run(RETRORIG, "report", *newest[:REPORTED_N], *library, "--output", page)
    computed = _run(RETRORIG, "library", "recompute", *newest, *library, "--json")
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
        compare(f"report of {REPORTED_N} sets of {n}", reported.seconds, "s", "limit", 10.0, None),
        compare(f"recompute {SEASON_N} of {n}", computed.seconds, "s", "limit", 60.0, None),
    ]


def _recompute_peer_rows(folder: Path, made: list[Row]) -> list[Row]:
    """The largest library's season against pandas over a CSV of samples for each of its sets."""
    place, samples = folder / str(SIZES[-1]), folder / "csv"
    with Library(place) as library:
        export_sets(library, _newest(place), "csv", samples)
    peer = _run(RECOMPUTE, samples)
    ours = next(row for row in made if row.name == f"recompute {SEASON_N} of {SIZES[-1]} sets")
    return [compare(ours.name, ours.value, "s", "pandas, CSV, six quantities", peer.seconds, None)]


def _write_table(folder: Path, table: Path) -> str:
    """The catalogue as CSV; the label of WHO."""
    with sqlite3.connect(folder / FILE_NAME) as catalogue:
        pd.read_sql("SELECT * FROM sets", catalogue).drop(columns="tail", errors="ignore").to_csv(
            table, index=False
        )
        return catalogue.execute("SELECT label FROM athletes WHERE name = ?", (WHO,)).fetchone()[0]


def _newest(folder: Path) -> list[str]:
    with sqlite3.connect(folder / FILE_NAME) as catalogue:
        sql = "SELECT set_id FROM sets ORDER BY started_utc DESC LIMIT ?"
        return [set_id for (set_id,) in catalogue.execute(sql, (SEASON_N,))]


def _size_rows(folder: Path) -> list[Row]:
    """Bytes of an hour of sets of a minute each in every format; the peer is CSV."""
    with Library(folder, create=True) as library:
        minute = blob_of(_minute())
        set_id, _ = library.add_set(minute)
        sizes = {"raw, SQLite": _megabytes_an_hour(len(minute))}
        for name in FORMATS:
            path = folder / f"one.{name}"
            export_sets(library, [set_id], name, path)
            sizes[name] = _megabytes_an_hour(path.stat().st_size)
        samples_n = len(sample_set(library.raw(set_id)).time_s)
    shown = [
        compare(f"size of a set-hour, {name}", value, "MB", "CSV", sizes["csv"], None)
        for name, value in sizes.items()
    ]
    return [*shown, compare("bytes a sample, raw log", len(minute) / samples_n, "bytes", "limit", 3.0, 1.0)]


def _minute() -> Plan:
    swing = 2 * math.pi * 1.8
    return Plan(
        lambda t: t + 0.2 / swing * (1 - math.cos(swing * t)),
        lambda t: 150 + 50 * math.sin(swing * t + 0.9),
        60.0,
        header={"start_unix_ms": 1_790_000_000_000},
    )


def _megabytes_an_hour(bytes_a_minute: int) -> float:
    return bytes_a_minute * 60 / 1e6


def _best(program: str, *arguments: object, times: int = 3) -> Run:
    return min((_run(program, *arguments) for _ in range(times)), key=lambda run: run.seconds)


def _run(program: str, *arguments: object) -> Run:
    """Run a Python program to its end; its output goes where nobody reads it."""
    with tempfile.TemporaryDirectory() as folder:
        peak = Path(folder) / "peak"
        command = [sys.executable, "-c", PEAK + program, *map(str, arguments)]
        environment = {**os.environ, "PEAK": str(peak)}
        started, cpu_s = time.perf_counter(), _children_cpu_s()
        done = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            check=False,
        )
        seconds = time.perf_counter() - started
        assert done.returncode == 0, done.stderr
        return Run(seconds, _children_cpu_s() - cpu_s, int(peak.read_text()) / 1024)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
