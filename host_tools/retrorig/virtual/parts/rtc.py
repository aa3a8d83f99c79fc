"""The real-time clock and its memory, which all resets but power-off leave alone."""

from __future__ import annotations

from retrorig.virtual.clock import Clock
from retrorig.virtual.costs import S

MEMORY = 2048


class Rtc:
    """Seconds since 2000-01-01; starts there at power-on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.power_on()

    def power_on(self) -> None:
        self.memory = b""
        self._zero_ns = self._clock.now_ns

    def seconds(self) -> int:
        return (self._clock.now_ns - self._zero_ns) // S

    def set_seconds(self, seconds: int) -> None:
        self._zero_ns = self._clock.now_ns - seconds * S
