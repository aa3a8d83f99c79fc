"""Reboots the board when the main loop hangs."""

TIMEOUT_MS = 8000  # longer than any stall of flash, display and collection together
NEVER_MS = 3_600_000


class Watchdog:
    """`make` is machine.WDT. A watchdog cannot be stopped, only given a long time."""

    def __init__(self, make):
        self._make = make
        self.feed = make(timeout=TIMEOUT_MS).feed

    def relax(self):
        """Leave the prompt an hour of peace."""
        self._make(timeout=NEVER_MS)
