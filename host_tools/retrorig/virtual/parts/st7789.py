"""The ST7789 display: its commands, its memory of 240 x 320 pixels, and what it shows."""

from __future__ import annotations

from array import array

from PIL import Image

COLUMNS, ROWS = 240, 320
_SWRESET, _SLPIN, _SLPOUT, _INVOFF, _INVON = 0x01, 0x10, 0x11, 0x20, 0x21
_DISPOFF, _DISPON, _CASET, _RASET, _RAMWR, _MADCTL, _COLMOD = 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x36, 0x3A
_MY, _MX, _MV = 0x80, 0x40, 0x20
_BITS_16 = 0x55


class St7789:
    """Feed it with `write`; look at it with `image()`. `width` x `height` is the glass as it is mounted.

    In-plane glass, as nearly all such modules have: it shows a memory of zeros as white unless inverted.
    A panel wider than high lies on its side.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.power_on()

    def power_on(self) -> None:
        self.light = 0  # of 65535
        self.longest = 0  # bytes of pixels in one message
        self._memory = array("H", bytes(2 * COLUMNS * ROWS))  # a pixel: 5 bits of red, 6 of green, 5 of blue
        self._reset()

    def _reset(self) -> None:
        self.is_on = self.is_awake = self.is_inverted = False
        self._direction, self._format = 0, 0x66
        self._x, self._y = (0, COLUMNS - 1), (0, ROWS - 1)
        self._at = 0
        self._command, self._arguments = 0, bytearray()

    def write(self, data: bytes, is_data: bool) -> None:
        """Bytes with the D/C line high (`is_data`) or low."""
        if is_data and self._command == _RAMWR:
            self._store(data)
        elif is_data:
            self._arguments += data
            self._take_arguments()
        else:
            for command in data:
                self._execute(command)

    def image(self) -> Image.Image:
        """What an eye sees, mode "1"; all black when off or in the dark."""
        image = Image.new("1", (self.width, self.height))
        image.putdata([int(pixel > 0) for pixel in self._lit()])
        return image

    def colours(self) -> Image.Image:
        """The same, mode "RGB"."""
        image = Image.new("RGB", (self.width, self.height))
        image.putdata([rgb(pixel) for pixel in self._lit()])
        return image

    def _lit(self) -> list[int]:
        """The light of each point of the glass, row by row, as 16-bit pixels."""
        if not (self.is_on and self.is_awake and self.light):
            return [0] * (self.width * self.height)
        turned = 0 if self.is_inverted else 0xFFFF
        places = (self._glass(x, y) for y in range(self.height) for x in range(self.width))
        return [self._memory[place] ^ turned for place in places]

    def _glass(self, x: int, y: int) -> int:
        """Place in the memory of a point of the glass."""
        return (x * COLUMNS + COLUMNS - 1 - y) if self.width > self.height else (y * COLUMNS + x)

    def _execute(self, command: int) -> None:
        self._command, self._arguments = command, bytearray()
        if command == _SWRESET:
            self._reset()
        elif command in (_SLPIN, _SLPOUT):
            self.is_awake = command == _SLPOUT
        elif command in (_DISPOFF, _DISPON):
            self.is_on = command == _DISPON
        elif command in (_INVOFF, _INVON):
            self.is_inverted = command == _INVON
        elif command == _RAMWR:
            self._at = 0

    def _take_arguments(self) -> None:
        given = self._arguments
        if self._command in (_CASET, _RASET) and len(given) == 4:
            span = (given[0] << 8 | given[1], given[2] << 8 | given[3])
            if self._command == _CASET:
                self._x = span
            else:
                self._y = span
        elif self._command == _MADCTL:
            self._direction = given[0]
        elif self._command == _COLMOD:
            self._format = given[0]

    def _store(self, data: bytes) -> None:
        """Pixels from where the last ones ended; the window is walked row by row and then begun again."""
        assert self._format == _BITS_16, "only 16 bits a pixel are modelled"
        self.longest = max(self.longest, len(data))
        wide, high = self._x[1] - self._x[0] + 1, self._y[1] - self._y[0] + 1
        pixels = array("H", (high << 8 | low for high, low in zip(data[::2], data[1::2])))
        while pixels:
            y, x = divmod(self._at, wide)
            run = min(wide - x, len(pixels))
            first, second = (self._place(self._x[0] + x + k, self._y[0] + y) for k in (0, 1))
            end = first + run * (second - first)
            self._memory[first : end if end >= 0 else None : second - first] = pixels[:run]
            pixels = pixels[run:]
            self._at = (self._at + run) % (wide * high)

    def _place(self, x: int, y: int) -> int:
        """Place in the memory of an address, by the directions of MADCTL."""
        column, row = (y, x) if self._direction & _MV else (x, y)
        column = COLUMNS - 1 - column if self._direction & _MX else column
        row = ROWS - 1 - row if self._direction & _MY else row
        return row * COLUMNS + column


def rgb(pixel: int) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a 16-bit pixel."""
    return (pixel >> 11) * 255 // 31, (pixel >> 5 & 63) * 255 // 63, (pixel & 31) * 255 // 31
