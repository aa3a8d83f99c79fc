"""The list of sets as lines of text, put together by SQLite: of a hundred thousand in a third of Python's time.

No row becomes an object of Python's, so a long list needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrorig.library.query import IN_ORDER, Choice

if TYPE_CHECKING:
    from retrorig.library.library import Library

GAP = "  "
PERSON = "athlete"


@dataclass(frozen=True)
class Column:
    """A heading, the key under it, and for a number its digits after the point."""

    heading: str
    key: str
    digits: int | None = None


@dataclass(frozen=True)
class Look:
    """How a list is shown. align: makes texts equally wide, as a screen shows them; no_value: what stands for none."""

    columns: Sequence[Column]
    align: Callable[[list[str]], list[str]]
    no_value: str


@dataclass(frozen=True)
class _Cell:
    """A column's heading in its width, and SQLite's printf form for its cells and the value that goes in."""

    heading: str
    form: str
    value: str


def local_minute_sql(moment: str) -> str:
    """SQL for a moment in UTC as date and minute on this computer's clock."""
    return f"strftime('%Y-%m-%d %H:%M', {moment}, 'localtime')"


def set_lines(library: Library, choice: Choice, look: Look) -> Iterator[str]:
    """A heading and a line for each set, oldest first; nothing when there is none."""
    where, values = library.catalogue.where(choice)
    extents = ", ".join(map(_extent, look.columns))
    sets_n, *found = library.db.row(f"SELECT count(*), {extents} FROM sets WHERE {where}", values) or [0]
    if not sets_n:
        return
    cells = [
        _people(library, choice, column.heading, look)
        if column.key == PERSON
        else _cell(column, width, known_n == sets_n, look.no_value)
        for column, width, known_n in zip(look.columns, found[::2], found[1::2], strict=True)
    ]
    yield GAP.join(cell.heading for cell in cells).rstrip()
    form, arguments = GAP.join(cell.form for cell in cells), ", ".join(cell.value for cell in cells)
    sql = f"SELECT rtrim(printf('{form}', {arguments})) FROM sets WHERE {where} {IN_ORDER}"
    yield from (line for (line,) in library.db.each(sql, values))


def _extent(column: Column) -> str:
    """SQL for the length of a column's longest cell and how many of its values are known."""
    key = "label" if column.key == PERSON else column.key
    form = f"%.{column.digits}f"
    if column.digits is not None:  # the longest is that of the largest or the smallest
        return (
            f"max(length(printf('{form}', min({key}))), length(printf('{form}', max({key})))), count({key})"
        )
    as_long = f"substr({key}, 1, 16)" if key == "started_utc" else key  # quicker to make than what is shown
    return f"max(length({as_long})), count({key})"


def _cell(column: Column, width: int | None, are_known: bool, no_value: str) -> _Cell:
    width = max(width or 0, len(column.heading))
    if column.digits is None:
        shown = local_minute_sql(column.key) if column.key == "started_utc" else column.key
        return _Cell(column.heading.ljust(width), f"%-!{width}s", f"coalesce({shown}, '{no_value}')")
    heading, digits = column.heading.rjust(width), f".{column.digits}f"
    if are_known:
        return _Cell(heading, f"%{width}{digits}", column.key)
    number = f"printf('%{digits}', {column.key})"
    return _Cell(heading, f"%{width}s", f"CASE WHEN {column.key} IS NULL THEN '{no_value}' ELSE {number} END")


def _people(library: Library, choice: Choice, heading: str, look: Look) -> _Cell:
    """Names may be in letters that are two places wide, or none; and of many sets there are few people."""
    where, values = library.catalogue.where(choice)
    labels = [label for (label,) in library.db.rows(f"SELECT DISTINCT label FROM sets WHERE {where}", values)]
    names = library.people.names()
    heading, *shown = look.align([heading, *(names.get(label) or label or look.no_value for label in labels)])
    library.db.connection.create_function("shown_person", 1, dict(zip(labels, shown, strict=True)).get)
    return _Cell(heading, "%s", "shown_person(label)")
