"""Opens the library's SQLite file: readable by its owner alone, with a version, safe against a power cut."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import platformdirs

from retrorig.errors import DiskFullError, InputError
from retrorig.library.schema import APPLICATION_ID, RECORDS, TABLES, VERSION

FILE_NAME = "library.sqlite3"
BUSY_S = 10.0
"""How long to wait for another program that writes to the library."""
ROWS_AT_ONCE = 32
PAGE_BYTES = 16_384
"""Of a new file: several sets fit on a page, which makes long lists half as long to read."""

_REASONS = {
    "SQLITE_NOTADB": "is not a retrorig library, or its beginning is damaged: choose another folder or a backup",
    "SQLITE_CORRUPT": "is damaged and was left as it is: restore a backup, or merge it into a new library to save "
    "what is whole",
    "SQLITE_FULL": "can't grow because the disk is full: nothing of this was stored; make room and do it again",
    "SQLITE_BUSY": "is being written by another program: nothing of this was stored; try again when that is done",
    "SQLITE_READONLY": "can't be written: its folder or file is read-only, so nothing of this was stored",
    "SQLITE_CANTOPEN": "can't be opened: check the rights of its folder",
}


UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's module raises at damage; the second where SQLite's own sentence repeats damaged names."""


def default_folder() -> Path:
    """The platform's place for a user's data."""
    return Path(platformdirs.user_data_dir("retrorig", appauthor=False))


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds every page of a file where it belongs."""
    try:
        return connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except UNREADABLE:
        return False


class Database:
    """One open library file; every failure of SQLite becomes one sentence.

    One program writes at a time, the others wait up to BUSY_S; any number read meanwhile and never wait. A library in
    a folder that can't be written is opened for reading alone.
    """

    def __init__(self, folder: Path, create: bool, called: Path | str | None = None) -> None:
        """called: what people know the file as, when this is a copy of it."""
        self.folder = folder
        self.path = folder / FILE_NAME
        self.called = called or self.path
        self._made = create and not self.path.exists()
        _prepare(folder, self.path, create)
        with self._explained():
            self.connection = self._connect()
            try:
                self._check_version()
            except BaseException:
                self.connection.close()
                if self._made and not self.path.stat().st_size:
                    self._remove()
                raise

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        with self._explained():
            return self.connection.execute(sql, values).fetchall()

    def each(self, sql: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Run one statement and give its rows one by one, for when they are many."""
        with self._explained():
            cursor = self.connection.execute(sql, values)
            while some := cursor.fetchmany(ROWS_AT_ONCE):  # the cursor itself would be closed after the file
                yield from some

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of many rows."""
        with self._explained():
            self.connection.executemany(sql, rows)

    def row(self, sql: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """Run one statement and return its first row, or None."""
        return next(iter(self.rows(sql, values)), None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside happen, durably, or none; within a transaction it is part of that one."""
        if self.connection.in_transaction:
            yield
            return
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # a full disk has ended it already
                self.connection.execute("ROLLBACK")
            raise

    def version_seen(self) -> int:
        """A number that changes whenever another connection has written."""
        (number,) = self.row("PRAGMA data_version") or (0,)
        return number

    def is_whole(self) -> bool:
        """Whether SQLite finds every page where it belongs."""
        return is_whole(self.connection)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def close_in_vain(self) -> None:
        """Close the file, and remove it and its folder if they were made just now and nothing came into them."""
        is_empty = self._made and not any(self.row(f"SELECT 1 FROM {table} LIMIT 1") for table in RECORDS)
        self.close()
        if is_empty:
            self._remove()

    def _remove(self) -> None:
        """Remove the file, unless another program has it open, and its folder if nothing else is in it."""
        if self.path.with_name(f"{self.path.name}-wal").exists():
            return
        self.path.unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()

    def _connect(self) -> sqlite3.Connection:
        if self._can_write():
            return sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        log = self.path.with_name(f"{self.path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise InputError(
                f"The library {self.path} is read-only and was not closed: copy its folder to where you can write."
            )
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)

    def _can_write(self) -> bool:
        return os.access(self.folder, os.W_OK) and os.access(self.path, os.W_OK)

    def _check_version(self) -> None:
        is_new = self._is_new()  # before anything that writes: a file of somebody else stays as it is
        if self._can_write():
            self.connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=FULL")  # a confirmed set may be erased from the rig
            self.connection.execute("PRAGMA secure_delete=ON")  # a name that was deleted is overwritten
        if is_new:
            self._make()

    def _is_new(self) -> bool:
        """Whether the file is empty; InputError when it is no library that this program can read."""
        (version,) = self.row("PRAGMA user_version") or (0,)
        (mark,) = self.row("PRAGMA application_id") or (0,)
        if mark != APPLICATION_ID:
            if self.row("SELECT 1 FROM sqlite_master") is None:
                return True
            raise InputError(
                f"{self.called} is not a retrorig library: choose another folder with --library."
            )
        if version > VERSION:
            raise InputError(f"{self.called} was written by a newer retrorig: update this program to use it.")
        if version < VERSION:
            raise InputError(f"{self.called} is damaged: it has no version; restore a backup.")
        return False

    def _make(self) -> None:
        with self.transaction():
            if not self._is_new():
                return  # another program has been quicker
            for statement in TABLES.split(";"):
                self.connection.execute(statement)
            self.connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self.connection.execute(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
            reason = _REASONS.get(name, f"can't be used ({error}): check disk and rights")
            kind = DiskFullError if name == "SQLITE_FULL" else InputError
            raise kind(f"The library {self.called} {reason}.") from None
        except UnicodeDecodeError:
            reason = _REASONS["SQLITE_CORRUPT"]
            raise InputError(f"The library {self.called} {reason}.") from None
        except UnicodeEncodeError:  # bytes on the command line that are no characters
            raise InputError("What was given holds bytes that are no text: write it in letters.") from None


def _prepare(folder: Path, path: Path, create: bool) -> None:
    """Make folder and file readable by their owner alone before SQLite touches them."""
    if not create:
        if not path.is_file():
            raise InputError(
                f"There is no library in {folder}: pull or replay into it first, or check --library."
            )
        if not path.stat().st_size:
            raise InputError(
                f"The library {path} is an empty file: restore a backup, or pull or replay into it."
            )
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.is_file():  # one that is there may be read-only, which is told when it is written
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise InputError(
            f"The library {path} can't be made ({error.strerror}): choose another --library."
        ) from None
