"""The list of sets as lines of text, put together by SQLite: of a hundred thousand in a third of Python's time.

No row becomes an object of Python's, so a long list needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrorig.library.query import IN_ORDER, Choice

if TYPE_CHECKING:
    from retrorig.library.library import Library

GAP = "  "
PERSON = "athlete"
NAME = "set_id"
END_LENGTH = 10
"""Characters of `0003-00007`, the end of an id."""


@dataclass(frozen=True)
class Column:
    """A heading, the key under it, and for a number its digits after the point."""

    heading: str
    key: str
    digits: int | None = None


@dataclass(frozen=True)
class ListStyle:
    """How a list is shown. align: makes texts equally wide, as a screen shows them; no_value: what stands for none.

    width: places in a line, None for all columns; matters: the keys that go first where there is no room for all.
    """

    columns: Sequence[Column]
    align: Callable[[list[str]], list[str]]
    no_value: str
    width: int | None = None
    matters: Sequence[str] = ()


@dataclass(frozen=True)
class SetLines:
    """A heading and a line for each set; left_out: headings of columns that hold something and have no room."""

    lines: Iterator[str]
    left_out: list[str]


@dataclass(frozen=True)
class _Cell:
    """A column's heading in its width, and SQLite's printf form for its cells and the value that goes in."""

    heading: str
    form: str
    value: str


def local_minute_sql(moment: str) -> str:
    """SQL for a moment in UTC as date and minute on this computer's clock."""
    return f"strftime('%Y-%m-%d %H:%M', {moment}, 'localtime')"


def set_lines(library: Library, choice: Choice, look: ListStyle) -> SetLines | None:
    """The list of a choice, oldest first; None when there is no set."""
    where, values = library.catalogue.where(choice)
    extents = ", ".join(map(_extent, look.columns))
    sets_n, *found = library.db.row(f"SELECT count(*), {extents} FROM sets WHERE {where}", values) or [0]
    if not sets_n:
        return None
    cells = {
        column.key: _people(library, choice, column.heading, look)
        if column.key == PERSON
        else _cell(column, width, known_n == sets_n, look.no_value)
        for column, width, known_n in zip(look.columns, found[::2], found[1::2], strict=True)
    }
    left_out: list[str] = []
    if look.width is not None:
        filled = [key for key, known_n in zip(cells, found[1::2], strict=True) if known_n]
        cells, left_out = _fitted(library, cells, filled, look)
    return SetLines(_lines(library, list(cells.values()), where, values), left_out)


def _lines(library: Library, cells: list[_Cell], where: str, values: tuple[Any, ...]) -> Iterator[str]:
    yield GAP.join(cell.heading for cell in cells).rstrip()
    form, arguments = GAP.join(cell.form for cell in cells), ", ".join(cell.value for cell in cells)
    sql = f"SELECT rtrim(printf('{form}', {arguments})) FROM sets WHERE {where} {IN_ORDER}"
    yield from (line for (line,) in library.db.each(sql, values))


def _fitted(
    library: Library, cells: dict[str, _Cell], filled: list[str], look: ListStyle
) -> tuple[dict[str, _Cell], list[str]]:
    """The columns that a line has room for, those that matter first, and the headings of the others.

    A column without any value is none of them. Ids are shown by their ends before anything that matters is left out.
    """
    wanted = [key for key in look.matters if key in filled]
    wanted += [key for key in cells if key in filled and key not in wanted]
    matter = set(look.matters) & set(wanted)
    kept = _with_room(cells, wanted, look.width or 0)
    if not matter <= kept and NAME in cells and _ends_are_clear(library):
        heading = cells[NAME].heading.strip().ljust(END_LENGTH)
        cells = {**cells, NAME: _Cell(heading, f"%-{END_LENGTH}s", f"substr(set_id, -{END_LENGTH})")}
        kept = _with_room(cells, wanted, look.width or 0)
    left_out = [cells[key].heading.strip() for key in cells if key in wanted and key not in kept]
    return {key: cell for key, cell in cells.items() if key in kept}, left_out


def _with_room(cells: dict[str, _Cell], wanted: Sequence[str], width: int) -> set[str]:
    """Those of these for which there is room, the first ones first; at least one."""
    kept, left = set[str](), width + len(GAP)
    for key in wanted:
        needed = len(GAP) + len(cells[key].heading)
        if needed <= left or not kept:
            kept.add(key)
            left -= needed
    return kept


def _ends_are_clear(library: Library) -> bool:
    """Whether each set of the library can be told by the end of its id, its boot and number."""
    (are_clear,) = library.db.row(
        f"SELECT count(DISTINCT substr(set_id, -{END_LENGTH})) = count(*) AND min(set_id GLOB '*-????-?????') FROM sets"
    ) or (0,)
    return bool(are_clear)


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


def _people(library: Library, choice: Choice, heading: str, look: ListStyle) -> _Cell:
    """Names may be in letters that are two places wide, or none; and of many sets there are few people."""
    where, values = library.catalogue.where(choice)
    # with the plus, SQLite takes the index that holds all it needs, not that of labels and then each whole row
    labels = [
        label for (label,) in library.db.rows(f"SELECT DISTINCT +label FROM sets WHERE {where}", values)
    ]
    names = library.people.names()
    heading, *shown = look.align([heading, *(names.get(label) or label or look.no_value for label in labels)])
    library.db.connection.create_function("shown_person", 1, dict(zip(labels, shown, strict=True)).get)
    return _Cell(heading, "%s", "shown_person(label)")
