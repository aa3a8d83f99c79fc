"""The chip's timers: exact in hardware; only the callback comes late."""

from __future__ import annotations

from retrorig.virtual.clock import Clock, Event
from retrorig.virtual.costs import US
from retrorig.virtual.interrupts import Interrupts

_PERIODIC = 1


class Timers:
    def __init__(self, clock: Clock, interrupts: Interrupts) -> None:
        self._clock, self._interrupts = clock, interrupts
        self._events: dict[int, Event] = {}

    def start(self, number: int, period_us: int, mode: int) -> None:
        """Let callback `number` come due every period, or once."""
        self.stop(number)
        self._arm(number, self._clock.now_ns + period_us * US, period_us * US if mode == _PERIODIC else 0)

    def stop(self, number: int) -> None:
        if number in self._events:
            self._events.pop(number).cancel()

    def reset(self) -> None:
        for number in list(self._events):
            self.stop(number)

    def _arm(self, number: int, at_ns: int, period_ns: int) -> None:
        def fire() -> None:
            self._interrupts.post(number)
            if period_ns:
                self._arm(number, at_ns + period_ns, period_ns)

        self._events[number] = self._clock.at(at_ns, fire)
