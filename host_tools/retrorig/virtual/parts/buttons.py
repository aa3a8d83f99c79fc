"""Push buttons to ground, with the bounce of their contacts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from retrorig.virtual.clock import Clock
from retrorig.virtual.costs import MS

BOUNCE_NS = 4 * MS


class Button:
    """`changed(level)` hears the contact; `level()` is None when open, for the pin's pull-up to decide."""

    def __init__(self, clock: Clock, rng: Random, changed: Callable[[int], None]) -> None:
        self._clock, self._rng, self._changed = clock, rng, changed
        self._is_closed = False

    def level(self) -> int | None:
        return 0 if self._is_closed else None

    def press(self, ms: float) -> None:
        """Press now and let go after so many milliseconds; both bounce."""
        self._bounce(0, True)
        self._bounce(int(ms * MS), False)

    def hold(self) -> None:
        """Press and keep pressed until `release()`."""
        self._bounce(0, True)

    def release(self) -> None:
        self._bounce(0, False)

    def _bounce(self, delay_ns: int, closed: bool) -> None:
        self._clock.after(delay_ns, lambda: self._set(closed))
        times = sorted(self._rng.randrange(BOUNCE_NS) for _ in range(2 * self._rng.randrange(4)))
        for i, t in enumerate(times):
            state = closed if i % 2 else not closed
            self._clock.after(delay_ns + 1 + t, lambda state=state: self._set(state))

    def _set(self, closed: bool) -> None:
        if closed != self._is_closed:
            self._is_closed = closed
            self._changed(0 if closed else 1)
