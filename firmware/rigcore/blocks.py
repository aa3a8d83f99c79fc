"""A block of samples as bits: what one record of a set holds, readable by itself.

Times are kept in steps of 16 us, in which a belt at 5 m/s moves by less than a count.

    samples - 1 (7 bits), turns of the tick counter (16), its steps (26), then one column after the other
    time    parameter (5), period in 1/64 step (20), residuals of the straight line start + (i * period >> 6)
            that fits the block best, as steep codes: the converter's clock is steadier than our reading of
            it, so only the jitter of the reading is left to write, and few readings are very late
    count   rate (12, signed, 1/1024 count a step), order (3), Rice parameter (5), the first `order`
            residuals (each width - 1 in 5, then its bits: they are large), the others as Rice codes; a sample
            read late has moved on, so rate * residual of its time is taken off before
    code    order, Rice parameter and residuals likewise

Residuals of count and code are those of a fixed polynomial predictor, the `order`-th differences
(T. Robinson, Shorten, 1994), with the order that leaves least.
"""

from array import array

from .ticks import ticks_add, ticks_diff
from .varbits import BitWriter, best_k, good_steep_k

BLOCK_SAMPLES = 96  # one second at the fastest HX711 seen
ORDER_MAX = 4
_LATE_MAX = 1 << 17  # steps; times a rate it stays a small integer
_MOVED_MAX = 1 << 19  # counts, likewise
BYTES_MAX = 1600  # every residual escaped, and more
STEP_US = 16  # a power of two; the sampler drops what is below
STEP_SHIFT = 4
START_BITS = 30 - STEP_SHIFT
PERIOD_BITS = 20
_PERIOD_MAX = (1 << PERIOD_BITS) - 1  # in 1/64 step: 0.26 s; what is slower is left to the residuals
_PULLS = (125, 16, 8, 4)  # steps: two milliseconds for the slope, then ever closer to where most readings are
_SUM_CAP = 1 << 22  # residuals count as at most this, so that 96 of them stay a small integer


