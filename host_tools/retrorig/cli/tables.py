"""Tables of anything: a heading and the digits for each column, a sequence of values for each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from retrorig.cli.output import NO_VALUE

Column = tuple[str, int | None]
"""Heading, and digits after the point; None for text, which stands to the left."""


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """Aligned columns; a dash for what is not known."""
    cells = [[_cell(value, digits) for value, (_, digits) in zip(row, columns, strict=True)] for row in rows]
    lines = [[heading for heading, _ in columns], *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        shown = (
            _placed(cell, width, digits)
            for cell, width, (_, digits) in zip(line, widths, columns, strict=True)
        )
        print("  ".join(shown).rstrip())


def plus_minus(value: float | None, pm: float | None, digits: int) -> str | None:
    """A value with its interval as people read it."""
    if value is None:
        return None
    return _number(value, digits) + (f" +-{pm:.{digits}f}" if pm is not None else "")


def _number(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}"  # no minus before a zero


def _placed(cell: str, width: int, digits: int | None) -> str:
    return cell.ljust(width) if digits is None else cell.rjust(width)


def _cell(value: Any, digits: int | None) -> str:
    if value is None:
        return NO_VALUE
    return str(value) if digits is None or isinstance(value, str) else _number(value, digits)
