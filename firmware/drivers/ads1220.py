"""ADS1220 load-cell converter: SPI in mode 1 on the three wires that an HX711 would have.

    SCLK = the SPI's clock, DIN = its MOSI, DOUT/DRDY = its MISO, CS to ground

DRDYM lets DOUT/DRDY fall when a conversion is ready, as an HX711's DOUT does. Inputs AIN0-AIN1, amplifier 128, the
bridge's own supply (REFP0/REFN0) as reference, continuous conversions. The filter settles within one conversion, so
the delay is half a conversion. Register values: TI datasheet SBAS501, tables 8-14 to 8-18.
"""

from rigcore import TYPE_CHECKING
from rigcore.force import CODE_MAX, CODE_MIN, FAULT_SATURATED

if TYPE_CHECKING:
    from collections.abc import Callable

    from machine import SPI


SPI_BAUD = 1_000_000
SETTLING_N = 1  # the first may have begun before the registers were written
DELAY_CONV10 = 5  # tenths of a conversion
RATES = ((20, 0), (45, 1), (90, 2), (175, 3), (330, 4))  # conversions a second: DR bits

_RESET = 0x06
_START = 0x08
_WRITE_ALL = 0x43  # four registers from the first
_INPUT_GAIN = 0x0E  # AIN0 against AIN1, gain 128, amplifier in use
_CONTINUOUS = 0x04
_REFERENCE = 0x40  # external, REFP0 and REFN0
_READY_ON_DOUT = 0x02
_RESET_US = 100  # 50 us and 32 clocks of the chip


def rate_for(wanted: int) -> int:
    """The slowest rate that is not below `wanted`, else the fastest: conversions a second."""
    for rate, _bits in RATES:
        if rate >= wanted:
            return rate
    return RATES[-1][0]


class Ads1220:
    """`restart()` sets it up, then `read()` after each falling edge of DOUT/DRDY. Neither allocates."""

    def __init__(self, spi: "SPI", sleep_us: "Callable[[int], None]", rate_hz: int) -> None:
        self._transfer = spi.write_readinto
        self._sleep_us = sleep_us
        mode = dict(RATES)[rate_hz] << 5 | _CONTINUOUS
        self._setting = bytes([_WRITE_ALL, _INPUT_GAIN, mode, _REFERENCE, _READY_ON_DOUT])
        self._reset, self._start = bytes([_RESET]), bytes([_START])
        self._out = bytes(4)  # 24 bits of data and some clocks that let DOUT/DRDY go high
        self._in = bytearray(4)
        self._unused = memoryview(bytearray(len(self._setting)))
        self._unused_1 = self._unused[:1]

    def restart(self) -> None:
        """Set up and start a chip, whatever it did before: left alone for 55 ms it expects a command."""
        self._transfer(self._reset, self._unused_1)
        self._sleep_us(_RESET_US)
        self._transfer(self._setting, self._unused)
        self._transfer(self._start, self._unused_1)

    def read(self) -> int:
        """Signed 24-bit code or FAULT_SATURATED."""
        bits = self._in
        self._transfer(self._out, bits)
        code = bits[0] << 16 | bits[1] << 8 | bits[2]
        if code & 0x800000:
            code -= 0x1000000
        return FAULT_SATURATED if code == CODE_MAX or code == CODE_MIN else code
