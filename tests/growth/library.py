"""A library of many sets with all their Parquet files: `python -m tests.growth.library FOLDER SETS`, in .venv/.

The catalogue is the bench's (tests/library/big_library.py). Its sets are 16 different walks under many headers; of each
walk one set's file is written by the product, and all others are that one with another set's id, athlete and time.
"""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import sys
import time
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet
from tests.host.sets import MadeSet, blob_of
from tests.library.big_library import make

from retrorig.library import Library
from retrorig.library.database import FILE_NAME
from retrorig.library.sample_files import place_of, write_samples
from retrorig.measure.samples import sample_set
from retrorig.set_row import SetRow
from rigcore.decode import decode_set

LONG_S = 300.0
WORKERS_N = 2


def main(folder: Path, sets_n: int) -> None:
    """Make everything anew in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    place = folder / "library"
    make(place, sets_n)
    rows = _rows(place)
    with Library(place) as library:
        first = {row.duration_s: row for row in reversed(rows)}
        write_samples(library, [row.set_id for row in first.values()])
    walks = {
        length: parquet.read_table(place / place_of(row), partitioning=None) for length, row in first.items()
    }
    written = {row.set_id for row in first.values()}
    tasks = [(place, row, first[row.duration_s].started_utc) for row in rows if row.set_id not in written]
    for day in {(place / place_of(row)).parent for row in rows}:
        day.mkdir(parents=True, exist_ok=True)
    with get_context("spawn").Pool(WORKERS_N, initializer=_know, initargs=(walks,)) as pool:
        for _ in pool.imap_unordered(_write, tasks, chunksize=500):
            pass
    with Library(place) as library, library.db.transaction():
        for row in rows:
            library.files.enter(row.set_id, place_of(row), True)
    (folder / "long.json").write_text(json.dumps(_long_set(folder / "long")), encoding="utf-8")
    print(f"Made {sets_n} sets with their files in {time.perf_counter() - started:.0f} s.")


def _rows(place: Path) -> list[SetRow]:
    catalogue = sqlite3.connect(place / FILE_NAME)
    catalogue.row_factory = sqlite3.Row
    sql = "SELECT set_id, rig_id, label, started_utc, duration_s FROM sets"
    return [SetRow(**dict(row)) for row in catalogue.execute(sql)]


_walks: dict[float, arrow.Table] = {}


def _know(walks: dict[float, arrow.Table]) -> None:
    _walks.update(walks)


def _write(task: tuple[Path, SetRow, str]) -> None:
    """One set's file: its walk's columns under its own name and time."""
    place, row, walk_utc = task
    walk = _walks[row.duration_s]
    later = datetime.fromisoformat(row.started_utc) - datetime.fromisoformat(walk_utc)
    columns = {
        "set_id": arrow.repeat(row.set_id, len(walk)),
        "athlete": arrow.repeat(row.label, len(walk)),
        "t_utc": compute.add(walk["t_utc"], arrow.scalar(later, arrow.duration("us"))),
    }
    table = arrow.table([columns.get(name, walk[name]) for name in walk.schema.names], schema=walk.schema)
    parquet.write_table(table, place / place_of(row), compression="zstd")


def _long_set(folder: Path) -> dict[str, float]:
    """Bytes a sample of an ordinary sled walk at 83 samples a second: in the log, and in a Parquet file of its own."""
    swing = 2 * math.pi * 1.8

    def position_m(t_s: float) -> float:
        return t_s + 0.2 / swing * (1 - math.cos(swing * t_s))

    def pull_n(t_s: float) -> float:
        return 150 + 50 * math.sin(swing * t_s + 0.9) + 12 * math.sin(2.8 * swing * t_s)

    blob = blob_of(MadeSet(position_m, pull_n, LONG_S, header={"start_unix_ms": 1_790_000_000_000}))
    with Library(folder, create=True) as library:
        set_id, _ = library.add_set(blob)
        write_samples(library, [set_id])
        file = folder / place_of(library.set(set_id))
    samples_n = len(sample_set(decode_set(blob)).time_s)
    return {
        "log_bytes_a_sample": len(blob) / samples_n,
        "parquet_bytes_a_sample": file.stat().st_size / samples_n,
    }


if __name__ == "__main__":
    wanted = sys.argv[2]
    if not (wanted.isdecimal() and int(wanted)):
        sys.exit(f"SETS is how many sets to make, such as 5000, not {wanted!r}.")
    main(Path(sys.argv[1]), int(wanted))
