"""Both panels show what was drawn, also mirrored, and one that is unplugged comes back."""

from drivers.oled import HEIGHT, RETRY_CALLS, TILES_N, WIDTH, Panel


class Glass:
    """A panel's memory behind I2C: page addressing with 132 columns, or a window in 128."""

    def __init__(self, columns_n):
        self.columns_n = columns_n
        self.memory = bytearray(columns_n * 8)
        self.is_plugged = True
        self.longest = 0
        self.commands = b""
        self.page = self.column = self.first = self.last = 0

    def writeto(self, address, message):
        if not self.is_plugged:
            raise OSError(19)
        self.longest = max(self.longest, len(message))
        if message[0] == 0x40:
            for byte in message[1:]:
                self.memory[self.page * self.columns_n + self.column] = byte
                self.column += 1
        else:
            self._command(bytes(message[1:]))

    def _command(self, words):
        self.commands += words
        if self.columns_n == 128 and words[0] == 0x21:
            self.column, self.page = words[1], words[4]
        elif self.columns_n == 132 and words[0] >> 4 == 0xB:
            self.page, self.column = words[0] & 7, words[1] & 15 | (words[2] & 15) << 4

    def seen(self):
        offset = (self.columns_n - WIDTH) // 2
        rows = [self.memory[page * self.columns_n + offset :][:WIDTH] for page in range(HEIGHT // 8)]
        return b"".join(bytes(row) for row in rows)


def drawn(panel):
    for i in range(len(panel.buffer)):
        panel.buffer[i] = (i * 37 + i // 128) & 0xFF
    return bytes(panel.buffer)


def test_what_is_drawn_is_seen_tile_by_tile():
    for columns_n, is_sh1106 in ((128, False), (132, True)):
        glass = Glass(columns_n)
        panel = Panel(glass, 0x3C, is_sh1106)
        panel.start()
        picture = drawn(panel)
        sent_n = 0
        while panel.show_tile():
            sent_n += 1
        assert sent_n == TILES_N and glass.seen() == picture
        assert glass.longest <= 65  # 1.5 ms at 400 kHz
        assert not panel.show_tile()


def test_a_small_change_sends_one_tile():
    panel = Panel(Glass(128), 0x3C)
    panel.start()
    panel.buffer[700] ^= 1
    assert panel.show_tile() and not panel.show_tile()


def test_mirror_brightness_and_inversion_are_commands():
    glass = Glass(128)
    panel = Panel(glass, 0x3C)
    panel.start()
    panel.mirror(True)
    panel.invert(True)
    panel.brightness(0)
    assert 0xA0 in glass.commands and glass.commands[-2:] == b"\xa7\xae"
    panel.brightness(1)
    assert glass.commands[-3:] == b"\x81\x01\xaf"


def test_an_unplugged_panel_is_no_reason_to_stop_and_comes_back():
    glass = Glass(128)
    glass.is_plugged = False
    panel = Panel(glass, 0x3C)
    panel.start()
    picture = drawn(panel)
    assert panel.is_absent
    for _ in range(3 * RETRY_CALLS):
        panel.show_tile()
    assert panel.is_absent
    glass.is_plugged = True
    for _ in range(RETRY_CALLS + TILES_N):
        panel.show_tile()
    assert not panel.is_absent and glass.seen() == picture
