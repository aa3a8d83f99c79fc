"""What is done with some sets of a library: a page about ten, a season computed anew, and a whole library.

The peers are scripts as people write them, over a CSV of samples for each set: the page shows each set's three curves
and a table of what pandas finds in its columns; the season's are six quantities where retrorig computes all.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.bench.processes import RETRORIG, best, run
from tests.bench.rows import Row, compare

from retrorig.library import Library
from retrorig.library.database import FILE_NAME

SEASON_N = 500
REPORTED_N = 10
WHOLE_MAX_N = 10_000
"""Sets of a library that is computed anew as a whole: of 100,000 it would take minutes, and ten times as long."""

REPORT = """
import io, pathlib, sys, matplotlib, pandas as pd
matplotlib.use("svg")
page = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.csv"))[:int(sys.argv[2])]:
    one = pd.read_csv(path)
    curves = one.plot(x="time_s", y=["speed_mps", "force_n", "power_w"], subplots=True, title=path.stem)
    picture = io.StringIO()
    curves[0].figure.savefig(picture, format="svg")
    matplotlib.pyplot.close()
    page += [one.describe().to_html(), picture.getvalue()]
pathlib.Path(sys.argv[3]).write_text("".join(page))
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


def rows_of(folder: Path, sets_n: int) -> list[Row]:
    """The rows of one library, of `sets_n` sets."""
    samples = folder / "csv"
    latest = newest(folder)
    with Library(folder) as library:
        library.export(latest, "csv", samples)
    whole = _whole_rows(folder, sets_n) if sets_n <= WHOLE_MAX_N else []
    return [
        *_report_rows(folder, sets_n, latest, samples),
        *_season_rows(folder, sets_n, latest, samples),
        *whole,
    ]


def _report_rows(folder: Path, sets_n: int, latest: list[str], samples: Path) -> list[Row]:
    page = ("--output", folder / "page.html")
    made = best(RETRORIG, "report", *latest[:REPORTED_N], "--library", folder, *page, times=2)
    peer = best(REPORT, samples, REPORTED_N, folder / "peer.html", times=2)
    name = f"report of {REPORTED_N} sets of {sets_n} sets"
    return [
        compare(name, made.seconds, "s", "pandas, CSV, curves alone", peer.seconds, None),
        compare(f"{name}, memory", made.peak_mb, "MB", "pandas, CSV, curves alone", peer.peak_mb, None),
    ]


def _season_rows(folder: Path, sets_n: int, latest: list[str], samples: Path) -> list[Row]:
    computed = best(RETRORIG, "library", "recompute", *latest, "--library", folder, "--json", times=2)
    peer = best(RECOMPUTE, samples, times=2)
    name = f"recompute {SEASON_N} of {sets_n} sets"
    return [
        compare(name, computed.seconds, "s", "limit", 60.0, None),
        compare(name, computed.seconds, "s", "pandas, CSV, six quantities", peer.seconds, None),
        compare(f"{name}, memory", computed.peak_mb, "MB", "pandas, CSV, six quantities", peer.peak_mb, None),
    ]


def _whole_rows(folder: Path, sets_n: int) -> list[Row]:
    """A library as a whole, in milliseconds a set: the growth is a straight line if they stay the same."""
    whole = run(RETRORIG, "library", "recompute", "--library", folder, "--json")
    return [
        compare(
            f"recompute all {sets_n} sets, a set", 1e3 * whole.seconds / sets_n, "ms", "limit", 10.0, None
        ),
        compare(f"recompute all {sets_n} sets, memory", whole.peak_mb, "MB", "limit", 500.0, None),
    ]


def newest(folder: Path) -> list[str]:
    with sqlite3.connect(folder / FILE_NAME) as catalogue:
        sql = "SELECT set_id FROM sets ORDER BY started_utc DESC LIMIT ?"
        return [set_id for (set_id,) in catalogue.execute(sql, (SEASON_N,))]
