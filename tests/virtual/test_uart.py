"""The serial line: rate, receive ring, transmit buffer, Ctrl-C."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrorig.virtual.clock import Clock
from retrorig.virtual.costs import MS, UART_CALL
from retrorig.virtual.interrupts import KEYBOARD, Interrupts
from retrorig.virtual.parts.uart import BYTE_NS, FIFO, RING, Uart


def uart(clock: Clock, interrupts: Interrupts) -> Uart:
    return Uart(clock, interrupts)


def test_a_byte_takes_87_us_each_way(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.host_write(b"abc")
    clock.advance(2 * BYTE_NS)
    assert line.ready() == 2
    clock.advance(1 * BYTE_NS)
    assert line.read(10) == b"abc"
    line.write(b"xyz")
    sent_ns = clock.now_ns
    assert line.host_available() == 0
    clock.advance_to(sent_ns + 3 * BYTE_NS)
    assert line.host_read(10) == b"xyz"


def test_the_260th_byte_that_nobody_reads_is_dropped(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.host_write(bytes(range(65, 91)) * 10)  # 260
    clock.advance(260 * BYTE_NS)
    assert line.ready() == RING == 259
    assert line.dropped_bytes == 1
    line.host_write(b"!")
    line.read(1)
    clock.advance(BYTE_NS)
    assert line.read(RING)[-1:] == b"!"


def test_ctrl_c_is_taken_out_and_interrupts(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.host_write(b"a\x03b")
    clock.advance(2 * BYTE_NS)
    assert interrupts.next_signal() == KEYBOARD
    clock.advance(BYTE_NS)
    assert line.read(10) == b"ab"


def test_with_ctrl_c_switched_off_it_is_data(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.set_interrupt_char(-1)
    line.host_write(b"a\x03b")
    clock.advance(3 * BYTE_NS)
    assert interrupts.next_signal() == 0
    assert line.read(10) == b"a\x03b"


def test_128_bytes_fit_at_once_and_200_wait_for_the_next_ticks(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.write(bytes(FIFO))
    assert clock.now_ns == UART_CALL
    clock.advance_to(1000 * MS)
    line.write(bytes(200))
    # 72 bytes are left; after one tick of 10 ms there is room for 115.
    assert clock.now_ns == 1010 * MS


def test_a_long_write_fills_the_line_but_not_more(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.write(bytes(10_000))
    rate = (10_000 - FIFO) / (clock.now_ns * 1e-9)
    assert 11_000 < rate < 11_530


@given(st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 40)), max_size=12))
def test_nothing_is_changed_on_the_way_to_the_host(writes: list[tuple[bytes, int]]) -> None:
    clock = Clock()
    line = Uart(clock, Interrupts(clock, __import__("random").Random(1)))
    got = bytearray()
    for data, pause_ms in writes:
        line.write(data)
        clock.advance(pause_ms * MS)
        when = line.host_when(1)
        assert when is None or line.host_available() == 0 or when <= clock.now_ns
        got += line.host_read(37)
    clock.advance(1000 * MS)
    got += line.host_read(1 << 20)
    assert bytes(got) == b"".join(data for data, _ in writes)


def test_it_is_known_when_each_byte_arrives_on_either_side(clock: Clock, interrupts: Interrupts) -> None:
    line = uart(clock, interrupts)
    line.write(b"ab")
    clock.advance(5 * MS)
    line.write(b"cd")
    first, second, third, fourth = (line.host_when(n) or 0 for n in (1, 2, 3, 4))
    assert (second - first, fourth - third) == (BYTE_NS, BYTE_NS) and line.host_when(5) is None
    clock.advance_to(third - 1)
    assert line.host_available() == 2
    clock.advance(1)
    assert line.host_available() == 3
    line.host_write(b"xyz")
    start_ns = clock.now_ns
    assert line.next_arrival_ns() == start_ns + BYTE_NS
    assert line.next_arrival_ns(2) == start_ns + 2 * BYTE_NS
    assert line.next_arrival_ns(9) == start_ns + 3 * BYTE_NS


ECHO = """
import select, sys, time
poller = select.poll()
poller.register(sys.stdin, select.POLLIN)
got = b""
while len(got) < 20:
    if poller.poll(200):
        got += sys.stdin.buffer.read(1)
sys.stdout.buffer.write(b"<" + got + b">")
"""


def test_the_firmware_hears_and_answers_in_raw_bytes(boot) -> None:
    booted = boot(ECHO)
    booted.run(0.5)
    sent = bytes(range(0x80, 0x8A)) + b"\n\r\x00\x01\xff\x04\x05\x06\x07\x08"
    booted.port.write(sent)
    booted.port.timeout = 1
    assert b"<" + sent + b">" in booted.port.read(2000)


def test_poll_notices_input_at_the_next_tick(boot) -> None:
    booted = boot(
        "import select, sys, time\n"
        "p = select.poll()\n"
        "p.register(sys.stdin, select.POLLIN)\n"
        "print('go')\n"
        "p.poll(5000)\n"
        "t = time.ticks_ms()\n"
        "print('=', len(p.poll(0)), t % 10)\n"
    )
    booted.run(0.5)
    booted.port.write(b"x")
    assert booted.values()[0] == 1


def test_a_blocking_read_waits_for_all_bytes(boot) -> None:
    booted = boot("import sys\nprint('=', len(sys.stdin.buffer.read(5)))\n")
    booted.run(0.5)
    booted.port.write(b"abc")
    assert "=" not in booted.run(0.5)
    booted.port.write(b"de")
    assert booted.values() == [5]


def test_print_ends_lines_as_a_terminal_wants_them(boot) -> None:
    booted = boot("print('one')\nprint('two')\n")
    assert "one\r\ntwo\r\n" in booted.run(0.5)
