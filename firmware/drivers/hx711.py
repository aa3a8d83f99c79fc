"""HX711 and HX717 load-cell converters: what the bits mean.

How they are clocked is the wire's matter (drivers.twowire). `pulses` chooses channel and gain of the next
conversion: HX711 25 = A x128, 26 = B x32, 27 = A x64; HX717 25 = A x128, 26 = B x64, 27 = A x64, 28 = B x8.
"""

from rigcore import TYPE_CHECKING
from rigcore.force import CODE_MAX, CODE_MIN, FAULT_DESYNC, FAULT_SATURATED

if TYPE_CHECKING:
    from .twowire import SpiWire


SETTLING_N = 4  # conversions after power-up or a change of gain


class Hx711:
    """`read()` takes one conversion; call it after DOUT fell and before the next is ready."""

    def __init__(self, wire: "SpiWire", pulses: int) -> None:
        self._wire_clock = wire.clock
        self.restart = wire.power_cycle
        self._pulses = pulses
        self._extra = pulses - 24
        self._ones = (1 << self._extra) - 1

    def read(self) -> int:
        """Signed 24-bit code, or a fault (see rigcore.force). Allocates nothing."""
        bits = self._wire_clock(self._pulses)
        if bits & self._ones != self._ones:
            # DOUT is high after the data; anything else means that bits were shifted or the wire is cut.
            return FAULT_DESYNC
        code = bits >> self._extra
        if code & 0x800000:
            code -= 0x1000000
        if code == CODE_MAX or code == CODE_MIN:
            return FAULT_SATURATED
        return code
