"""A push button to ground, polled: a press counts when it has lasted through the bounce."""

from rigcore import TYPE_CHECKING
from rigcore.ticks import ticks_diff

if TYPE_CHECKING:
    from machine import Pin


BOUNCE_US = 20_000
LONG_US = 1_500_000

SHORT = 1
LONG = 2


class Button:
    """`poll(ticks)` once per main-loop pass; returns SHORT on release, LONG while still held, else 0."""

    def __init__(self, pin: "Pin") -> None:
        self._pin = pin
        self._down_ticks = 0
        self.is_down = False
        self._told = False

    def poll(self, ticks: int) -> int:
        is_down = not self._pin.value()
        if is_down and not self.is_down:
            self._down_ticks, self._told = ticks, False
        was_down, self.is_down = self.is_down, is_down
        if not was_down or self._told:
            return 0
        held_us = ticks_diff(ticks, self._down_ticks)
        if is_down and held_us >= LONG_US:
            self._told = True
            return LONG
        return SHORT if not is_down and held_us >= BOUNCE_US else 0
