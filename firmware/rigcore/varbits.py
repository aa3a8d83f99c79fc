"""Integers in a bit stream: small residuals cost few bits, any 32-bit value fits.

A value is folded to unsigned (zigzag), its high part is written as that many ones and a zero, its low
k bits plainly (R. F. Rice, JPL Publication 79-22, 1979). Where many values are small and some very large, a
steep code is shorter: the high part plus one is written as its width less one in ones, a zero, and its bits
below the top one (J. Teuhola, Inf. Proc. Letters 7(6), 1978: exponential Golomb). In both, twelve ones announce
the value with its width instead: what is far off costs some 30 bits. Bits fill bytes from the top. The writer
takes values of up to 30 bits, the board's integers less one.
"""

ESCAPE_ONES = 12
K_MAX = 19
_STEEP_MAX = (1 << ESCAPE_ONES) - 1
_STEEP_CAP = 32
_ESCAPE_BITS = ESCAPE_ONES + 5 + 12  # about


def best_k(values, start: int, stop: int, total: int) -> int:
    """Rice parameter that makes values[start:stop] shortest; their folded values add up to `total`.

    The log of the mean is the best for values that fall off evenly; a few far ones ask for less.
    """
    k = 0
    mean = total // (stop - start) if stop > start else 0
    while mean > 1 and k < K_MAX:
        mean >>= 1
        k += 1
    bits = _bits(values, start, stop, k)
    while k > 0:
        fewer = _bits(values, start, stop, k - 1)
        if fewer >= bits:
            break
        bits = fewer
        k -= 1
    return k


def _bits(values, start: int, stop: int, k: int) -> int:
    """About how many bits the values take as Rice codes."""
    total = (stop - start) * (k + 1)
    for i in range(start, stop):
        value = values[i]
        ones = (value << 1 if value >= 0 else ~(value << 1)) >> k
        total += ones if ones < ESCAPE_ONES else _ESCAPE_BITS - k
    return total


def good_steep_k(values, n: int) -> int:
    """A parameter for steep codes; one more or less costs little, and the very large have no say."""
    total = 0
    for i in range(n):
        folded = abs(values[i]) << 1
        total += folded if folded < _STEEP_CAP else _STEEP_CAP
    mean = total * 3 // (4 * n)
    k = 0
    while mean > 1:
        mean >>= 1
        k += 1
    return k


class BitWriter:
    """Writes into a caller's bytearray; every step fits 31-bit integers."""

    def __init__(self, buf):
        self.buf = buf
        self.start(0)

    def start(self, pos: int) -> None:
        self.pos = pos
        self._acc = 0
        self._bits = 0

    def put(self, value: int, width: int) -> None:
        """Append the low `width` (at most 20) bits of `value`."""
        acc = (self._acc << width) | value
        bits = self._bits + width
        while bits >= 8:
            bits -= 8
            self.buf[self.pos] = (acc >> bits) & 0xFF
            self.pos += 1
        self._acc = acc & ((1 << bits) - 1)
        self._bits = bits

    def put_rice(self, value: int, k: int) -> None:
        ones = (value << 1 if value >= 0 else ~(value << 1)) >> k
        if ones >= ESCAPE_ONES:
            self._escape(value)
            return
        self.put(((1 << ones) - 1) << 1, ones + 1)
        self._put_low(value, k)

    def put_steep(self, value: int, k: int) -> None:
        high = (value << 1 if value >= 0 else ~(value << 1)) >> k
        if high >= _STEEP_MAX:
            self._escape(value)
            return
        high += 1
        ones = 0
        while high >> ones > 1:
            ones += 1
        self.put(((1 << ones) - 1) << 1, ones + 1)
        self.put(high & ((1 << ones) - 1), ones)
        self._put_low(value, k)

    def _escape(self, value: int) -> None:
        self.put((1 << ESCAPE_ONES) - 1, ESCAPE_ONES)
        self.put_signed(value)

    def _put_low(self, value: int, k: int) -> None:
        if k:
            folded = value << 1 if value >= 0 else ~(value << 1)
            self.put(folded & ((1 << k) - 1), k)

    def put_long(self, value: int, width: int) -> None:
        """Append up to 40 bits."""
        self.put(value >> 20, width - 20)
        self.put(value & 0xFFFFF, 20)

    def put_signed(self, value: int) -> None:
        """Append a signed value with only the bits it needs: width - 1 (5), then the bits."""
        width = 1
        while not -(1 << width - 1) <= value < 1 << width - 1:
            width += 1
        self.put(width - 1, 5)
        value &= ((1 << width - 1) - 1) << 1 | 1
        if width > 20:
            self.put_long(value, width)
        else:
            self.put(value, width)

    def finish(self) -> int:
        """Fill the last byte with zeros; returns the position after it."""
        if self._bits:
            self.put(0, 8 - self._bits)
        return self.pos
