"""SSD1306 128x64 over I2C, refreshed in tiles so that no transfer holds up the sampling.

A tile is 64 columns of one page (8 rows): with its window command some 1.8 ms at 400 kHz. A whole
frame in one transfer would take 24 ms, and no interrupt callback runs meanwhile.
"""

WIDTH = 128
HEIGHT = 64
TILE_COLUMNS = 64
TILES_N = WIDTH // TILE_COLUMNS * (HEIGHT // 8)

_INIT = (
    b"\xae"  # off while it is set up
    b"\x20\x00"  # horizontal addressing
    b"\x40\xa1\xc8"  # first line, segments and rows the way the module is mounted
    b"\xa8\x3f\xd3\x00\xda\x12"  # 64 rows, no offset, row wiring of a 64-row panel
    b"\xd5\x80\xd9\xf1\xdb\x30"  # clock, precharge, deselect level
    b"\x81\xff\xa4\xa6"  # full contrast, show memory, not inverted
    b"\x8d\x14\xaf"  # charge pump, on
)


class Ssd1306:
    """`buffer` is drawn into by others (framebuf.MONO_VLSB); `show_tile()` sends what changed."""

    def __init__(self, i2c, address):
        self._i2c = i2c
        self._address = address
        self.buffer = bytearray(WIDTH * HEIGHT // 8)
        self._sent = bytearray(len(self.buffer))
        self._drawn_tiles = _tiles(self.buffer)
        self._sent_tiles = _tiles(self._sent)
        self._data = bytearray(1 + TILE_COLUMNS)
        self._data[0] = 0x40
        self._payload = memoryview(self._data)[1:]
        self._window = bytearray(b"\x00\x21\x00\x00\x22\x00\x00")
        self._next = 0
        self._command(_INIT)
        for tile in range(TILES_N):
            self._send(tile)

    def show_tile(self):
        """Send the next tile that differs from what the panel shows; False when none does."""
        for _ in range(TILES_N):
            tile = self._next
            self._next = (tile + 1) % TILES_N
            if self._drawn_tiles[tile] != self._sent_tiles[tile]:
                self._send(tile)
                return True
        return False

    def invert(self, on):
        self._command(b"\xa7" if on else b"\xa6")

    def brightness(self, level):
        """0 turns the panel off, 1 to 255."""
        self._command(bytes((0x81, level, 0xAF)) if level else b"\xae")

    def mirror(self, on):
        """Left and right changed, to be read in a mirror; all is sent again."""
        self._command(b"\xa0" if on else b"\xa1")
        for tile in range(TILES_N):
            self._send(tile)

    def _command(self, commands):
        self._i2c.writeto(self._address, b"\x00" + commands)

    def _send(self, tile):
        page, column = divmod(tile * TILE_COLUMNS, WIDTH)
        window = self._window
        window[2] = column
        window[3] = column + TILE_COLUMNS - 1
        window[5] = window[6] = page
        self._sent_tiles[tile][:] = self._drawn_tiles[tile]
        self._payload[:] = self._drawn_tiles[tile]
        self._i2c.writeto(self._address, window)
        self._i2c.writeto(self._address, self._data)


def _tiles(buffer):
    view = memoryview(buffer)
    return [view[start : start + TILE_COLUMNS] for start in range(0, len(buffer), TILE_COLUMNS)]
