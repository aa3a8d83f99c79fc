"""Means of what came last, for display and tare: of load-cell codes, and of a stride."""

from array import array

from . import TYPE_CHECKING
from .force import FAULT_BASE, FAULT_OVERLAP
from .history import PACE_N
from .ticks import ticks_diff

if TYPE_CHECKING:
    from .history import History
    from .stepcount import StepCounter

WINDOW_US = 1_000_000  # where there are no steps
STRIDE_MAX_US = 2_000_000  # a longer stride would be shown too late: then it is a step
LOOKED_AT = 32  # codes, or up to twice as many, tell a stride's mean
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
        held = self._codes[: self.n]
        return max(held) - min(held) if self.n else 0


def latest_stride(history: "History", steps: "StepCounter", begun: int) -> "tuple[int, int, int | None, int]":
    """(counts, microseconds, mean code, steps) of the last stride, so that no step makes the number swing.

    Where no steps are found, or none came for longer than a stride, it is the last second, and the steps are 0.
    Nothing before sample `begun` is looked at, so that a start shows at once. The code is None where all are faults.
    """
    last = history.n - 1
    first = _since(history, WINDOW_US, begun)
    steps_n = 0
    for n in (steps.stride_n, steps.step_n):
        if n and steps.since_n <= n and last - n >= max(begun, history.oldest()):
            if ticks_diff(history.ticks(last), history.ticks(last - n)) <= STRIDE_MAX_US:
                first = last - n
                steps_n = 2 if n == steps.stride_n else 1
                break
    counts = history.count(last) - history.count(first)
    span_us = ticks_diff(history.ticks(last), history.ticks(first))
    return counts, span_us, _mean_code(history, first, last), steps_n


def _since(history: "History", span_us: int, begun: int) -> int:
    """The oldest sample, from `begun` on, that is at most so much older than the newest; PACE_N samples at least."""
    last, earliest = history.n - 1, history.oldest()
    low, high = max(begun, earliest), last
    while low < high:
        middle = (low + high) >> 1
        if ticks_diff(history.ticks(last), history.ticks(middle)) > span_us:
            low = middle + 1
        else:
            high = middle
    return max(earliest, min(low, last - PACE_N))


def _mean_code(history: "History", first: int, last: int) -> "int | None":
    """Of every few samples: a sum of 64 codes is the largest that the board's small integers hold."""
    total = n = 0
    for number in range(last, first - 1, -max(1, (last - first) // LOOKED_AT)):
        code = history.code(number)
        if code < FAULT_BASE:
            total += code
            n += 1
    return total // n if n else None
