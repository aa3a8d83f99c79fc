"""SPI, I2C and the serial line."""

from __future__ import annotations

from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.calls import WAIT, Answer


class BusCalls:
    def __init__(self, board: Board) -> None:
        self._board = board

    def spi_init(self, number: int, baudrate: int, pins: int) -> Answer:
        self._board.spis[number].configure(
            baudrate, pins & 255, pins >> 8 & 255, pins >> 16 & 255, pins >> 24
        )
        return 0

    def spi_transfer(self, number: int, n: int, c: int) -> Answer:
        return n, self._board.spis[number].transfer(self._board.payload(n))

    def spi_write(self, number: int, n: int, c: int) -> Answer:
        self._board.spis[number].write(self._board.payload(n))
        return n

    def i2c_init(self, number: int, freq_hz: int, c: int) -> Answer:
        self._board.clock.advance(costs.SMALL)
        self._board.i2c.freq_hz = freq_hz
        return 0

    def i2c_write(self, number: int, n: int, address: int) -> Answer:
        return self._board.i2c.write(address, self._board.payload(n))

    def i2c_read(self, number: int, n: int, address: int) -> Answer:
        data = self._board.i2c.read(address, n)
        return (-1, bytes(n)) if data is None else (n, data)

    def rx_ready(self, blocking: int, b: int, c: int) -> Answer:
        """Whether a byte can be read; with `blocking` the call takes until the next tick when there is none."""
        self._board.clock.advance(costs.SMALL)
        if self._board.uart.ready():
            return 1
        if blocking:
            if self._board.clock.now_ns >= self._board.limit_ns:
                return WAIT
            self._board.clock.advance(costs.MS)
        return 0

    def rx_read(self, a: int, n: int, c: int) -> Answer:
        self._board.clock.advance(costs.UART_CALL)
        data = self._board.uart.read(n)
        return len(data), data.ljust(n, b"\0")

    def tx(self, a: int, n: int, c: int) -> Answer:
        self._board.uart.write(self._board.payload(n))
        return n
