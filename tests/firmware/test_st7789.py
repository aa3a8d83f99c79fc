"""The large panel's driver: what goes over the wire, told by its D/C line."""

from drivers.st7789 import STRIP_BYTES, Panel


class Wire:
    """SPI, D/C line and light in one; `sent` is [(command, data), ...]."""

    def __init__(self):
        self.sent = []
        self.level = 0
        self.duty = None
        self.longest = 0

    def select(self, level):
        self.level = level

    def write(self, data):
        self.longest = max(self.longest, len(data))
        if self.level:
            command, had = self.sent[-1]
            self.sent[-1] = (command, had + bytes(data))
        else:
            self.sent.append((data[0], b""))

    def duty_u16(self, duty):
        self.duty = duty


def panel_on(wire, size=(320, 240)):
    return Panel(wire, wire.select, wire, size, True, lambda ms: None)


def test_a_box_is_window_and_pixels():
    wire = Wire()
    panel = panel_on(wire)
    wire.sent.clear()
    panel.show(250, 3, 20, 2, b"\xff" * 80)
    assert wire.sent == [(0x2A, b"\x00\xfa\x01\x0d"), (0x2B, b"\x00\x03\x00\x04"), (0x2C, b"\xff" * 80)]


def test_no_message_is_longer_than_a_strip():
    wire = Wire()
    panel_on(wire, (240, 240))
    assert wire.longest <= STRIP_BYTES  # 1 ms at 20 MHz
    blackened = sum(len(data) for command, data in wire.sent if command == 0x2C)
    assert blackened == 240 * 240 * 2
    assert wire.sent[-1] == (0x29, b"") and wire.duty == 65535


def test_a_mirror_turns_what_is_left_and_right_as_the_panel_is_mounted():
    for size, plain, flipped in (((320, 240), 0x60, 0xE0), ((240, 240), 0x00, 0x40)):
        wire = Wire()
        panel = panel_on(wire, size)
        directions = [data[0] for command, data in wire.sent if command == 0x36]
        panel.mirror(True)
        assert directions == [plain] and wire.sent[-1] == (0x36, bytes((flipped,)))


def test_dimmed_is_not_dark_and_off_is():
    wire = Wire()
    panel = panel_on(wire)
    panel.brightness(1)
    assert 65535 // 20 < wire.duty < 65535 // 10
    panel.brightness(0)
    assert wire.duty == 0 and wire.sent[-1] == (0x28, b"")
    panel.invert(True)
    assert wire.sent[-1][0] == 0x20  # glass that is inverted already
