"""What narrowed firmware calls (see tests/tools/narrow.py); the same file serves both interpreters."""

import struct

SMALL_MIN = -(1 << 30)
SMALL_MAX = (1 << 30) - 1


class NotNarrow(Exception):
    """An integer left the range that the ESP32 keeps without allocating."""


def narrow(value):
    """`value` as the ESP32 would hold it: small integers unchanged, floats in single precision."""
    kind = type(value)
    if kind is int:
        if not SMALL_MIN <= value <= SMALL_MAX:
            raise NotNarrow(str(value) + " does not fit 31 bits; mark the line `# wide` if it may allocate")
    elif kind is float:
        return _single(value)
    return value


def _single(value):
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:  # CPython; MicroPython packs infinity by itself
        return float("inf") if value > 0 else float("-inf")
