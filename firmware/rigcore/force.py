"""Load-cell codes to force: zero (tare) and span (calibration) stay apart, both stay integers."""

FAULT_BASE = 1 << 25  # codes from here up are faults, out of reach of a 24-bit converter
NO_CONVERSION = FAULT_BASE  # a time and position without a conversion: the converter was silent
FAULT_DESYNC = FAULT_BASE + 1  # the extra clock did not read 1: bits are shifted
FAULT_SATURATED = FAULT_BASE + 2  # the converter's end stops
FAULT_SETTLING = FAULT_BASE + 3  # first conversions after power-up
FAULT_OVERLAP = FAULT_BASE + 4  # read so late that the next conversion may have replaced its bits

CODE_MIN = -0x800000
CODE_MAX = 0x7FFFFF


class ForceScale:
    """Millinewtons from codes: (code - zero) x scale, the scale given in nanonewtons a code.

    The product of a 25-bit difference and a scale does not fit 31 bits, so the difference is split
    at bit 12 and the scale held as a 16-bit mantissa with a shift: relative error under 2**-16.
    """

    def __init__(self, zero: int, scale_nn: int) -> None:
        if not 1 <= abs(scale_nn) <= 15_000_000:
            raise ValueError("scale_nn must be 1 to 15000000 nanonewtons a code")
        self.zero = zero
        self.scale_nn = scale_nn
        self._sign = 1 if scale_nn > 0 else -1
        self._shift = 12
        while (abs(scale_nn) << (self._shift + 1)) // 1_000_000 < 1 << 16:  # wide
            self._shift += 1
        self._mantissa = (abs(scale_nn) << self._shift) // 1_000_000  # wide
        self._shift -= 12

    def millinewtons(self, code: int) -> int:
        """Force in mN; `code` must be a conversion, not a fault."""
        diff = (code - self.zero) * self._sign
        high = (diff >> 12) * self._mantissa
        low = ((diff & 0xFFF) * self._mantissa) >> 12
        return (high + low) >> self._shift
