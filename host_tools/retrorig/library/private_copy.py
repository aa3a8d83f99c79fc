"""Another library, opened as a private copy, so that it is read and never changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrorig.errors import DISK_FULL, DiskFullError, InputError
from retrorig.library.database import FILE_NAME, UNREADABLE
from retrorig.library.library import Library
from retrorig.library.salvage import salvage
from retrorig.scratch import scratch_folder
from retrorig.writing import DATABASE


@contextmanager
def copy_of(path: Path, tell: Callable[[str], None] = lambda sentence: None) -> Iterator[Library]:
    """Another library (its folder, its file or a backup), opened as a private copy: the other one is never changed.

    Of a damaged one the copy holds what is whole; `tell` gets a sentence for each thing that is not.
    """
    file = path / FILE_NAME if path.is_dir() else path
    if not file.is_file():
        raise InputError(f"There is no library at {path}: give a library's folder or a backup file.")
    with scratch_folder() as folder:
        try:
            _copy(file, folder / FILE_NAME)
        except UNREADABLE as error:
            _copy_damaged(file, folder / FILE_NAME, error)
        readable = salvage(folder / FILE_NAME, tell)
        with Library(readable, called=file) as other:
            yield other


def _copy(file: Path, target: Path) -> None:
    """Copy through SQLite, with what is still in the write-ahead log; without one, nothing is made beside the file."""
    log = file.with_name(f"{file.name}-wal")
    how = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _copy_damaged(file: Path, target: Path, error: Exception) -> None:
    """Copy a file that SQLite refuses; one that lost its end gets blank pages there, so that the rest can be read."""
    try:
        shutil.copyfile(file, target)
    except OSError as full:
        kind = DiskFullError if full.errno in DISK_FULL else InputError
        raise kind(
            f"{file} can't be copied to the temporary folder ({full.strerror}): make room, or set TMPDIR to another."
        ) from None
    with target.open("r+b") as copy:
        head = copy.read(32)
        if not head.startswith(DATABASE):
            raise InputError(f"{file} can't be read as a library ({error}).") from None
        page, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
        copy.truncate(max(page * pages, copy.seek(0, os.SEEK_END)))
