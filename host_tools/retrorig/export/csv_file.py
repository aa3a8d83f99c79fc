"""CSV: RFC 4180, UTF-8, decimal points, empty where nothing was measured; text that a spreadsheet would run defused."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from retrorig.export.columns import DIGITS, SAMPLE_COLUMNS, SET_COLUMNS, Cell, flat_row, sample_columns
from retrorig.export.sources import ExportedSet
from retrorig.set_row import SetRow

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Spreadsheets take a cell that begins so for a formula, even in a CSV."""


def write_csv(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write the samples of sets one after the other; of several each row ends with its set's name."""
    if len(sets) == 1:
        _write(file, SAMPLE_COLUMNS, _rows(sets[0]))
    else:
        rows = ((*row, one.set_id) for one in sets for row in _rows(one))
        _write(file, (*SAMPLE_COLUMNS, "set_id"), rows)


def write_sets(rows: Iterable[SetRow], file: BinaryIO) -> None:
    """Write a table of sets, a row each."""
    _write(file, SET_COLUMNS, (map(_defused, flat_row(row).values()) for row in rows))


def _write(file: BinaryIO, header: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(rows)
    finally:
        text.detach()  # the file is its owner's to close


def _rows(one: ExportedSet) -> Iterable[tuple[str, ...]]:
    columns = sample_columns(one.samples())
    return zip(*(map(_number, column.tolist()) for column in columns.values()), strict=True)


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.{DIGITS}f}"


def _defused(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RUNS) else cell
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)
