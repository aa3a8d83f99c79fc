"""The log of this package in a file: what its modules say through `logging`, and each byte on a serial line."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from retrorig.errors import InputError

HEAD = "# retrorig log"
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # a pipe without a reader would be waited for
_FORMAT = logging.Formatter("%(asctime)s.%(msecs)03d %(name)s %(message)s", "%H:%M:%S")


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Add what is said while this lasts to a file that its owner alone can read.

    InputError for a file that can't be written, and for one that is there and is no such log.
    """
    logger = logging.getLogger("retrorig")
    with _opened(path) as file:
        handler = logging.StreamHandler(file)
        handler.setFormatter(_FORMAT)
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)


def _opened(path: Path) -> TextIO:
    """The file, with a line that says what writes to it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _AT_ONCE, 0o600)
        file = os.fdopen(descriptor, "a+", encoding="utf-8", errors="backslashreplace")
        file.seek(0)
        is_log = file.read(len(HEAD)) in ("", HEAD)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no file"
        raise InputError(f"The log {path} can't be written ({reason}): choose another place.") from None
    if not is_log:
        file.close()
        raise InputError(f"{path} is there already and is no log of this program: choose another name.")
    now = datetime.now(UTC).isoformat(" ", "seconds")
    file.write(f"{HEAD} of {now}: {version('retrorig')}, Python {sys.version.split()[0]}, {sys.platform}\n")
    return file
