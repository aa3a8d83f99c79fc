"""The last few seconds of samples, so that a set's first and last movement can be found afterwards.

Every BLOCK_N samples a milestone is kept: the sums of movement before them, and how far and how fast the belt went in
them. With these a place in the history is found in a few dozen looks.
"""

from array import array

from .motion import Directions

HISTORY_N = 512  # over 5 s at 94 conversions a second, the fastest HX711 seen, 3 s at 170; a power of two
_MASK = HISTORY_N - 1
BLOCK_SHIFT = 4
BLOCK_N = 1 << BLOCK_SHIFT
_BLOCK_MASK = (HISTORY_N >> BLOCK_SHIFT) - 1
PACE_N = 8  # samples, a tenth of a second, over which a belt's pace is told from its sway


class History:
    """A ring of (ticks, count, code); samples are named by their running number.

    `total` sums all movement since the power came. `dither_counts`: see Directions.
    """

    def __init__(self, dither_counts: int) -> None:
        self.n = 0
        self._ticks = array("i", [0] * HISTORY_N)
        self._count = array("i", [0] * HISTORY_N)
        self._code = array("i", [0] * HISTORY_N)
        self.total = Directions(dither_counts)
        self._again = Directions(dither_counts)
        block_n = _BLOCK_MASK + 1
        self._backward = array("i", [0] * block_n)
        self._forward = array("i", [0] * block_n)
        self._furthest = array("i", [0] * block_n)
        self._sign = bytearray(block_n)
        self._low = array("i", [0] * block_n)
        self._high = array("i", [0] * block_n)
        self._pace = array("i", [0] * block_n)

    def use(self, dither_counts: int) -> None:
        """Take this band from here on; the sums stay."""
        self.total.band_counts = self._again.band_counts = dither_counts

    def push(self, ticks: int, count: int, code: int) -> int:
        """Returns the new sample's running number."""
        number = self.n
        slot = number & _MASK
        self._ticks[slot] = ticks
        self._count[slot] = count
        self._code[slot] = code
        self.n = number + 1
        if number == 0:
            self.total.start(count)
        if slot & (BLOCK_N - 1) == 0:
            self._begin_block(slot >> BLOCK_SHIFT, count)
        self._widen_block(number, count)
        self.total.feed(count)
        return number

    def _begin_block(self, block: int, count: int) -> None:
        total = self.total
        self._backward[block] = total.backward
        self._forward[block] = total.forward
        self._furthest[block] = total.furthest
        self._sign[block] = total.sign > 0
        self._low[block] = self._high[block] = count
        self._pace[block] = 0

    def _widen_block(self, number: int, count: int) -> None:
        block = (number & _MASK) >> BLOCK_SHIFT
        pace = count - self._count[max(number - PACE_N, 0) & _MASK]
        if count < self._low[block]:
            self._low[block] = count
        elif count > self._high[block]:
            self._high[block] = count
        if pace > self._pace[block]:
            self._pace[block] = pace

    def oldest(self) -> int:
        """Running number of the oldest sample still held, with its milestone."""
        return max(0, (self.n + BLOCK_N - 1 & -BLOCK_N) - HISTORY_N)

    def ticks(self, number: int) -> int:
        return self._ticks[number & _MASK]

    def count(self, number: int) -> int:
        return self._count[number & _MASK]

    def code(self, number: int) -> int:
        return self._code[number & _MASK]

    def moved(self, number: int) -> int:
        """Counts that the belt moved in the PACE_N samples until this one."""
        return self._count[number & _MASK] - self._count[max(number - PACE_N, self.oldest()) & _MASK]

    def sums(self, number: int) -> "tuple[int, int]":
        """(backward, forward) since the power came, up to this sample."""
        again, block = self._again, (number & _MASK) >> BLOCK_SHIFT
        again.backward = self._backward[block]
        again.forward = self._forward[block]
        again.furthest = self._furthest[block]
        again.sign = 1 if self._sign[block] else -1
        for each in range(number & -BLOCK_N, number + 1):
            again.feed(self._count[each & _MASK])
        return again.backward, again.forward

    def pace(self, first: int, last: int) -> int:
        """The most that the belt moved backward in PACE_N samples, in the blocks of `first` to `last`."""
        most = 0
        for number in range(first & -BLOCK_N, last + 1, BLOCK_N):
            most = max(most, self._pace[(number & _MASK) >> BLOCK_SHIFT])
        return most

    def span(self, first: int, last: int) -> "tuple[int, int]":
        """(lowest, highest) count in the blocks from that of `first` to that of `last`."""
        low = high = self.count(last)
        for number in range(first & -BLOCK_N, last + 1, BLOCK_N):
            block = (number & _MASK) >> BLOCK_SHIFT
            low, high = min(low, self._low[block]), max(high, self._high[block])
        return low, high
