"""The SPI converter's model against its datasheet (TI SBAS501), driven by the firmware's driver and by hand."""

from __future__ import annotations

from random import Random

import pytest

from drivers.ads1220 import Ads1220 as Driver
from retrorig.virtual.clock import Clock
from retrorig.virtual.parts.ads1220 import Ads1220

US, MS = 1_000, 1_000_000
READY_ON_DOUT = bytes([0x43, 0x0E, 0x44, 0x40, 0x02])
READY_ON_DRDY = bytes([0x43, 0x0E, 0x44, 0x40, 0x00])


class Bench:
    """A converter alone; the code is that of `force(t_ns)`, edges of DOUT are noted."""

    def __init__(self, rate_hz: float | None = 90.0, mode: int = 1) -> None:
        self.clock, self.mode = Clock(), mode
        self.force = lambda at_ns: 1000.0
        self.edges: list[tuple[int, int]] = []
        self.chip = Ads1220(
            self.clock,
            Random(1),
            lambda at_ns: self.force(at_ns),
            lambda force, gain: force * gain,
            rate_hz,
            lambda level: self.edges.append((self.clock.now_ns, level)),
        )
        self.chip.power_on()

    def sleep_us(self, us: int) -> None:
        self.clock.advance(us * US)

    def write_readinto(self, out: bytes, into: bytearray) -> None:
        self.clock.advance(len(out) * 8 * US)
        into[:] = self.chip.exchange(bytes(out), self.mode)

    def send(self, *data: int) -> bytes:
        into = bytearray(len(data))
        self.write_readinto(bytes(data), into)
        return bytes(into)

    def started(self) -> Driver:
        driver = Driver(self, self.sleep_us, 90)
        driver.restart()
        return driver

    def registers(self) -> bytes:
        return self.send(0x23, 0, 0, 0, 0)[1:]

    def wait_ready(self, limit_ns: int = 60 * MS) -> None:
        end_ns = self.clock.now_ns + limit_ns
        while self.chip.level():
            assert self.clock.now_ns < end_ns, "no conversion came"
            self.clock.advance(10 * US)


def test_after_power_up_it_says_nothing() -> None:
    bench = Bench()
    bench.clock.advance(500 * MS)
    assert bench.edges == []


def test_the_driver_sets_it_up_and_reads_each_conversion_once() -> None:
    bench = Bench()
    driver = bench.started()
    ready_ns = []
    for code in (5, -7, 123_456, -8_000_000):
        bench.force = lambda at_ns, code=code: float(code)
        bench.wait_ready()
        driver.read()  # begun before the change
        assert bench.chip.level() == 1
        bench.wait_ready()
        ready_ns.append(bench.edges[-1][0])
        assert driver.read() == code
    gaps = [b - a for a, b in zip(ready_ns, ready_ns[1:], strict=False)]
    assert all(gap == pytest.approx(2e9 / 90, rel=1e-6) for gap in gaps)
    assert bench.registers() == READY_ON_DOUT[1:]


def test_a_conversion_is_the_mean_over_its_own_time() -> None:
    """Half a conversion late: the ramp's value in its middle, to one of its eight parts."""
    bench = Bench()
    driver = bench.started()
    bench.force = lambda at_ns: at_ns / MS * 1000
    bench.wait_ready()
    driver.read()
    bench.wait_ready()
    middle_ns = bench.edges[-1][0] - 0.5e9 / 90
    assert driver.read() == pytest.approx(middle_ns / MS * 1000, abs=2)


def test_with_24_clocks_dout_stays_at_the_last_bit() -> None:
    for code, level in ((2, 0), (3, 1)):
        bench = Bench()
        bench.force = lambda at_ns, code=code: float(code)
        bench.started()
        bench.wait_ready()
        assert bench.send(0, 0, 0)[2] == code and bench.chip.level() == level
        bench.send(0)
        assert bench.chip.level() == 1


def test_a_conversion_that_nobody_reads_lets_dout_rise_before_it_falls_again() -> None:
    bench = Bench()
    bench.started()
    bench.wait_ready()
    bench.edges.clear()
    bench.clock.advance(12 * MS)
    assert [level for _, level in bench.edges] == [1, 0]


def test_without_drdym_the_data_line_does_not_tell_of_conversions() -> None:
    bench = Bench()
    bench.send(*READY_ON_DRDY)
    bench.send(0x08)
    bench.clock.advance(100 * MS)
    assert bench.edges == [] and bench.chip.conversions >= 8


def test_commands_during_a_reset_and_in_the_wrong_mode_are_lost() -> None:
    bench = Bench()
    bench.send(0x06)
    bench.send(*READY_ON_DOUT)  # 40 us after the reset, and it needs 58
    bench.clock.advance(60 * MS)
    assert bench.registers() == bytes(4)
    wrong = Bench(mode=0)
    wrong.started()
    wrong.clock.advance(200 * MS)
    assert wrong.chip.conversions == 0


def test_half_a_command_is_forgotten() -> None:
    bench = Bench()
    bench.send(0x43, 0x0E)
    bench.clock.advance(60 * MS)
    assert bench.registers() == b"\x0e\0\0\0"


def test_the_oscillator_is_within_its_tolerance_and_registers_choose_the_rate() -> None:
    bench = Bench(rate_hz=None)
    bench.started()
    bench.clock.advance(10_000 * MS)
    assert bench.chip.conversions / 10 == pytest.approx(90, rel=0.022)


def test_end_stops_are_no_data() -> None:
    from rigcore.force import FAULT_SATURATED

    bench = Bench()
    driver = bench.started()
    bench.force = lambda at_ns: 1e9
    for _ in range(2):
        bench.wait_ready()
        found = driver.read()
    assert found == FAULT_SATURATED


def test_a_chip_that_lost_its_power_is_brought_back() -> None:
    bench = Bench()
    driver = bench.started()
    bench.chip.power_off()
    bench.chip.power_on()
    bench.clock.advance(800 * MS)
    assert bench.chip.level() == 1
    driver.restart()
    bench.wait_ready()
    assert driver.read() == 1000
