"""Reboots the board when the main loop hangs."""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


TIMEOUT_MS = 8000  # longer than any stall of flash, display and collection together
NEVER_MS = 3_600_000


class Watchdog:
    """`make` is machine.WDT. A watchdog cannot be stopped, only given a long time."""

    def __init__(self, make: "Any") -> None:
        self._make = make
        self.feed = make(timeout=TIMEOUT_MS).feed

    def relax(self) -> None:
        """Set the timeout to an hour, for somebody at the prompt."""
        self._make(timeout=NEVER_MS)
