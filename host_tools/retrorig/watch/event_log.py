"""The watch's events in a file beside the library: one line of JSON each, the newest two megabytes."""

from __future__ import annotations

import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from retrorig.errors import InputError
from retrorig.watch.events import WatchEvent

NAME = "watch.log"
BYTES_MAX = 1_000_000


class EventLog:
    """`write(event)` appends; a full disk loses lines of the log, never a set."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handler = RotatingFileHandler(
                folder / NAME, maxBytes=BYTES_MAX, backupCount=1, encoding="utf-8"
            )
        except OSError as error:
            raise InputError(
                f"{folder / NAME} can't be written ({error.strerror}): choose another --library."
            ) from None
        self._handler.handleError = lambda record: None  # type: ignore[method-assign]  # it would print a traceback

    def write(self, event: WatchEvent) -> None:
        """Append an event."""
        text = json.dumps(event.as_dict(), ensure_ascii=False)
        self._handler.handle(logging.LogRecord("retrorig.watch", logging.INFO, "", 0, text, None, None))

    def close(self) -> None:
        """Close the file."""
        self._handler.close()
