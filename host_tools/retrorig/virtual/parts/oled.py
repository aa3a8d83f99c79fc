"""The SSD1306 and SH1106 displays: their commands, their memory, and what they show."""

from __future__ import annotations

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 128, 64
PAGES = HEIGHT // 8
_ARGUMENTS = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
    0xAD: 1, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0xA3: 2,
}  # fmt: skip
_HORIZONTAL, _VERTICAL = 0, 1


class Ssd1306:
    """Feed it with `i2c_write` (control byte first) or `spi_write`; look at it with `image()`."""

    columns_n = WIDTH
    offset = 0  # first column of the memory that the glass shows

    def __init__(self) -> None:
        self.power_on()

    def power_on(self) -> None:
        self.memory = bytearray(self.columns_n * PAGES)
        self.is_on = self.is_inverted = self.is_all_on = self.has_pump = False
        self.contrast = 0x7F
        self._mode = 2
        self._columns, self._pages = (0, self.columns_n - 1), (0, PAGES - 1)
        self._column = self._page = 0
        self._remap = self._flip = False
        self._start_line = 0
        self._pending = bytearray()

    def i2c_write(self, data: bytes) -> None:
        """One I2C message after the address."""
        i = 0
        while i + 1 < len(data):
            control = data[i]
            stop = i + 2 if control & 0x80 else len(data)
            self.spi_write(data[i + 1 : stop], bool(control & 0x40))
            i = stop

    def spi_write(self, data: bytes, is_data: bool) -> None:
        """Bytes with the D/C line high (`is_data`) or low."""
        for byte in data:
            if is_data:
                self._store(byte)
            else:
                self._pending.append(byte)
                if len(self._pending) > _ARGUMENTS.get(self._pending[0], 0):
                    command, self._pending = self._pending, bytearray()
                    self._execute(command[0], command[1:])

    def image(self) -> Image.Image:
        """What an eye sees, mode "1"; all black when off."""
        if not (self.is_on and self.has_pump):
            return Image.new("1", (WIDTH, HEIGHT))
        pages = np.frombuffer(bytes(self.memory), np.uint8).reshape(PAGES, self.columns_n)
        lit = np.unpackbits(pages, axis=0, bitorder="little")[:, self.offset : self.offset + WIDTH]
        # Modules are mounted so that A1 and C8 show the memory upright; A0 and C0 mirror it.
        lit = lit if self._remap else lit[:, ::-1]
        rows = np.arange(HEIGHT) if self._flip else np.arange(HEIGHT)[::-1]
        seen = (lit[(rows + self._start_line) % HEIGHT] | self.is_all_on) != self.is_inverted
        return Image.fromarray(seen)

    def _store(self, byte: int) -> None:
        self.memory[self._page * self.columns_n + self._column] = byte
        if self._mode == _VERTICAL:
            self._page = self._next(self._page, self._pages)
            if self._page == self._pages[0]:
                self._column = self._next(self._column, self._columns)
            return
        self._column = self._next(
            self._column, self._columns if self._mode == _HORIZONTAL else (0, self.columns_n - 1)
        )
        if self._mode == _HORIZONTAL and self._column == self._columns[0]:
            self._page = self._next(self._page, self._pages)

    @staticmethod
    def _next(value: int, window: tuple[int, int]) -> int:
        return window[0] if value == window[1] else value + 1

    def _execute(self, command: int, arguments: bytes) -> None:
        if command == 0x20:
            self._mode = arguments[0] & 3
        elif command == 0x21:
            self._columns = (arguments[0] & 127, arguments[1] & 127)
            self._column = self._columns[0]
        elif command == 0x22:
            self._pages = (arguments[0] & 7, arguments[1] & 7)
            self._page = self._pages[0]
        elif command == 0x81:
            self.contrast = arguments[0]
        elif command == 0x8D:
            self.has_pump = bool(arguments[0] & 4)
        else:
            self._execute_short(command)

    def _execute_short(self, command: int) -> None:
        if command < 0x10:
            self._column = self._column & 0xF0 | command
        elif command < 0x20:
            self._column = self._column & 0x0F | (command & 15) << 4
        elif 0x40 <= command < 0x80:
            self._start_line = command & 63
        elif 0xB0 <= command < 0xB8:
            self._page = command & 7
        elif command in (0xA0, 0xA1):
            self._remap = command == 0xA1
        elif command in (0xA4, 0xA5):
            self.is_all_on = command == 0xA5
        elif command in (0xA6, 0xA7):
            self.is_inverted = command == 0xA7
        elif command in (0xAE, 0xAF):
            self.is_on = command == 0xAF
        elif command in (0xC0, 0xC8):
            self._flip = command == 0xC8


class Sh1106(Ssd1306):
    """132 columns of memory, of which the glass shows the middle; addressed by page only, without the
    commands for windows, and its column stays at the last one instead of beginning again."""

    columns_n = 132
    offset = 2

    @staticmethod
    def _next(value: int, window: tuple[int, int]) -> int:
        return min(value + 1, window[1])

    def _execute(self, command: int, arguments: bytes) -> None:
        if command == 0xAD:
            self.has_pump = bool(arguments[0] & 1)
        elif command not in (0x20, 0x21, 0x22, 0x8D):
            super()._execute(command, arguments)
