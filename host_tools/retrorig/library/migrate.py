"""Bringing a library of an older program to this program's version: all of it or nothing, after a copy."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from retrorig.library.columns import as_dict, tail_of
from retrorig.library.schema import APPLICATION_ID, STEPS, VERSION, column
from retrorig.measure.keys import KEYS


def copy_path(path: Path, version: int) -> Path:
    """Where the copy of a library goes before it is moved on from `version`."""
    return path.with_name(f"{path.name}.version-{version}")


def keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the whole library beside itself, readable by its owner alone."""
    target = copy_path(path, version)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def move_on(connection: sqlite3.Connection, version: int) -> None:
    """From `version` (0: an empty file) to VERSION, within the caller's transaction."""
    for step in range(version + 1, VERSION + 1):
        if step > 1:
            _add_columns(connection)
        for statement in STEPS[step].split(";"):
            connection.execute(statement)
    _write_tails(connection)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")


def _add_columns(connection: sqlite3.Connection) -> None:
    """Quantities that an older program did not know, empty until the sets are computed again."""
    have = {row[1] for row in connection.execute("PRAGMA table_info(sets)")}
    for key in KEYS:
        if key not in have:
            connection.execute(f"ALTER TABLE sets ADD COLUMN {column(key)}")


def _write_tails(connection: sqlite3.Connection) -> None:
    """The ready-made JSON of sets that an older program has stored."""
    names = ", ".join(KEYS)
    connection.create_function(
        "tail_of", len(KEYS), lambda *row: tail_of(as_dict(row, {})), deterministic=True
    )
    connection.execute(f"UPDATE sets SET tail = tail_of({names})")
