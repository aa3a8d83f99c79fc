"""Copies what can be read of a damaged library, row by row, into a new one."""

from __future__ import annotations

import binascii
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrorig.library.database import UNREADABLE, is_whole

if TYPE_CHECKING:
    from retrorig.library.library import Library

TABLES = ("raw_sets", "edits", "athletes", "retired_labels", "anchors", "calibrations", "forgotten")
"""What is the truth; the rest is computed from it."""

GAP_MAX = 20_000
"""Rows in a row that can't be read, after which no more are looked for: a damaged page holds some hundreds."""

Row = dict[str, Any]


def salvage(file: Path, tell: Callable[[str], None]) -> Path:
    """The folder with a library that can be read: the file's own if it is whole, else a new one with what is whole.

    A set whose bytes are not those that were stored is left out. `tell` gets a sentence for each set that is lost.
    """
    from retrorig.library.library import Library

    with closing(sqlite3.connect(file)) as damaged:
        if is_whole(damaged):
            return file.parent
        with Library(file.parent / "whole", create=True) as library, library.db.transaction():
            for table in TABLES:
                for row in _rows(damaged, table):
                    _put(library, table, row)
            kept = set(library.raw_sets.ids())
        lost = {row["set_id"] for row in _rows(damaged, "sets")} - kept
    tell(
        f"That library is damaged; whole sets: {len(kept)}. Notes, names and dates beside them may be missing."
    )
    for name in sorted(lost):
        tell(f"Set {name} is damaged there and was left out.")
    return file.parent / "whole"


def _rows(damaged: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Every row of a table that can be read; none where SQLite does not know the table."""
    try:
        damaged.execute(f"SELECT 1 FROM {table} LIMIT 0")
    except UNREADABLE:
        return
    rowid, latest = 0, 0
    while (rowid := rowid + 1) <= latest + GAP_MAX:
        with suppress(*UNREADABLE):
            found = damaged.execute(f"SELECT * FROM {table} NOT INDEXED WHERE rowid = ?", (rowid,))
            row = found.fetchone()
            if row is not None:
                latest = rowid
                yield dict(zip((column for column, *_ in found.description), row, strict=True))


def _put(library: Library, table: str, row: Row) -> None:
    """Enter a row under the columns that this program knows; nothing that is there twice or was changed."""
    if table == "raw_sets" and (
        len(row["data"]) != row["bytes"] or binascii.crc32(row["data"]) != row["crc32"]
    ):
        return
    known = {name for _, name, *_ in library.db.rows(f"PRAGMA table_info({table})")}
    names = [name for name in row if name in known]
    marks = ", ".join("?" * len(names))
    sql = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})"
    library.db.rows(sql, tuple(row[name] for name in names))
