"""Opening the library's SQLite file: private, versioned, safe against a lost laptop battery."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs

from retrorig.errors import InputError, RetrorigError
from retrorig.library.schema import APPLICATION_ID, TABLES, VERSION

FILE_NAME = "library.sqlite3"
BUSY_S = 10.0
"""How long to wait for another program that writes to the library."""


def default_folder() -> Path:
    """The platform's place for a user's data."""
    return Path(platformdirs.user_data_dir("retrorig", appauthor=False))


class Database:
    """One open library file; every failure of SQLite becomes one sentence."""

    def __init__(self, folder: Path, create: bool) -> None:
        self._path = folder / FILE_NAME
        _prepare(folder, self._path, create)
        with self._explained():
            self._connection = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)
            try:
                self._check_version()
            except BaseException:
                self._connection.close()
                raise

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """Run one statement and return its first row, or None."""
        return next(iter(self.rows(sql, values)), None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside happen, durably, or none."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.rows("ROLLBACK")
            raise
        self.rows("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _check_version(self) -> None:
        self.rows("PRAGMA journal_mode=WAL")
        self.rows("PRAGMA synchronous=FULL")  # a confirmed set may be erased from the rig
        with self.transaction():
            (version,) = self.row("PRAGMA user_version") or (0,)
            (mark,) = self.row("PRAGMA application_id") or (0,)
            is_empty = self.row("SELECT 1 FROM sqlite_master") is None
            if version > VERSION and mark == APPLICATION_ID:
                raise InputError(
                    f"{self._path} was written by a newer retrorig: update this program to use it."
                )
            if is_empty:
                self._make_tables()
            elif mark != APPLICATION_ID:
                raise InputError(
                    f"{self._path} is not a retrorig library: choose another folder with --library."
                )

    def _make_tables(self) -> None:
        for statement in TABLES.split(";"):
            self.rows(statement)
        self.rows(f"PRAGMA application_id={APPLICATION_ID}")
        self.rows(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
                raise InputError(f"{self._path} is not a retrorig library: choose another folder.") from None
            raise RetrorigError(
                f"The library {self._path} can't be used ({error}): check disk and rights."
            ) from None


def _prepare(folder: Path, path: Path, create: bool) -> None:
    """Make folder and file readable by their owner alone before SQLite touches them."""
    if not create:
        if not path.is_file():
            raise InputError(
                f"There is no library in {folder}: pull or replay into it first, or check --library."
            )
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise InputError(
            f"The library {path} can't be made ({error.strerror}): choose another --library."
        ) from None
