"""HX711 load-cell converter, clocked by an SPI so that no interrupt can stretch a clock.

PD_SCK is the SPI's MOSI, DOUT its MISO. Each clock is the bit pair 1-0, so a byte is four clocks and
a read is six bytes of data plus one that chooses channel and gain. A clock that stayed high for 60 us
would power the chip down; here it is high for one bit time.
"""

from rigcore.force import CODE_MAX, CODE_MIN, FAULT_DESYNC, FAULT_SATURATED

SPI_BAUD = 1_000_000  # 1 us high, 1 us low: the datasheet's typical clock
SETTLING_N = 4  # conversions after power-up or a change of gain

_TAIL = {25: 0x80, 26: 0xA0, 27: 0xA8}  # the seventh byte: one to three more clocks
_GAIN_BIT = 0x40  # sampled in the low half of the 25th clock


def _nibbles():
    # Four data bits sit in the low halves of a byte's bit pairs.
    return bytes((b >> 3 & 8) | (b >> 2 & 4) | (b >> 1 & 2) | (b & 1) for b in range(256))


class Hx711:
    """`read()` takes one conversion; call it after DOUT fell and before the next is ready."""

    def __init__(self, spi, gain_pulses):
        self._transfer = spi.write_readinto
        self._out = bytes([0xAA] * 6 + [_TAIL[gain_pulses]])
        self._in = bytearray(7)
        self._nibble = _nibbles()

    def read(self):
        """Signed 24-bit code, or a fault (see rigcore.force). Allocates nothing."""
        bits = self._in
        nibble = self._nibble
        self._transfer(self._out, bits)
        if not bits[6] & _GAIN_BIT:
            return FAULT_DESYNC
        code = nibble[bits[0]] << 20 | nibble[bits[1]] << 16 | nibble[bits[2]] << 12
        code |= nibble[bits[3]] << 8 | nibble[bits[4]] << 4 | nibble[bits[5]]
        if code & 0x800000:
            code -= 0x1000000
        if code == CODE_MAX or code == CODE_MIN:
            return FAULT_SATURATED
        return code
