"""The encoder on the chip's pulse counter: four counts a period, no interrupt.

The counter falls back to zero at +-MODULUS; `rigcore.motion.PulseTotal` undoes that.
"""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from esp32 import PCNT
    from machine import Pin


MODULUS = 32000
_APB_MHZ = 80


def quadrature(pcnt_class: "type[PCNT]", pin_a: "Pin", pin_b: "Pin", filter_ns: int) -> "PCNT":
    """A started `esp32.PCNT` that counts all four edges; positive when A leads B.

    Never `.irq()`: its handler may run while the flash is being written and reboot the chip. The limits come first and
    the filter last, each in a call of its own: newer drivers build the unit anew for limits and forget the filter.
    Each channel counts one line's edges with the other line giving the direction.
    """
    up, down, reverse = pcnt_class.INCREMENT, pcnt_class.DECREMENT, pcnt_class.REVERSE
    counter = pcnt_class(0)
    counter.init(min=-MODULUS, max=MODULUS)
    counter.init(channel=0, pin=pin_a, rising=down, falling=up, mode_pin=pin_b, mode_low=reverse)
    counter.init(channel=1, pin=pin_b, rising=up, falling=down, mode_pin=pin_a, mode_low=reverse)
    counter.init(filter=filter_ns * _APB_MHZ // 1000)
    counter.start()
    return counter
