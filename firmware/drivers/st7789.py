"""ST7789 colour panels over SPI, boxes are sent as they are painted, nothing is read back.

The memory behind the glass is 240 columns by 320 rows. A panel wider than high is mounted on its side.
"""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from machine import PWM, SPI, Pin


COLUMN = 0x2A
ROW = 0x2B
WRITE = 0x2C
RESET = 0x01
WAKE = 0x11
FORMAT = 0x3A
DIRECTION = 0x36
ON = 0x29
OFF = 0x28
INVERTED = 0x21
PLAIN = 0x20
RESET_MS = 150
WAKE_MS = 120
LYING = 0x60  # column and row change places, and the rows run backward
UPRIGHT = 0x00
FLIP_LYING = 0x80
FLIP_UPRIGHT = 0x40
STRIP_BYTES = 2560  # 1 ms at 20 MHz
FAINTEST = 16  # of 255: less light is none


class Panel:
    """`show(x, y, w, h, pixels)` sends a box of 16-bit pixels; at most STRIP_BYTES of them at a time."""

    def __init__(
        self,
        spi: "SPI",
        select: "Pin",
        light: "PWM",
        size: "tuple[int, int]",
        needs_inversion: bool,
        sleep_ms: "Callable[[int], None]",
    ) -> None:
        self.width, self.height = size
        self._spi = spi
        self._select = select
        self._light = light
        self._needs_inversion = needs_inversion
        self._command = bytearray(1)
        self._range = bytearray(4)
        self.buffer = bytearray(STRIP_BYTES)
        self._send(RESET)
        sleep_ms(RESET_MS)
        self._send(WAKE)
        sleep_ms(WAKE_MS)
        self._send(FORMAT, b"\x55")
        self.mirror(False)
        self.invert(False)
        self.clear()
        self._send(ON)
        self.brightness(255)

    def show(self, x: int, y: int, w: int, h: int, pixels: "bytes | bytearray | memoryview") -> None:
        self._aim(COLUMN, x, w)
        self._aim(ROW, y, h)
        self._send(WRITE, pixels)

    def clear(self) -> None:
        """All black; only before the sampling starts, because it takes 0.1 s."""
        rows = STRIP_BYTES // (2 * self.width)
        black = memoryview(self.buffer)[: 2 * self.width * rows]
        for i in range(len(black)):
            black[i] = 0
        for y in range(0, self.height, rows):
            self.show(0, y, self.width, rows, black)

    def invert(self, on: bool) -> None:
        """Glass of the in-plane kind shows white as black unless it is told to invert."""
        self._send(INVERTED if on != self._needs_inversion else PLAIN)

    def brightness(self, level: int) -> None:
        """0 turns the panel off, 1 to 255."""
        self._light.duty_u16(max(level, FAINTEST) * 257 if level else 0)
        self._send(ON if level else OFF)

    def mirror(self, on: bool) -> None:
        """Left and right changed, for what is sent from now on."""
        is_lying = self.width > self.height
        flip = FLIP_LYING if is_lying else FLIP_UPRIGHT
        self._send(DIRECTION, bytes(((LYING if is_lying else UPRIGHT) ^ (flip if on else 0),)))

    def _aim(self, command: int, first: int, n: int) -> None:
        found, last = self._range, first + n - 1
        found[0], found[1] = first >> 8, first & 255  # divmod would leave garbage
        found[2], found[3] = last >> 8, last & 255
        self._send(command, found)

    def _send(self, command: int, data: "bytes | None" = None) -> None:
        self._command[0] = command
        self._select(0)
        self._spi.write(self._command)
        self._select(1)
        if data:
            self._spi.write(data)
