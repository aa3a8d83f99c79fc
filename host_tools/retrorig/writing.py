"""Writes a file whole or not at all: beside its place under another name, then renamed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from retrorig.errors import DISK_FULL, DiskFullError, InputError

DATABASE = b"SQLite format 3\0"
"""How libraries and their backups begin."""


def file_name(text: str) -> str:
    """A name for a file or folder, in which what none should hold is written as %XX.

    That is also a dot or a line at its beginning: Spark and others pass over such files without a word.
    """
    name = quote(text, safe="")
    return f"%{ord(name[0]):02X}{name[1:]}" if name.startswith((".", "_")) else name


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """An open file that takes the place of `path` when the block ends well; else nothing is left of it.

    InputError if it can't be written: a full disk, a folder that is read-only, something there that is no file.
    """
    place = path.resolve()  # a link stays a link
    part = place.with_name(f".retrorig-{secrets.token_hex(6)}.part")
    if os.path.exists(place) and not os.path.isfile(place):  # Path's own raise where they may not look
        raise InputError(f"{path} is there and no file: choose another name to write to.")
    if _is_library(place):
        raise InputError(
            f"{path} is a library or its backup, which is never overwritten: choose another name."
        )
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except OSError as error:
        kind = DiskFullError if error.errno in DISK_FULL else InputError
        raise kind(
            f"{path} can't be written ({error.strerror or error}): nothing was changed there."
        ) from None
    finally:
        with suppress(PermissionError, NotADirectoryError):  # what can't be looked into holds no part
            part.unlink(missing_ok=True)


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it that are missing; InputError if that can't be."""
    try:
        path.mkdir(mode, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {path} can't be made ({error.strerror}): check disk and rights."
        ) from None


def _is_library(place: Path) -> bool:
    try:
        with place.open("rb") as file:
            return file.read(len(DATABASE)) == DATABASE
    except OSError:  # nothing there, or nothing that may be read: writing tells
        return False
