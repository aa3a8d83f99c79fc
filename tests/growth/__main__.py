"""`python -m tests.growth FOLDER`, in build/env-growth/: ask, compare, print.

Ends with status 1 and a sentence if answers differ, and one for each engine that could not be asked.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pyarrow.parquet as parquet
from tests.growth.engines import Timed, ask_duckdb, ask_spark, spark_session
from tests.growth.needs import LeftOut
from tests.growth.paper import HOURS_A_DAY, RIGS_N, costs
from tests.growth.questions import QUESTIONS, Answer, same

FILE_NAME = "library.sqlite3"


def main(folder: Path) -> list[str]:
    """What was not shown, a sentence each: nothing if all were asked and all answers were the same."""
    place = folder / "published" / "samples"
    if not place.is_dir():
        return ["Left out: nothing was published, so no engine was asked."]
    asked = {"DuckDB": ask_duckdb(place)}
    not_shown = []
    with _noting(not_shown):
        asked["Spark"] = _ask_spark(folder, place)
    equal = _print_answers(asked)
    _print_paper(folder)
    return not_shown if equal else [*not_shown, "Answers differ: see above."]


@contextmanager
def _noting(not_shown: list[str]) -> Iterator[None]:
    """An engine that can't be asked keeps no other from being asked."""
    try:
        yield
    except LeftOut as why:
        not_shown.append(f"Left out: {why}")


def _ask_spark(folder: Path, place: Path) -> Timed:
    started = time.perf_counter()
    with spark_session(folder / "scratch") as session:
        print(
            f"Spark started in {time.perf_counter() - started:.1f} s; it reads all files once and then answers."
        )
        answers, seconds = ask_spark(session, place)
    print(f"  read in {seconds:.1f} s\n")
    return answers


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
