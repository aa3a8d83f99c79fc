"""Mean and spread of the latest load-cell codes, for display and tare."""

from array import array

from .force import FAULT_BASE, FAULT_OVERLAP

STUCK_N = 32  # so many equal codes are no conversions: noise changes nearly every sound one


class CodeAverage:
    """Over the last `size_n` conversions, at most 64; a fault empties it, and so does a code that stands still."""

    def __init__(self, size_n: int) -> None:
        self._codes = array("i", [0] * size_n)
        self._next = 0
        self._last = FAULT_BASE
        self._same_n = 0
        self.n = 0

    def feed(self, code: int) -> None:
        if code == FAULT_OVERLAP:
            return  # read too late, as after every erased sector: no reason to forget the others
        self._same_n = self._same_n + 1 if code == self._last else 0
        self._last = code
        if code >= FAULT_BASE or self._same_n >= STUCK_N:
            self.n = 0
            return
        self._codes[self._next] = code
        self._next = (self._next + 1) % len(self._codes)
        self.n = min(self.n + 1, len(self._codes))

    @property
    def is_full(self) -> bool:
        return self.n == len(self._codes)

    def latest(self, n: int) -> "(int | None)":
        """Mean of the last `n` codes, None when there are fewer."""
        if self.n < n:
            return None
        size = len(self._codes)
        total = 0
        for back in range(1, n + 1):
            total += self._codes[(self._next - back) % size]
        return (total + n // 2) // n

    def spread(self) -> int:
        """Largest minus smallest code held."""
        held = self._codes if self.is_full else self._codes[: self.n]
        return max(held) - min(held) if self.n else 0
