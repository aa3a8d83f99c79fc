"""Integers in a bit stream: small residuals cost few bits, any 32-bit value fits.

A value is folded to unsigned (zigzag), its high part is written as that many ones and a zero, its low
k bits plainly (R. F. Rice, JPL Publication 79-22, 1979). Where many values are small and some very large, a
steep code is shorter: the high part plus one is written as its width less one in ones, a zero, and its bits
below the top one (J. Teuhola, Inf. Proc. Letters 7(6), 1978: exponential Golomb). In both, twelve ones announce
the value with its width instead: what is far off costs some 30 bits. Bits fill bytes from the top. The writer
takes values of up to 30 bits, the board's integers less one.
"""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array


ESCAPE_ONES = 12
K_MAX = 19
_PUT_MAX = 20
_STEEP_MAX = (1 << ESCAPE_ONES) - 1
_STEEP_CAP = 32
_ESCAPE_BITS = ESCAPE_ONES + 5 + 12  # about


def best_k(values: "array[int]", start: int, stop: int, total: int) -> int:
    """Rice parameter that makes values[start:stop] shortest; their folded values add up to `total`.

    The log of the mean is the best for values that fall off evenly; a few far ones ask for less.
    """
    k = 0
    mean = total // (stop - start) if stop > start else 0
    while mean > 1 and k < K_MAX:
        mean >>= 1
        k += 1
    while k > 0:
        bits, fewer = _bits(values, start, stop, k)
        if fewer >= bits:
            break
        k -= 1
    return k


def _bits(values: "array[int]", start: int, stop: int, k: int) -> "tuple[int, int]":
    """About how many bits the values take as Rice codes with this parameter, and with one less."""
    bits = (stop - start) * (k + 1)
    fewer = bits - (stop - start)
    far, farther = _ESCAPE_BITS - k, _ESCAPE_BITS - k + 1
    k -= 1
    for i in range(start, stop):
        value = values[i]
        ones = (value << 1 if value >= 0 else ~(value << 1)) >> k
        fewer += ones if ones < ESCAPE_ONES else farther
        ones >>= 1
        bits += ones if ones < ESCAPE_ONES else far
    return bits, fewer


def good_steep_k(values: "array[int]", n: int) -> int:
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

    def __init__(self, buf: bytearray) -> None:
        self.buf = buf
        self.start(0)

    def start(self, pos: int) -> None:
        self.pos: int = pos
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

    def put_rices(self, values: "array[int]", start: int, stop: int, k: int) -> None:
        """Append values[start:stop] as Rice codes; the loop is put()'s, with nothing called for the usual value."""
        buf, pos, acc, bits = self.buf, self.pos, self._acc, self._bits
        low = (1 << k) - 1
        ones_max = min(_PUT_MAX, ESCAPE_ONES + k) - k - 1  # of the usual value
        for i in range(start, stop):
            value = values[i]
            value = value << 1 if value >= 0 else ~(value << 1)
            ones = value >> k
            if ones > ones_max:
                self.pos, self._acc, self._bits = pos, acc, bits
                self._put_far_rice(values[i], k)
                pos, acc, bits = self.pos, self._acc, self._bits
                continue
            width = ones + k + 1
            acc = (acc << width) | (((1 << ones) - 1) << k + 1) | (value & low)
            bits += width
            while bits >= 8:
                bits -= 8
                buf[pos] = (acc >> bits) & 0xFF
                pos += 1
            acc &= (1 << bits) - 1
        self.pos, self._acc, self._bits = pos, acc, bits

    def _put_far_rice(self, value: int, k: int) -> None:
        folded = value << 1 if value >= 0 else ~(value << 1)
        ones = folded >> k
        if ones >= ESCAPE_ONES:
            self._escape(value)
        else:
            self.put(((1 << ones) - 1) << 1, ones + 1)
            self.put(folded & ((1 << k) - 1), k)

    def put_steeps(self, values: "array[int]", n: int, k: int) -> None:
        """Append the first `n` values as steep codes."""
        for i in range(n):
            value = values[i]
            folded = value << 1 if value >= 0 else ~(value << 1)
            high = folded >> k
            if high >= _STEEP_MAX:
                self._escape(value)
                continue
            high += 1
            ones = 0
            while high >> ones > 1:
                ones += 1
            ahead = ((1 << ones) - 1) << 1
            width = ones + k
            rest = (high & ((1 << ones) - 1)) << k | folded & ((1 << k) - 1)
            if width + ones < _PUT_MAX:
                self.put(ahead << width | rest, ones + 1 + width)
            else:
                self.put(ahead, ones + 1)
                self.put_long(rest, width)

    def _escape(self, value: int) -> None:
        self.put((1 << ESCAPE_ONES) - 1, ESCAPE_ONES)
        self.put_signed(value)

    def put_long(self, value: int, width: int) -> None:
        """Append up to 40 bits."""
        if width > _PUT_MAX:
            self.put(value >> _PUT_MAX, width - _PUT_MAX)
            value &= (1 << _PUT_MAX) - 1
            width = _PUT_MAX
        self.put(value, width)

    def put_signed(self, value: int) -> None:
        """Append a signed value with only the bits it needs: width - 1 (5), then the bits."""
        width = 1
        while not -(1 << width - 1) <= value < 1 << width - 1:
            width += 1
        self.put(width - 1, 5)
        value &= ((1 << width - 1) - 1) << 1 | 1
        self.put_long(value, width)

    def finish(self) -> int:
        """Fill the last byte with zeros; returns the position after it."""
        if self._bits:
            self.put(0, 8 - self._bits)
        return self.pos
