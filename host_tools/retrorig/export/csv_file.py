"""CSV: RFC 4180, UTF-8, decimal points, empty where nothing was measured; text that a spreadsheet would run defused."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from retrorig.export.columns import SAMPLE_COLUMNS, SET_COLUMNS, Cell, flat_row, sample_columns
from retrorig.export.sources import ExportedSet
from retrorig.measure.sample_table import DIGITS
from retrorig.set_row import SetRow

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Spreadsheets take a cell that begins so for a formula, even in a CSV."""


_BEGINS = re.compile(r"([;,\t]\s*)([=+\-@])")
"""Where a program that splits at another sign would see a formula begin."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV is written: between columns, before decimals, and what the file begins with."""

    delimiter: str = ","
    point: str = "."
    mark: str = ""


DIALECTS = {"standard": Dialect(), "excel": Dialect(mark="\ufeff"), "semicolon": Dialect(";", ",", "\ufeff")}
"""RFC 4180; the same with the mark by which Excel knows UTF-8; for Excel where a comma stands before decimals."""


def write_csv(sets: Sequence[ExportedSet], file: BinaryIO, dialect: Dialect = DIALECTS["standard"]) -> None:
    """Write the samples of sets one after the other; of several each row ends with its set's name."""
    if len(sets) == 1:
        _write(file, SAMPLE_COLUMNS, _rows(sets[0], dialect), dialect)
    else:
        rows = ((*row, one.set_id) for one in sets for row in _rows(one, dialect))
        _write(file, (*SAMPLE_COLUMNS, "set_id"), rows, dialect)


def write_sets(rows: Iterable[SetRow], file: BinaryIO, dialect: Dialect = DIALECTS["standard"]) -> None:
    """Write a table of sets, a row each."""
    cells = ((_cell(cell, dialect) for cell in flat_row(row).values()) for row in rows)
    _write(file, SET_COLUMNS, cells, dialect)


def _write(file: BinaryIO, header: Sequence[str], rows: Iterable[Iterable[str]], dialect: Dialect) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        text.write(dialect.mark)
        writer = csv.writer(text, delimiter=dialect.delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    finally:
        text.detach()  # the file is its owner's to close


def _rows(one: ExportedSet, dialect: Dialect) -> Iterable[tuple[str, ...]]:
    number = _number if dialect.point == "." else lambda value: _number(value).replace(".", dialect.point)
    columns = sample_columns(one.samples())
    return zip(*(map(number, column.tolist()) for column in columns.values()), strict=True)


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.{DIGITS}f}"


def _cell(cell: Cell, dialect: Dialect) -> str:
    if isinstance(cell, str):
        return _defused(cell)
    if isinstance(cell, float):
        return str(cell).replace(".", dialect.point)
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def _defused(text: str) -> str:
    """A text that no spreadsheet runs: also where another separator than ours begins a cell within it."""
    if text.startswith(RUNS):
        return f"'{text}"
    return _BEGINS.sub(r"\1'\2", text)
