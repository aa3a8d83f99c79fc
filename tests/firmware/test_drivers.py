"""Drivers and the request handler against the smallest possible parts; the whole runs on the virtual rig."""

from app.request_handler import RequestHandler
from drivers.button import LONG, SHORT, Button
from drivers.hostlink import FIFO_BYTES, HostLink
from drivers.hx711 import Hx711
from drivers.pulse_counter import quadrature
from drivers.twowire import SpiWire
from rigcore.force import FAULT_DESYNC, FAULT_SATURATED
from rigcore.protocol import LINE_MAX
from rigcore.request_encoding import build_request
from rigcore.ticks import TICKS_PERIOD


class Shifter:
    """An SPI with an HX711's data line on it: 24 bits, then ones; each bit holds for a bit pair."""

    def __init__(self, code, after="1"):
        bits = "".join("1" if code >> i & 1 else "0" for i in range(23, -1, -1)) + after * 4
        self.levels = "".join(bit * 2 for bit in bits)
        self.sent = b""

    def write_readinto(self, out, into):
        self.sent = bytes(out)
        for i in range(len(into)):
            into[i] = int(self.levels[8 * i : 8 * i + 8], 2)


def test_codes_are_read_bit_for_bit():
    for code in (0, 1, -1, 1350953, 35417, -8388607, 8388606, 0x555555 - 0x800000, -0x2AAAAA):
        assert Hx711(SpiWire(Shifter(code & 0xFFFFFF)), 25).read() == code


def test_each_read_clocks_as_often_as_the_gain_wants():
    for pulses in (25, 26, 27, 28):
        spi = Shifter(0)
        Hx711(SpiWire(spi), pulses).read()
        bits = "".join("1" if byte >> i & 1 else "0" for byte in spi.sent for i in range(7, -1, -1))
        assert bits.count("10") == pulses
        assert "11" not in bits  # a clock that stays high would power the chip down


def test_shifted_bits_and_end_stops_are_faults():
    assert Hx711(SpiWire(Shifter(1350953, after="0")), 25).read() == FAULT_DESYNC
    assert Hx711(SpiWire(Shifter(0x7FFFFF)), 25).read() == FAULT_SATURATED
    assert Hx711(SpiWire(Shifter(0x800000)), 25).read() == FAULT_SATURATED


class Level:
    def __init__(self):
        self.down = False

    def value(self):
        return 0 if self.down else 1


def presses(button, pin, down_us):
    """What polling every 5 ms reports while the pin is down that long, across the counter's wrap."""
    told = []
    for at_us in range(0, down_us + 50_000, 5_000):
        pin.down = at_us < down_us
        told.append(button.poll((TICKS_PERIOD - 20_000 + at_us) % TICKS_PERIOD))
    return [t for t in told if t]


def test_a_press_is_short_or_long_and_bounce_is_neither():
    pin = Level()
    button = Button(pin)
    assert presses(button, pin, 10_000) == []
    assert presses(button, pin, 200_000) == [SHORT]
    assert presses(button, pin, 3_000_000) == [LONG]


class Line:
    """Both directions of a serial line, and the poll object that watches it."""

    def __init__(self, incoming=b""):
        self.incoming = incoming
        self.writes = []
        self.now = TICKS_PERIOD - 1000

    def ipoll(self, _timeout):
        return self.incoming[:1]

    def readinto(self, into):
        into[:], self.incoming = self.incoming[: len(into)], self.incoming[len(into) :]
        return len(into)

    def write(self, data):
        self.writes.append((self.now, bytes(data)))

    def ticks_us(self):
        return self.now % TICKS_PERIOD


def linked(line):
    return HostLink(line, line, line, line.ticks_us)


def test_lines_come_out_whole_and_overlong_ones_not_at_all():
    line = Line(b"one\r\n\n" + b"x" * (LINE_MAX + 5) + b"\ntwo\nhalf")
    link = linked(line)
    lines = [link.read_line() for _ in range(12)]
    assert [text for text in lines if text] == [b"one", b"two"]


