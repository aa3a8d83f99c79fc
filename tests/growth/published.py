"""The library published as sites publish theirs: `python -m tests.growth.published FOLDER`, in .venv/.

Its store of files is left in FOLDER for the engines; the database lives as long as this runs.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from shutil import rmtree

from tests.growth.needs import LeftOut
from tests.growth.questions import CATALOGUE, same
from tests.publish.postgres import Server, server

from retrorig.library import Library
from retrorig.library.database import FILE_NAME
from retrorig.publish import publish
from retrorig.publish.connection import Connection


def main(folder: Path) -> str | None:
    """Publish into an empty store, again, and compact; print what each took. What was left out, if it was."""
    rmtree(folder / "published", ignore_errors=True)
    try:
        with server() as started:
            started.make_database("growth")
            _publish(folder, started)
            return None if _answers_agree(folder, started) else "The catalogue's answers differ: see above."
    except LeftOut as why:
        return f"Left out: {why}"


def _publish(folder: Path, started: Server) -> None:
    address = started.socket_address("growth")
    with Library(folder / "library") as library:
        for what, options in (
            ("published", {"files": str(folder / "published")}),
            ("published again, nothing new", {}),
            ("small files of each month made one", {"is_compacting": True}),
        ):
            begun_s, cpu_s = time.perf_counter(), time.process_time()
            result = publish(library, address, **options)
            seconds, cpu_s = time.perf_counter() - begun_s, time.process_time() - cpu_s
            print(f"{what:36} {result.sent_n:7} sets  {seconds:7.1f} s, {cpu_s:.1f} s of this processor")
    files = list((folder / "published").rglob("*.parquet"))
    kinds = {
        kind: sum(file.stat().st_size for file in files if kind in file.parts) for kind in ("samples", "raw")
    }
    (table_bytes,) = _column(address, "SELECT pg_total_relation_size('retrorig.sets')")
    home_bytes = (folder / "library" / FILE_NAME).stat().st_size
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(files)} files: samples {kinds['samples'] / 1e6:.1f} MB, raw sets {kinds['raw'] / 1e6:.1f} MB"
    )
    print(
        f"rows in the database {table_bytes / 1e6:.1f} MB; one machine's SQLite with raw sets {home_bytes / 1e6:.1f} MB"
    )
    print(f"memory of this program at most {peak_mb:.0f} MB\n")


def _answers_agree(folder: Path, started: Server) -> bool:
    """One question to the catalogue in both databases."""
    theirs_sql = CATALOGUE.replace("sum(samples)", "sum(samples)::bigint")
    with closing(Connection(started.socket_address("growth"))) as connection:
        begun_s = time.perf_counter()
        theirs = connection.rows(theirs_sql.replace("FROM sets", "FROM retrorig.sets"))
        theirs_s = time.perf_counter() - begun_s
    with closing(sqlite3.connect(folder / "library" / FILE_NAME)) as catalogue:
        begun_s = time.perf_counter()
        ours = catalogue.execute(CATALOGUE.replace("person", "label")).fetchall()
        ours_s = time.perf_counter() - begun_s
    agree = same(sorted(theirs), sorted(ours))
    print(
        f"sums by person and kind: PostgreSQL {theirs_s:.2f} s, SQLite {ours_s:.2f} s, "
        f"{'the same' if agree else 'DIFFERENT'}, {len(ours)} rows\n"
    )
    return agree


def _column(address: str, sql: str) -> list[int]:
    with closing(Connection(address)) as connection:
        return [value for (value,) in connection.rows(sql)]


if __name__ == "__main__":
    left_out = main(Path(sys.argv[1]))
    sys.stdout.flush()
    if left_out:
        print(left_out, file=sys.stderr)
        sys.exit(0 if left_out.startswith("Left out") else 1)
