"""Times of the chip's heap: what a collection costs, and when one begins by itself.

The interpreter tells what is in use after a collection and how much was taken and not given back since, both in its
own words of 64 bits, of which WORDS_PM in a thousand are the chip's. Collections of its own it does not tell, so they
are reckoned: when a threshold's bytes were taken since the last one, or when the chip's heap would be full.
"""

from __future__ import annotations

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock

HALF = 1 << 29
MASK = 2 * HALF - 1
WORDS_PM = 680
CHIP_BYTES = 164_500
KEPT_PM = 350
"""Of what is taken while modules load, this much in a thousand stays."""


class Heap:
    """`collections_n` counts those that began by themselves, `taken_bytes` what was taken in all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.collections_n = 0
        self.taken_bytes = 0
        self.reset(0)

    def reset(self, simulated_bytes: int) -> None:
        """Empty but for the simulated modules, which the chip has in ROM."""
        self._simulated = simulated_bytes
        self._used = 5_000
        self._taken: int | None = None
        self._garbage = 0
        self._threshold = -1

    def collect(self, in_use: int, taken: int) -> None:
        """`gc.collect()`: what is in use afterwards, and what was taken."""
        self._used = max(0, in_use - self._simulated) * WORDS_PM // 1000
        self._taken, self._garbage = taken, 0
        self._charge()

    def set_threshold(self, threshold: int, in_use: int, taken: int) -> None:
        self.take(taken)
        self._threshold = threshold

    @property
    def free_bytes(self) -> int:
        return max(0, CHIP_BYTES - self._used - self._garbage)

    def take(self, taken: int) -> None:
        """Account for so many allocated bytes: collections that they cause take their time now."""
        if self._taken is not None:
            grown = (taken - self._taken + HALF & MASK) - HALF
            self._garbage += grown * WORDS_PM // 1000
            self.taken_bytes += grown * WORDS_PM // 1000
        self._taken = taken
        while self._is_due():
            if self._threshold > 0:
                self._used += self._threshold * KEPT_PM // 1000
                self._garbage -= self._threshold
            else:
                self._garbage = 0
            self.collections_n += 1
            self._charge()

    def _is_due(self) -> bool:
        if 0 < self._threshold <= self._garbage:
            return True
        return self._garbage > 0 and self._used + self._garbage > CHIP_BYTES

    def _charge(self) -> None:
        self._clock.advance(costs.COLLECT + costs.COLLECT_BYTE * self._used)
