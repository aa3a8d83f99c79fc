"""SSD1306 and SH1106 panels of 128x64 over I2C, refreshed in tiles so that no transfer holds up the sampling.

A tile is 64 columns of one page (8 rows): with its window command some 1.8 ms at 400 kHz. A whole
frame in one transfer would take 24 ms, and no interrupt callback runs meanwhile.
"""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from machine import I2C


WIDTH = 128
HEIGHT = 64
TILE_COLUMNS = 64
TILES_N = WIDTH // TILE_COLUMNS * (HEIGHT // 8)
RETRY_CALLS = 400  # a panel that does not answer is tried again after so many passes of the main loop, 2 s

_UPRIGHT = (
    b"\xae"  # off while it is set up
    b"\x40\xa1\xc8"  # first line, segments and rows the way the module is mounted
    b"\xa8\x3f\xd3\x00\xda\x12"  # 64 rows, no offset, row wiring of a 64-row panel
    b"\xd5\x80\xd9\xf1\xdb\x30"  # clock, precharge, deselect level
    b"\x81\xff\xa4\xa6"  # full contrast, show memory, not inverted
)
_SSD1306 = _UPRIGHT + b"\x20\x00\x8d\x14\xaf"  # horizontal addressing, charge pump, on
_SH1106 = _UPRIGHT + b"\xad\x8b\xaf"  # charge pump, on; it addresses by page only
_SH1106_OFFSET = 2  # its memory is 132 columns wide, the glass shows the middle


class Panel:
    """`buffer` is drawn into by others (framebuf.MONO_VLSB); `show_tile()` sends what changed.

    Nothing is sent before `start()`. A panel that is unplugged is no reason to stop measuring: it is set up again
    when it answers.
    """

    def __init__(self, i2c: "I2C", address: int, is_sh1106: bool = False) -> None:
        self._i2c = i2c
        self._address = address
        self._setup = _SH1106 if is_sh1106 else _SSD1306
        self._is_sh1106 = is_sh1106
        self.buffer = bytearray(WIDTH * HEIGHT // 8)
        self._sent = bytearray(len(self.buffer))
        self._drawn_tiles = _tiles(self.buffer)
        self._sent_tiles = _tiles(self._sent)
        self._data = bytearray(1 + TILE_COLUMNS)
        self._data[0] = 0x40
        self._payload = memoryview(self._data)[1:]
        self._window = bytearray(4 if is_sh1106 else 7)
        self._next = 0
        self.litter_kb = 0  # leaves no garbage (see LargeCanvas)
        self._wait_n = 0  # calls until an absent panel is tried again
        self._segments = b"\xa1"

    @property
    def is_absent(self) -> bool:
        return self._wait_n > 0

    def show_tile(self) -> bool:
        """Send the next tile that differs from what the panel shows; False when none does."""
        if self._wait_n:
            self._wait_n -= 1
            return self._wait_n == 0 and self.start()
        for _ in range(TILES_N):
            tile = self._next
            self._next = (tile + 1) % TILES_N
            if self._drawn_tiles[tile] != self._sent_tiles[tile]:
                self._send(tile)
                return True
        return False

    def invert(self, on: bool) -> None:
        self._command(b"\xa7" if on else b"\xa6")

    def brightness(self, level: int) -> None:
        """0 turns the panel off, 1 to 255."""
        self._command(bytes((0x81, level, 0xAF)) if level else b"\xae")

    def mirror(self, on: bool) -> None:
        """Left and right changed, to be read in a mirror; all is sent again if that is new."""
        segments = b"\xa0" if on else b"\xa1"
        if segments != self._segments:
            self._segments = segments
            self.start()

    def start(self) -> bool:
        """Set the panel up and send everything; True if it answers."""
        self._wait_n = 0
        self._command(self._setup + self._segments)
        for tile in range(TILES_N):
            if not self._wait_n:
                self._send(tile)
        return not self._wait_n

    def _command(self, commands: bytes) -> None:
        self._write(b"\x00" + commands)

    def _write(self, message: bytes) -> None:
        try:
            self._i2c.writeto(self._address, message)
        except OSError:
            self._wait_n = RETRY_CALLS

    def _send(self, tile: int) -> None:
        start = tile * TILE_COLUMNS
        self._aim(start // WIDTH, start % WIDTH)
        self._sent_tiles[tile][:] = self._drawn_tiles[tile]
        self._payload[:] = self._drawn_tiles[tile]
        self._write(self._window)
        if not self._wait_n:
            self._write(self._data)

    def _aim(self, page: int, column: int) -> None:
        """The command that says where the next data go."""
        window = self._window
        if self._is_sh1106:
            column += _SH1106_OFFSET
            window[1], window[2], window[3] = 0xB0 | page, column & 15, 0x10 | column >> 4
        else:
            window[1], window[2], window[3] = 0x21, column, column + TILE_COLUMNS - 1
            window[4], window[5], window[6] = 0x22, page, page


def _tiles(buffer: bytearray) -> "list[memoryview[int]]":
    view = memoryview(buffer)
    return [view[start : start + TILE_COLUMNS] for start in range(0, len(buffer), TILE_COLUMNS)]
