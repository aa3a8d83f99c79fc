"""The chip's pins: levels from outside, levels set by the chip, edges that interrupt."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from retrorig.virtual.interrupts import Interrupts

PINS_N = 40
_OUT_MODES = (3, 7)
_PULL_UP = 2
_PULL_DOWN = 1
_RISING = 1
_FALLING = 2


class Gpio:
    """`drive()` connects a part's output to a pin, `listen()` a part's input."""

    def __init__(self, interrupts: Interrupts, rng: Random) -> None:
        self._interrupts = interrupts
        self._rng = rng
        self.drivers: dict[int, Callable[[], int | None]] = {}
        self.listeners: dict[int, Callable[[int], None]] = {}
        self._contacts: set[int] = set()
        self.changes_n = 0
        self.reset()

    def reset(self) -> None:
        """All pins floating inputs without interrupts, as after a reset."""
        self.changes_n += 1
        self._modes = [1] * PINS_N
        self._pulls = [0] * PINS_N
        self._levels = [0] * PINS_N
        self._triggers = [0] * PINS_N

    def drive(self, pin: int, level: Callable[[], int | None], *, is_contact: bool = False) -> None:
        """`level()` is what a part puts on the pin: 0, 1, or None. A contact tells each change as an edge."""
        self.drivers[pin] = level
        if is_contact:
            self._contacts.add(pin)

    def listen(self, pin: int, changed: Callable[[int], None]) -> None:
        """`changed(level)` is called when the chip sets the pin."""
        self.listeners[pin] = changed

    def configure(self, pin: int, mode: int, pull: int) -> None:
        self.changes_n += 1
        if mode >= 0:
            self._modes[pin] = mode
        if pull >= 0:
            self._pulls[pin] = pull

    def set(self, pin: int, level: int) -> None:
        changed = self._levels[pin] != level
        self._levels[pin] = level
        if changed and pin in self.listeners:
            self.listeners[pin](level)

    def get(self, pin: int) -> int:
        if self._modes[pin] in _OUT_MODES:
            return self._levels[pin]
        driver = self.drivers.get(pin)
        level = driver() if driver else None
        if level is not None:
            return level
        pull = self._pulls[pin]
        if pull == _PULL_UP and pin < 34:  # 34-39 have no pull resistors
            return 1
        return 0 if pull == _PULL_DOWN and pin < 34 else self._rng.getrandbits(1)

    def is_contact(self, pin: int) -> bool:
        """Whether the pin's level stays as it is until `changes_n`, the count of changes, is another."""
        return pin in self._contacts and self._modes[pin] not in _OUT_MODES and self._pulls[pin] == _PULL_UP

    def arm(self, pin: int, trigger: int) -> None:
        self._triggers[pin] = trigger

    def edge(self, pin: int, level: int) -> None:
        """A part's output on this pin went to `level`."""
        if pin in self._contacts:
            self.changes_n += 1
        if self._triggers[pin] & (_RISING if level else _FALLING):
            self._interrupts.post(pin + 1)