class BlockEncoder:
    """Collects samples and packs them; the buffers are made once."""

    def __init__(self, room: bytearray) -> None:
        """`room`: BYTES_MAX bytes that are others' except while a block is packed."""
        self._time = array("i", [0] * BLOCK_SAMPLES)
        self._count = array("i", [0] * BLOCK_SAMPLES)
        self._code = array("i", [0] * BLOCK_SAMPLES)
        self._bits = BitWriter(room)
        self.n = 0
        self._turns = 0
        self._first_ticks = 0

    def add(self, turns: int, ticks: int, count: int, code: int) -> None:
        """Take one sample; the caller packs before the block is full."""
        n = self.n
        if n == 0:
            self._turns = turns
            self._first_ticks = ticks & -STEP_US
        self._time[n] = ticks_diff(ticks & -STEP_US, self._first_ticks) >> STEP_SHIFT
        self._count[n] = count
        self._code[n] = code
        self.n = n + 1

    @property
    def is_full(self) -> bool:
        return self.n == BLOCK_SAMPLES

    def span_us(self) -> int:
        """Time from the block's first to its last sample."""
        return self._time[self.n - 1] * STEP_US if self.n else 0

    def pack(self) -> bytes:
        """The block's bytes; the encoder is empty afterwards."""
        bits, n = self._bits, self.n
        bits.start(0)
        bits.put(n - 1, 7)
        offset, period_64 = flatten(self._time, n)
        self._put_start(offset)
        k = good_steep_k(self._time, n)
        bits.put(k, 5)
        bits.put(period_64, PERIOD_BITS)
        bits.put_steeps(self._time, n, k)
        rate = self._rate(period_64)
        bits.put(rate & 0xFFF, 12)
        if rate:
            for i in range(n):
                self._count[i] -= late_counts(rate, self._time[i])
        self._put_column(self._count)
        self._put_column(self._code)
        self.n = 0
        return bytes(memoryview(bits.buf)[: bits.finish()])

    def _rate(self, period_64: int) -> int:
        """The block's mean speed in 1/1024 count a step, as far as 12 bits hold it."""
        steps = (self.n - 1) * (period_64 >> 6)
        moved = self._count[self.n - 1] - self._count[0]
        if steps <= 0 or not -_MOVED_MAX < moved < _MOVED_MAX:
            return 0
        return min(max(moved * 1024 // steps, -2048), 2047)

    def _put_start(self, offset: int) -> None:
        ticks = ticks_add(self._first_ticks, offset * STEP_US)
        turns = self._turns
        if offset > 0 and ticks < self._first_ticks:
            turns += 1
        elif offset < 0 and ticks > self._first_ticks:
            turns -= 1
        self._bits.put(turns & 0xFFFF, 16)
        self._bits.put_long(ticks >> STEP_SHIFT, START_BITS)

    def _put_column(self, column: "array[int]") -> None:
        bits, n = self._bits, self.n
        order, total = best_order(column, n)
        warm_n = min(order, n)
        difference(column, n, order)
        k = best_k(column, warm_n, n, total)
        bits.put(order, 3)
        bits.put(k, 5)
        for i in range(warm_n):
            bits.put_signed(column[i])
        bits.put_rices(column, warm_n, n, k)


def flatten(time: "array[int]", n: int) -> "tuple[int, int]":
    """Subtract the best line in place; returns its (offset in steps, period in 1/64 step).

    Least squares, but a sample far off (read late, or after a gap) pulls like one that is little off. Most
    readings are a little early against that line: it is moved to where they are.
    """
    if n < 2:
        return 0, 0
    rough = time[n - 1] // (n - 1)
    moment = total = 0
    far = _PULLS[0]
    for i in range(n):
        rest = time[i] - i * rough
        rest = far if rest > far else -far if rest < -far else rest
        total += rest
        moment += (2 * i - n + 1) * rest
    slope_64 = moment * 96 // (n * (n * n - 1) // 2)  # 6 * moment / (n^3 - n), in 1/64 step, and rounding
    period_64 = min(max(0, (rough << 6) + 2 * slope_64), _PERIOD_MAX)
    offset = total // n - (slope_64 * (n - 1) >> 6)
    for i in range(n):
        time[i] -= offset + (i * period_64 >> 6)
    for pull in _PULLS[1:]:
        offset += _moved_to_the_middle(time, n, pull)
    return offset, period_64


def _moved_to_the_middle(time: "array[int]", n: int, pull: int) -> int:
    """Take off the mean of what is at most `pull` away, and half a way for what is not; returns it."""
    total = n >> 1
    for i in range(n):
        rest = time[i]
        total += pull if rest > pull else -pull if rest < -pull else rest
    mean = total // n
    if mean:
        for i in range(n):
            time[i] -= mean
    return mean


def late_counts(rate: int, late: int) -> int:
    """Counts that the belt moves in the `late` steps that a sample is off the line; nothing for a gap."""
    return rate * late >> 10 if -_LATE_MAX < late < _LATE_MAX else 0


def best_order(column: "array[int]", n: int) -> "tuple[int, int]":
    """(order, sum of folded residuals) of the predictor that leaves least; each differences the one before."""
    last0 = last1 = last2 = last3 = 0
    sum0 = sum1 = sum2 = sum3 = sum4 = 0
    for i in range(n):
        rest0 = column[i]
        rest1 = rest0 - last0
        rest2 = rest1 - last1
        rest3 = rest2 - last2
        rest4 = rest3 - last3
        last0 = rest0
        last1 = rest1
        last2 = rest2
        last3 = rest3
        if i < ORDER_MAX:
            continue  # differences with what was before the block
        sum0 += abs(rest0) if -_SUM_CAP < rest0 < _SUM_CAP else _SUM_CAP
        sum1 += abs(rest1) if -_SUM_CAP < rest1 < _SUM_CAP else _SUM_CAP
        sum2 += abs(rest2) if -_SUM_CAP < rest2 < _SUM_CAP else _SUM_CAP
        sum3 += abs(rest3) if -_SUM_CAP < rest3 < _SUM_CAP else _SUM_CAP
        sum4 += abs(rest4) if -_SUM_CAP < rest4 < _SUM_CAP else _SUM_CAP
    sums = (sum0, sum1, sum2, sum3, sum4)
    total = min(sums)
    return sums.index(total), total << 1


def difference(values: "array[int] | list[int]", n: int, order: int) -> None:
    """Replace the values by their `order`-th differences; the i-th is differenced at most i times."""
    for step in range(order):
        for i in range(n - 1, step, -1):
            values[i] -= values[i - 1]