def test_writes_never_exceed_what_the_transmit_buffer_can_have_sent():
    line = Line()
    link = linked(line)
    link.send(bytes(range(256)) * 8)
    while not link.pump():
        line.now += 1700
    assert b"".join(data for _, data in line.writes) == bytes(range(256)) * 8
    level, last = 0.0, line.writes[0][0]
    for now, data in line.writes:
        level = max(0.0, level - (now - last) * 0.01152) + len(data)
        last = now
        assert level <= FIFO_BYTES + 0.5
    assert (line.now - line.writes[0][0]) * 0.01152 < 2048 * 1.02  # and hardly less than the line carries


def test_a_frame_that_fills_the_buffer_to_its_last_byte_leaves_no_room_for_another_until_some_has_gone():
    for frame_n, has_room in ((FIFO_BYTES - 1, True), (FIFO_BYTES, False)):
        line = Line()
        link = linked(line)
        line.now += 1_000_000
        assert link.pump()
        link.send(bytes(frame_n))
        assert link.pump() == has_room and len(line.writes) == 1
        line.now += 1_000
        assert link.pump()


class SlowLine(Line):
    """Between a look at the clock and what follows from it some bytecode runs."""

    def ticks_us(self):
        at = self.now
        self.now += 260
        return at % TICKS_PERIOD


def test_nor_after_a_pause_and_when_the_write_comes_late():
    line = SlowLine()
    link = linked(line)
    for frame_n in range(60):
        link.send(bytes(300))
        while not link.pump():
            line.now += 1300 + 37 * frame_n
        line.now += frame_n * 700
        link.pump()
    level, last = 0.0, line.writes[0][0]
    for now, data in line.writes:
        level = max(0.0, level - (now - last) * 0.01152) + len(data)
        last = now
        assert level <= FIFO_BYTES


class Sessionless:
    """A rig that only knows its name; `tare` counts how often it was carried out."""

    def __init__(self):
        self.identity = {"rig": "aa", "boot": 1, "firmware": "0"}
        self.tares_n = 0

    def board_us(self):
        return 5

    def tare(self):
        self.tares_n += 1
        return 7


def answers(requests):
    line = Line(b"".join(requests))
    rig = Sessionless()
    handler = RequestHandler(rig, linked(line))
    for _ in range(200):
        line.now += 5000
        handler.step()
    return rig, b"".join(data for _, data in line.writes)


def test_a_repeated_request_is_answered_again_but_carried_out_once():
    request = build_request(4, "tare")
    rig, out = answers([request, request, request])
    assert rig.tares_n == 1
    assert out.count(b'"zero"') == 3


def test_nonsense_is_refused_in_words():
    for request in (
        b"hello\n",
        b"@1 hello ~00000000\n",
        build_request(2, "reboot"),
        build_request(3, "read", "1"),
    ):
        _rig, out = answers([request])
        assert b'"err"' in out and b'"text"' in out


class Unit:
    """A pulse counter as its driver for IDF 6 will be, which takes more care than today's."""

    INCREMENT, DECREMENT, REVERSE = 1, 2, 1

    def __init__(self, _number):
        self.limits, self.filter, self.is_running = (-32768, 32767), 0, False
        self.pinned = []

    def init(self, channel=0, pin=None, rising=None, filter=None, min=None, max=None, **_others):
        if pin is not None and channel not in self.pinned:
            self.pinned.append(channel)
        assert rising is None or channel in self.pinned
        if filter is not None:
            assert not self.is_running
            self.filter = filter
        if min is not None or max is not None:  # in one call with a filter they come after it
            assert min < 0 < max
            self.limits, self.filter, self.is_running = (min, max), 0, False

    def start(self):
        self.is_running = True


def test_the_counters_filter_is_the_time_that_was_asked_for_within_a_tenth():
    """The chip counts its filter in cycles of 12.5 ns; tomorrow's driver forgets it where limits come after it."""
    for filter_ns in (500, 1000, 5000, 12_700):
        unit = quadrature(Unit, 32, 33, filter_ns)
        assert unit.is_running and unit.limits == (-32000, 32000) and unit.pinned == [0, 1]
        assert 0.9 * filter_ns <= unit.filter * 12.5 <= 1.1 * filter_ns
