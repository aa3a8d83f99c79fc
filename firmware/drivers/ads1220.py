"""ADS1220 load-cell converter: SPI in mode 1 with a data-ready line.

Inputs AIN0-AIN1, amplifier 128, the bridge's own supply (REFP0/REFN0) as reference, continuous conversions. Its filter
settles within one conversion, so the delay is half a conversion (board.ADC_DELAY_CONV10 = 5) and none is discarded.
Register values: TI datasheet SBAS501, tables 8-14 to 8-18.
"""

from rigcore.force import CODE_MAX, CODE_MIN, FAULT_SATURATED

SETTLING_N = 1
RATES = {20: 0, 45: 1, 90: 2, 175: 3, 330: 4, 600: 5, 1000: 6}  # conversions a second: DR bits

_RESET = 0x06
_START = 0x08
_POWER_DOWN = 0x02
_WRITE_ALL = 0x43  # four registers from the first
_READ_ALL = 0x23
_INPUT_GAIN = 0x0E  # AIN0 against AIN1, gain 128, amplifier in use
_CONTINUOUS = 0x04
_REFERENCE = 0x40  # external, REFP0 and REFN0
_RESET_US = 100  # 50 us and 32 clocks of the chip


class Ads1220:
    """`start()` once, then `read()` after each falling edge of DRDY; `chip_select` is an output, low selects."""

    def __init__(self, spi, chip_select, sleep_us, rate_hz):
        self._transfer = spi.write_readinto
        self._select = chip_select.value
        self._sleep_us = sleep_us
        self._setting = bytes([_INPUT_GAIN, RATES[rate_hz] << 5 | _CONTINUOUS, _REFERENCE, 0])
        self._out = bytes(3)
        self._in = bytearray(3)
        self._select(1)

    def start(self):
        """Reset, set up, start; False when the chip does not answer with what was written."""
        self._command(bytes([_RESET]))
        self._sleep_us(_RESET_US)
        self._command(bytes([_WRITE_ALL]) + self._setting)
        is_set_up = self._command(bytes([_READ_ALL, 0, 0, 0, 0]))[1:] == self._setting
        self._command(bytes([_START]))
        return is_set_up

    def restart(self):
        """Recover a chip that has fallen silent."""
        self._command(bytes([_POWER_DOWN]))
        self.start()

    def read(self):
        """Signed 24-bit code or FAULT_SATURATED. Allocates nothing."""
        bits = self._in
        self._select(0)
        self._transfer(self._out, bits)
        self._select(1)
        code = bits[0] << 16 | bits[1] << 8 | bits[2]
        if code & 0x800000:
            code -= 0x1000000
        return FAULT_SATURATED if code == CODE_MAX or code == CODE_MIN else code

    def _command(self, data):
        answer = bytearray(len(data))
        self._select(0)
        self._transfer(data, answer)
        self._select(1)
        return bytes(answer)
