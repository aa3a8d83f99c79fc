"""An SPI of the chip: shifts MOSI out and MISO in, bit by bit, on whatever pins it was given."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.parts.gpio import Gpio

_NO_PIN = 255


class Spi:
    """MSB first. MOSI rests low. MISO is sampled in the middle of a bit, as mode 0 does.

    `devices[mosi]` takes whole bytes: a part that only listens, and for which single bits would be waste.
    `exchanges[sck]` is a part that looks at the clock: (bytes, mode) -> bytes, at the end of the transfer.
    """

    def __init__(self, clock: Clock, gpio: Gpio) -> None:
        self._clock, self._gpio = clock, gpio
        self._miso = self._mosi = _NO_PIN
        self._half_ns = 1000
        self.devices: dict[int, Callable[[bytes], None]] = {}
        self.exchanges: dict[int, Callable[[bytes, int], bytes]] = {}
        self._sck = _NO_PIN
        self._mode = 0

    def configure(self, baudrate: int, miso: int, mosi: int, sck: int, mode: int) -> None:
        """Baud rate 0 gives the pins back."""
        self._clock.advance(costs.SPI_SETUP)
        self._sck, self._mode = sck if baudrate else _NO_PIN, mode
        self._miso, self._mosi = (miso, mosi) if baudrate else (_NO_PIN, _NO_PIN)
        self._half_ns = costs.S // 2 // (baudrate or 1)
        self._set(0)

    def transfer(self, data: bytes) -> bytes:
        """As long as it takes on the wire, and the driver's own time before."""
        clock, half = self._clock, self._half_ns
        clock.advance(costs.SPI_SETUP + (costs.SPI_DMA if len(data) > 4 else 0))
        if self._sck in self.exchanges:
            clock.advance(len(data) * 16 * half)
            return self.exchanges[self._sck](data, self._mode)
        gpio, miso = self._gpio, self._miso
        sample = gpio.drivers.get(miso, lambda: None)
        listen = gpio.listeners.get(self._mosi, lambda level: None)
        next_ns = clock.next_ns()
        # Most transfers meet no event; then the clock can be set forward without looking for one.
        is_quiet = next_ns is None or next_ns > clock.now_ns + len(data) * 16 * half
        received = bytearray()
        level = 0
        for byte in data:
            bits = 0
            for shift in range(7, -1, -1):
                if byte >> shift & 1 != level:
                    level ^= 1
                    listen(level)
                if is_quiet:
                    clock.now_ns += half
                else:
                    clock.advance(half)
                bit = sample()
                bits = bits << 1 | (gpio.get(miso) if bit is None else bit)
                if is_quiet:
                    clock.now_ns += half
                else:
                    clock.advance(half)
            received.append(bits)
        if level:
            listen(0)
        return bytes(received)

    def write(self, data: bytes) -> None:
        """As `transfer`, with what comes back left alone."""
        device = self.devices.get(self._mosi)
        if device is None:
            self.transfer(data)
            return
        self._clock.advance(
            costs.SPI_SETUP + (costs.SPI_DMA if len(data) > 4 else 0) + len(data) * 16 * self._half_ns
        )
        device(data)

    def _set(self, level: int) -> None:
        if self._mosi in self._gpio.listeners:
            self._gpio.listeners[self._mosi](level)
