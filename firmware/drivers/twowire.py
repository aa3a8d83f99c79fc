"""Clocking a two-wire converter: 24 data bits and the extra clocks that choose channel and gain.

A clock that stays high for 60 us powers the chip down, so each must be short whatever else the processor does:
the SPI keeps its length. Nothing here allocates: both methods run in an interrupt callback.
"""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from machine import SPI


SPI_BAUD = 1_000_000  # 1 us high, 1 us low: the datasheet's typical clock
DATA_BITS = 24
PULSES_MAX = 28
_HIGH_BYTES = 12  # 96 us at that rate


class SpiWire:
    """PD_SCK is the SPI's MOSI, DOUT its MISO: each clock is the bit pair 1-0, and the hardware keeps its length."""

    def __init__(self, spi: "SPI") -> None:
        self._transfer = spi.write_readinto
        self._out = [_pairs(pulses) for pulses in range(DATA_BITS + 1, PULSES_MAX + 1)]
        self._in = bytearray(7)
        self._high = bytes([0xFF] * _HIGH_BYTES)
        self._unused = bytearray(_HIGH_BYTES)
        # Four data bits sit in the low halves of a byte's bit pairs.
        self._nibble = bytes((b >> 3 & 8) | (b >> 2 & 4) | (b >> 1 & 2) | (b & 1) for b in range(256))

    def clock(self, pulses: int) -> int:
        """The bits read at `pulses` (25 to 28) rising edges, most significant first, as one integer."""
        bits = self._in
        nibble = self._nibble
        self._transfer(self._out[pulses - DATA_BITS - 1], bits)
        value = nibble[bits[0]] << 24 | nibble[bits[1]] << 20 | nibble[bits[2]] << 16
        value |= nibble[bits[3]] << 12 | nibble[bits[4]] << 8 | nibble[bits[5]] << 4 | nibble[bits[6]]
        return value >> (PULSES_MAX - pulses)

    def power_cycle(self) -> None:
        """PD_SCK high for more than 60 us, then low: the chip starts anew."""
        self._transfer(self._high, self._unused)


def _pairs(pulses: int) -> bytes:
    """Seven bytes with so many bit pairs 1-0, the rest low."""
    bits = 0
    for pulse in range(PULSES_MAX):
        bits = bits << 2 | (2 if pulse < pulses else 0)  # wide
    return bits.to_bytes(7, "big")
