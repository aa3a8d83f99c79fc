"""`python -m tests.growth FOLDER`, in build/env-growth/: ask, compare, print.

Ends with status 1 and a sentence if answers differ, and one for each engine that could not be asked.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pyarrow.parquet as parquet
from tests.growth.engines import LARGE, SMALL, Timed, ask_duckdb, ask_spark, compact, spark_session
from tests.growth.needs import LeftOut
from tests.growth.paper import HOURS_A_DAY, RIGS_N, costs
from tests.growth.questions import QUESTIONS, Answer, same
from tests.growth.server import send_catalogue, server

FILE_NAME = "library.sqlite3"


def main(folder: Path) -> list[str]:
    """What was not shown, a sentence each: nothing if all were asked and all answers were the same."""
    small, large = folder / "library" / "samples", folder / "compacted"
    shutil.rmtree(large, ignore_errors=True)
    compacting_s = compact(small, large)
    _print_sizes(small, large, compacting_s)
    asked = {"DuckDB, a file a set": ask_duckdb(small, SMALL), "DuckDB, compacted": ask_duckdb(large, LARGE)}
    not_shown = []
    with _noting(not_shown):
        asked |= _ask_spark(folder, {"Spark, compacted": large, "Spark, a file a set": small})
    equal = _print_answers(asked)
    with _noting(not_shown):
        equal &= _catalogue(folder / "library" / FILE_NAME)
    _print_paper(folder)
    return not_shown if equal else [*not_shown, "Answers differ: see above."]


@contextmanager
def _noting(not_shown: list[str]) -> Iterator[None]:
    """An engine that can't be asked keeps no other from being asked."""
    try:
        yield
    except LeftOut as why:
        not_shown.append(f"Left out: {why}")


def _ask_spark(folder: Path, places: dict[str, Path]) -> dict[str, Timed]:
    started, found = time.perf_counter(), {}
    with spark_session(folder / "scratch") as session:
        print(
            f"Spark started in {time.perf_counter() - started:.1f} s; it reads all files once and then answers."
        )
        for name, place in places.items():
            found[name], seconds = ask_spark(session, place)
            print(f"  {name:22} read in {seconds:.1f} s")
    print()
    return found


def _print_sizes(small: Path, large: Path, compacting_s: float) -> None:
    for name, place in (("a file a set", small), ("a file a rig and month", large)):
        files = list(place.rglob("*.parquet"))
        print(f"{name:24} {len(files):7} files  {sum(file.stat().st_size for file in files) / 1e6:8.1f} MB")
    print(f"compaction took {compacting_s:.1f} s\n")


def _print_answers(asked: dict[str, Timed]) -> bool:
    """A line for each question and engine; every answer against the first engine's."""
    first = next(iter(asked.values()))
    equal = True
    for question in QUESTIONS:
        print(question)
        for engine, answers in asked.items():
            answer, seconds = answers[question]
            agrees = same(answer, first[question][0])
            equal &= agrees
            verdict = "same" if agrees else "DIFFERENT"
            print(f"  {engine:22} {seconds:7.2f} s  {len(answer):5} rows  {verdict}  {_first(answer)}")
    return equal


def _first(answer: Answer) -> str:
    return "first: " + ", ".join(
        f"{value:.6g}" if isinstance(value, float) else str(value) for value in answer[0]
    )


def _catalogue(file: Path) -> bool:
    with server() as address:
        sent = send_catalogue(file, address)
    equal = same(sent.theirs, sent.ours)
    sets_n = sum(row[2] for row in sent.theirs)
    print(
        f"PostgreSQL took {sets_n} rows of the catalogue in {sent.seconds:.1f} s, {sent.size_bytes / sets_n:.0f} "
        f"bytes each; by athlete and kind it answers "
        f"{len(sent.theirs)} rows, {'the same as' if equal else 'OTHERS than'} SQLite."
    )
    return equal


def _print_paper(folder: Path) -> None:
    long, library = json.loads((folder / "long.json").read_text(encoding="utf-8")), folder / "library"
    log, column = long["log_bytes_a_sample"], long["parquet_bytes_a_sample"]
    file, row = _cost_of_a_file(library / "samples", column), _cost_of_a_row(library / FILE_NAME)
    print(
        f"\nOn paper: {RIGS_N} rigs, {HOURS_A_DAY:g} h a day; {log:.2f} bytes a sample in the log, "
        f"{column:.2f} in Parquet,\n{file:.0f} bytes for each file and {row:.0f} for each set in the catalogue."
    )
    print(f"  {'':34} {'a day':>10} {'a year':>12}")
    for cost in costs(log, column, file, row):
        print(f"  {cost.what:34} {cost.a_day:>10.4g} {cost.a_year:>12.4g} {cost.unit}")


def _cost_of_a_file(small: Path, sample_bytes: float) -> float:
    """What a small file has beyond its samples, bytes: the mean of a thousand."""
    files = list(islice(small.rglob("*.parquet"), 1000))
    rows = sum(parquet.read_metadata(file).num_rows for file in files)
    return (sum(file.stat().st_size for file in files) - rows * sample_bytes) / len(files)


def _cost_of_a_row(catalogue: Path) -> float:
    """What a library's file takes besides the raw bytes of its sets, bytes a set."""
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as opened:
        raw, sets_n = opened.execute("SELECT sum(bytes), count(*) FROM raw_sets").fetchone()
    return (catalogue.stat().st_size - raw) / sets_n


if __name__ == "__main__":
    failed = main(Path(sys.argv[1]))
    sys.stdout.flush()
    sys.exit("\n".join(failed) or None)
