"""The log of this package in a file: what its modules say through `logging`, and each byte on a serial line."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from retrorig.errors import DISK_FULL, DiskFullError, InputError

HEAD = "# retrorig log"
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # a pipe without a reader would be waited for
_FORMAT = logging.Formatter("%(asctime)s.%(msecs)03d %(name)s %(message)s", "%H:%M:%S")


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Add what is said while this lasts to a file that its owner alone can read.

    InputError for a file that can't be written, and for one that is there and is no such log. A disk that is full in
    between is told at the end: what is logged is not worth what it is logged of.
    """
    logger = logging.getLogger("retrorig")
    handler = _LogFile(_opened(path))
    handler.setFormatter(_FORMAT)
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        handler.end()
    if handler.failure is not None:
        raise _cannot_be_written(path, handler.failure)


class _LogFile(logging.StreamHandler[TextIO]):
    """Goes on after a line that could not be written; `failure` is the first reason."""

    failure: OSError | None = None

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exception()
        if isinstance(error, OSError):
            self.failure = self.failure or error
        else:
            super().handleError(record)

    def end(self) -> None:
        """Close the file."""
        try:
            self.stream.close()
        except OSError as error:
            self.failure = self.failure or error


def _opened(path: Path) -> TextIO:
    """The file, with a line that says what writes to it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _AT_ONCE, 0o600)
        file = os.fdopen(descriptor, "a+", encoding="utf-8", errors="backslashreplace")
        file.seek(0)
        found = file.read(len(HEAD))
    except (OSError, ValueError) as error:
        raise _cannot_be_written(path, error) from None
    if found not in ("", HEAD):
        file.close()
        raise InputError(f"{path} is there already and is no log of this program: choose another name.")
    now = datetime.now(UTC).isoformat(" ", "seconds")
    try:
        file.write(
            f"{HEAD} of {now}: {version('retrorig')}, Python {sys.version.split()[0]}, {sys.platform}\n"
        )
        file.flush()
    except OSError as error:
        with suppress(OSError):
            file.close()
        if not found:
            path.unlink(missing_ok=True)
        raise _cannot_be_written(path, error) from None
    return file


def _cannot_be_written(path: Path, error: Exception) -> InputError:
    kind = DiskFullError if getattr(error, "errno", None) in DISK_FULL else InputError
    reason = getattr(error, "strerror", None) or "it is no file"
    return kind(f"The log {path} can't be written ({reason}): choose another place.")
