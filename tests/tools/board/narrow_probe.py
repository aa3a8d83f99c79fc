"""What narrowed firmware calls (see tests/tools/narrow.py); the same file serves both interpreters."""

from struct import pack as _pack
from struct import unpack as _unpack


class NotNarrow(Exception):
    """An integer left the range that the ESP32 keeps without allocating."""


def narrow(value):
    """`value` as the ESP32 would hold it: small integers unchanged, floats in single precision.

    The limits stand here as numbers, and the commonest way is the shortest: it is taken after each operator.
    """
    if type(value) is int:
        if -0x40000000 <= value <= 0x3FFFFFFF:
            return value
        raise NotNarrow(str(value) + " does not fit 31 bits; mark the line `# wide` if it may allocate")
    return _single(value) if type(value) is float else value


def _single(value):
    try:
        return _unpack("f", _pack("f", value))[0]
    except OverflowError:  # CPython; MicroPython packs infinity by itself
        return float("inf") if value > 0 else float("-inf")
