"""Tables of anything: a heading and the digits for each column, a sequence of values for each row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from retrorig.cli.output import NO_VALUE, cell_width
from retrorig.cli.width import room, tell_left_out

GAP_PLACES = 2
TEXT_PLACES_MIN = 16
LEAST = (
    "set", "steps", "work J", "mean W", "peak N", "peak m/s", "rest s", "kind", "file", "kg m", "rigs", "default",
    "work kJ", "smallest %", "smallest worth reporting %", "days", "load kg m", "rig", "best m/s",
    "reached at m",
)  # fmt: skip
"""Headings of columns that are left out where there is no room, the first ones first."""

MORE_OF_IT = ("grew %",)
"""Headings of columns that go with the column before."""

Column = tuple[str, int | None]
"""Heading, and digits after the point; None for text, which stands to the left."""


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """Aligned columns; a dash for what is not known.

    Where a line has no room for all, long texts at its end go on in the next line, and columns of LEAST are left out
    and told.
    """
    cells = [[_cell(value, digits) for value, (_, digits) in zip(row, columns, strict=True)] for row in rows]
    lines = [[heading for heading, _ in columns], *cells]
    widths = [max(cell_width(line[i]) for line in lines) for i in range(len(columns))]
    kept, text_places = _fitted(columns, widths)
    for line in lines:
        shown = [_placed(line[i], widths[i], columns[i][1]) for i in kept]
        print(*_wrapped(shown, line[kept[-1]], text_places), sep="\n")
    tell_left_out([columns[i][0] for i in range(len(columns)) if i not in kept])


def print_rows(heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The same for columns of text or of whole numbers."""
    digits = [
        0 if rows and all(isinstance(row[i], int) for row in rows) else None for i in range(len(heading))
    ]
    print_table(list(zip(heading, digits, strict=True)), rows)


def _fitted(columns: Sequence[Column], widths: Sequence[int]) -> tuple[list[int], int | None]:
    """Which columns a line has room for, and the places of its last text if that has to be broken."""
    kept, places = list(range(len(columns))), room()
    if places is None:
        return kept, None
    for heading in (None, *LEAST):
        kept = [i for i in kept if i == 0 or _subject(columns, i) != heading]
        over = _taken(kept, widths) - places
        if over <= 0:
            return kept, None
        text_places = widths[kept[-1]] - over
        if columns[kept[-1]][1] is None and text_places >= TEXT_PLACES_MIN:
            return kept, text_places
    return kept, None


def _subject(columns: Sequence[Column], i: int) -> str:
    """The heading of a column, or of the one before that this one tells more of."""
    return columns[i - 1][0] if columns[i][0] in MORE_OF_IT else columns[i][0]


def _taken(kept: Sequence[int], widths: Sequence[int]) -> int:
    return sum(widths[i] for i in kept) + GAP_PLACES * (len(kept) - 1)


def _wrapped(shown: Sequence[str], text: str, places: int | None) -> list[str]:
    """A line, or several with the last text broken between words."""
    if places is None:
        return [(" " * GAP_PLACES).join(shown).rstrip()]
    pieces = textwrap.wrap(text, places, break_long_words=False) or [""]
    before = "".join(cell + " " * GAP_PLACES for cell in shown[:-1])
    return [before + pieces[0], *(" " * cell_width(before) + piece for piece in pieces[1:])]


def with_interval(value: float | None, pm: float | None, digits: int) -> str | None:
    """A value with its interval as people read it."""
    if value is None:
        return None
    return _number(value, digits) + (f" +-{pm:.{digits}f}" if pm is not None else "")


def _number(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}"  # no minus before a zero


def _placed(cell: str, width: int, digits: int | None) -> str:
    blank = " " * (width - cell_width(cell))
    return cell + blank if digits is None else blank + cell


def _cell(value: Any, digits: int | None) -> str:
    if value is None:
        return NO_VALUE
    return str(value) if digits is None or isinstance(value, str) else _number(value, digits)
