"""Publishes a library again whenever something in it changed, until stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retrorig.errors import LinkLostError
from retrorig.library import Library
from retrorig.publish.publishing import PublishResult, publish

LOOK_S = 1.0
"""From one look at the library to the next."""

AGAIN_S = (5.0, 15.0, 60.0, 300.0)
"""From a broken line to the next try; the last one again and again."""


class ChangePublisher:
    """`run()` publishes at once and after each change of the library by any program, until `stop()`.

    A line that breaks is told once and tried again. What else goes wrong ends it: see `publish`, whose options these
    are, for the errors.
    """

    def __init__(
        self,
        library: str | Path | None,
        address: str,
        files: str | None = None,
        *,
        tell: Callable[[PublishResult], None] = lambda result: None,
        tell_lost: Callable[[str], None] = lambda sentence: None,
        **options: Any,
    ) -> None:
        self._library, self._address, self._files, self._options = library, address, files, options
        self._tell, self._tell_lost = tell, tell_lost
        self._stop = threading.Event()
        self._lost_n = 0

    def stop(self) -> None:
        """`run()` returns soon."""
        self._stop.set()

    def run(self) -> None:
        """Publish until stopped; runs in the thread that calls it."""
        with Library(self._library) as library:
            seen = -1
            while not self._stop.is_set():
                version = library.db.version_seen()
                if version != seen and self._publish(library):
                    seen = version
                self._stop.wait(self._pause_s())

    def _publish(self, library: Library) -> bool:
        """Whether what is in the library now is published."""
        try:
            self._tell(publish(library, self._address, self._files, **self._options))
        except LinkLostError as error:
            if not self._lost_n:
                self._tell_lost(f"{error} It is tried again.")
            self._lost_n += 1
            return False
        self._lost_n = 0
        return True

    def _pause_s(self) -> float:
        return AGAIN_S[min(self._lost_n, len(AGAIN_S)) - 1] if self._lost_n else LOOK_S
