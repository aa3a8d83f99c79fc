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
    """`collections_n` counts those that began by themselves, `taken_bytes` what was taken in all.

    `due_at` is what will have been taken when the next one begins; None as long as that is not known.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.collections_n = 0
        self._all_taken = 0  # thousandths of bytes, as `_garbage`
        self.reset(0)

    def reset(self, simulated_bytes: int) -> None:
        """Empty but for the simulated modules, which the chip has in ROM."""
        self._simulated = simulated_bytes
        self._used = 5_000
        self._taken: int | None = None
        self._garbage = 0
        self._threshold = -1
        self.due_at: int | None = None

    def collect(self, in_use: int, taken: int) -> None:
        """`gc.collect()`: what is in use afterwards, and what was taken."""
        self._used = max(0, in_use - self._simulated) * WORDS_PM // 1000
        self._taken, self._garbage = taken, 0
        self._charge()
        self._foresee()

    def set_threshold(self, threshold: int, in_use: int, taken: int) -> None:
        self.take(taken)
        self._threshold = threshold
        self._foresee()

    @property
    def free_bytes(self) -> int:
        return max(0, CHIP_BYTES - self._used - self._garbage // 1000)

    @property
    def taken_bytes(self) -> int:
        return self._all_taken // 1000

    def take(self, taken: int) -> None:
        """Account for so many allocated bytes: collections that they cause take their time now."""
        if self._taken is not None:
            grown = (taken - self._taken + HALF & MASK) - HALF
            self._garbage += grown * WORDS_PM
            self._all_taken += grown * WORDS_PM
        self._taken = taken
        while self._garbage >= self._limit():
            if self._threshold > 0:
                self._used += self._threshold * KEPT_PM // 1000
                self._garbage -= self._threshold * 1000
            else:
                self._garbage = 0
            self.collections_n += 1
            self._charge()
        self._foresee()

    def _foresee(self) -> None:
        if self._taken is not None:
            self.due_at = self._taken - (self._garbage - self._limit()) // WORDS_PM & MASK

    def _limit(self) -> int:
        """The garbage with which a collection begins."""
        full = max(0, CHIP_BYTES - self._used) * 1000 + 1
        return min(self._threshold * 1000, full) if self._threshold > 0 else full

    def _charge(self) -> None:
        self._clock.advance(costs.COLLECT + costs.COLLECT_BYTE * self._used)
