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

    def __init__(self, rate_hz: float | None = 90.0, mode: int = 1, seed: int = 1) -> None:
        self.clock, self.mode = Clock(), mode
        self.force = lambda at_ns: 1000.0
        self.begun_ns = 0
        self.edges: list[tuple[int, int]] = []
        self.chip = Ads1220(
            self.clock,
            Random(seed),
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


@pytest.mark.parametrize(("pause_us", "is_heard"), [(57, False), (59, True)])
def test_a_reset_lasts_50_us_and_32_clocks(pause_us: int, is_heard: bool) -> None:
    bench = Bench()
    bench.chip.exchange(b"\x06", 1)
    bench.clock.advance(pause_us * US)
    bench.chip.exchange(READY_ON_DOUT, 1)
    bench.clock.advance(10 * US)
    assert bench.registers() == (READY_ON_DOUT[1:] if is_heard else bytes(4))


@pytest.mark.parametrize(("pause_ms", "third"), [(54, 0x44), (55, 0)])
def test_half_a_command_is_forgotten_after_13_955_modulator_clocks(pause_ms: int, third: int) -> None:
    bench = Bench()
    bench.send(0x43, 0x0E)
    bench.clock.advance(pause_ms * MS)
    bench.send(third, 0, 0)
    assert bench.registers() == bytes([0x0E, third, 0, 0])


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("count", range(1, 5))
def test_registers_are_written_and_read_from_any_on_and_none_beyond_the_last(first: int, count: int) -> None:
    bench = Bench()
    values = bytes([0x3A, 0x4B, 0x5C, 0x6D])
    bench.send(0x43, *values)
    kept = max(0, first + count - 4)
    new = bytes([0x90, 0xA0, 0xB0, 0xC0])[: count - kept]
    bench.send(0x40 | first << 2 | count - 1, *new)
    expected = values[:first] + new + values[first + len(new) :]
    assert bench.registers() == expected
    told = bench.send(0x20 | first << 2 | count - 1, 0, 0, 0, 0, 0)[1:]
    assert told == expected[first : first + count].ljust(5, b"\xff")


@pytest.mark.parametrize("free_bit", [0, 1])
def test_the_last_bit_of_a_command_without_registers_is_free(free_bit: int) -> None:
    bench = Bench()
    bench.send(*READY_ON_DOUT)
    bench.send(0x08 | free_bit)
    bench.wait_ready()
    bench.send(0x02 | free_bit)
    assert bench.chip.level() == 1, "powered down"
    counted, edges_n = bench.chip.conversions, len(bench.edges)
    bench.clock.advance(100 * MS)
    assert (bench.chip.conversions, len(bench.edges)) == (counted, edges_n)
    assert bench.registers() == READY_ON_DOUT[1:], "which keeps the registers"
    bench.send(0x08 | free_bit)
    bench.wait_ready()
    bench.send(0x06 | free_bit)
    bench.clock.advance(100 * MS)
    assert bench.chip.level() == 1 and bench.chip.conversions == counted + 1
    assert bench.registers() == bytes(4)


def test_told_to_start_again_it_begins_anew_and_in_single_shot_mode_it_converts_once() -> None:
    bench = Bench()
    bench.send(0x43, 0x0E, 0x40, 0x40, 0x02)
    bench.send(0x08)
    bench.clock.advance(8 * MS)
    bench.send(0x08)
    began_ns = bench.clock.now_ns
    bench.wait_ready()
    assert bench.clock.now_ns - began_ns == pytest.approx(1e9 / 90, abs=20 * US)
    bench.clock.advance(100 * MS)
    assert bench.chip.conversions == 1


@pytest.mark.parametrize("halvings", range(8))
def test_each_step_of_the_amplifier_doubles_what_it_makes_of_the_bridge(halvings: int) -> None:
    assert code_with(7 - halvings << 1, 0x40) == round(1000 / 2**halvings)


@pytest.mark.parametrize(("inputs", "reference"), [(0x80, 0x40), (0x10, 0x40), (0, 0), (0, 0x80), (0, 0xC0)])
def test_other_inputs_and_another_reference_do_not_show_the_bridge(inputs: int, reference: int) -> None:
    assert code_with(inputs | 0x0E, reference) == 0


def code_with(first: int, third: int) -> int:
    bench = Bench()
    bench.send(0x43, first, 0x44, third, 0x02)
    bench.send(0x08)
    bench.wait_ready()
    return int.from_bytes(bench.send(0, 0, 0), "big")


def test_a_pull_in_a_quarter_of_a_conversion_counts_a_quarter() -> None:
    bench = Bench(rate_hz=100.0)
    bench.force = lambda at_ns: 1000.0 if (at_ns - bench.begun_ns) * 100 % 1e9 < 0.25e9 else 0.0
    bench.send(*READY_ON_DOUT)
    bench.send(0x08)
    bench.begun_ns = bench.clock.now_ns
    bench.wait_ready()
    assert int.from_bytes(bench.send(0, 0, 0), "big") == 250


def test_without_power_nothing_comes_and_nothing_is_heard() -> None:
    bench = Bench()
    bench.started()
    bench.clock.advance(15 * MS)
    bench.chip.power_off()
    assert bench.registers() == b"\xff" * 4 and bench.chip.level() == 1
    counted = bench.chip.conversions
    bench.clock.advance(100 * MS)
    assert bench.chip.conversions == counted


def test_the_oscillator_is_within_its_tolerance_and_registers_choose_the_rate() -> None:
    bench = Bench(rate_hz=None)
    bench.started()
    bench.clock.advance(10_000 * MS)
    assert bench.chip.conversions / 10 == pytest.approx(90, rel=0.022)


def test_the_rates_are_those_of_the_datasheet_and_of_each_chip_s_own_oscillator() -> None:
    off = set()
    for seed in range(4):
        bench = Bench(rate_hz=None, seed=seed)
        found = [rate_of(bench, bits) / hz for bits, hz in enumerate((20, 45, 90, 175, 330, 600, 1000))]
        assert max(found) == pytest.approx(min(found), rel=1e-4)
        assert abs(found[0] - 1) <= 0.0201
        off.add(found[0])
    assert max(off) - min(off) > 0.005


def rate_of(bench: Bench, bits: int) -> float:
    bench.send(0x43, 0x0E, bits << 5 | 0x04, 0x40, 0x02)
    bench.send(0x08)
    bench.edges.clear()
    bench.clock.advance(210 * MS)
    falls_ns = [at_ns for at_ns, level in bench.edges if not level]
    return 1e9 * (len(falls_ns) - 1) / (falls_ns[-1] - falls_ns[0])


def test_end_stops_are_no_data() -> None:
    from rigcore.force import FAULT_SATURATED

    bench = Bench()
    driver = bench.started()
    bench.force = lambda at_ns: 1e9
    bench.wait_ready()
    driver.read()
    bench.wait_ready()
    assert driver.read() == FAULT_SATURATED


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
