"""The watchdog: resets the chip when it was not fed in time. It survives a soft reset and can't be stopped."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.virtual.clock import Clock, Event
from retrorig.virtual.costs import MS


class Watchdog:
    def __init__(self, clock: Clock, bite: Callable[[], None]) -> None:
        self._clock, self._bite = clock, bite
        self._timeout_ns = 0
        self._due: Event | None = None

    def start(self, timeout_ms: int) -> None:
        """Arm, or set a new timeout."""
        self._timeout_ns = timeout_ms * MS
        self.feed()

    def feed(self) -> None:
        if self._timeout_ns:
            self._cancel()
            self._due = self._clock.after(self._timeout_ns, self._bite)

    def reset(self) -> None:
        self._timeout_ns = 0
        self._cancel()

    def _cancel(self) -> None:
        if self._due:
            self._due.cancel()
