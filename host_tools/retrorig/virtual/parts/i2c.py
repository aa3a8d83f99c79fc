"""An I2C bus: devices by address, and the time each byte takes."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock

_BITS = 9  # eight and the acknowledge


class I2cBus:
    """`devices[address]` takes a message and says whether it acknowledged."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.devices: dict[int, Callable[[bytes], bool]] = {}
        self.freq_hz = 400_000
        self.bytes = 0

    def write(self, address: int, data: bytes) -> int:
        """Bytes acknowledged, or -1 when nobody answers to the address."""
        device = self.devices.get(address)
        acked = device is not None and device(data)
        self._take(1 + len(data) if acked else 1)
        return len(data) if acked else -1

    def read(self, address: int, n: int) -> bytes | None:
        """The display's status byte; None when nothing answers at the address."""
        present = address in self.devices and self.devices[address](b"")
        self._take(1 + n if present else 1)
        return bytes(n) if present else None

    def _take(self, n: int) -> None:
        self.bytes += n
        self._clock.advance(costs.I2C_SETUP + (n * _BITS + 2) * costs.S // self.freq_hz)
