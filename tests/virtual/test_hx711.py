"""The converter model against its datasheet: timing of the clock, gain selection, settling, filter, saturation."""

from __future__ import annotations

from inspect import signature
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.virtual.clock import Clock
from retrorig.virtual.parts.hx711 import HX717_GAINS, Hx711

US = 1000
PERIOD_NS = 12_500_000  # 80 Hz


class Bench:
    """A converter alone; its force can be changed, its edges are noted."""

    def __init__(self, code: float = 0.0, **kwargs: Any) -> None:
        self.clock = Clock()
        self.force = lambda at_ns: code
        self.edges: list[tuple[int, int]] = []
        self.chip = Hx711(
            self.clock,
            Random(1),
            lambda at_ns: self.force(at_ns),
            lambda force, gain: force * gain,
            on_edge=lambda level: self.edges.append((self.clock.now_ns, level)),
            **{"rate_hz": 80.0, "wander": 0.0, **kwargs},
        )
        self.chip.power_on()

    def wait_ready(self) -> None:
        end_ns = self.clock.now_ns + PERIOD_NS * 10
        while self.chip.level():
            assert self.clock.now_ns < end_ns, "no conversion came"
            self.clock.advance(10 * US)

    def pulse(self, high_ns: int = US, low_ns: int = US) -> int:
        self.chip.set_clock(1)
        self.clock.advance(high_ns)
        bit = self.chip.level()
        self.chip.set_clock(0)
        self.clock.advance(low_ns)
        return bit

    def read(self, pulses: int = 25) -> tuple[int, list[int]]:
        """Signed code and the bits read after the 24th."""
        bits = [self.pulse() for _ in range(pulses)]
        value = int("".join(map(str, bits[:24])), 2)
        return (value - (1 << 24) if value >> 23 else value), bits[24:]


@given(code=st.integers(-(1 << 23), (1 << 23) - 1), pulses=st.integers(25, 27))
def test_bits_come_most_significant_first_and_gain_bits_read_one(code: int, pulses: int) -> None:
    bench = Bench(code)
    bench.wait_ready()
    assert bench.read(pulses) == (code, [1] * (pulses - 24))


def test_data_is_valid_a_tenth_of_a_microsecond_after_the_edge() -> None:
    bench = Bench(-1)  # first bit 1
    bench.wait_ready()
    bench.chip.set_clock(1)
    bench.clock.advance(99)
    assert bench.chip.level() == 0
    bench.clock.advance(1)
    assert bench.chip.level() == 1


@pytest.mark.parametrize(("high_us", "goes_down"), [(50, False), (59, False), (61, True), (130, True)])
def test_a_clock_high_over_60_us_powers_down(high_us: int, goes_down: bool) -> None:
    bench = Bench(0x2AAAAA)
    bench.wait_ready()
    bench.pulse(high_ns=high_us * US)
    rest = [bench.pulse() for _ in range(24)]
    assert (rest == [1] * 24) == goes_down


def test_power_down_resets_to_gain_128_and_settles_four_conversions() -> None:
    bench = Bench(1000)
    bench.wait_ready()
    bench.read(27)  # gain 64 from the next conversion on
    bench.wait_ready()
    assert bench.read(27)[0] == 500
    bench.pulse(high_ns=70 * US)
    woken_ns = bench.clock.now_ns
    bench.wait_ready()
    assert 3.9 * PERIOD_NS < bench.clock.now_ns - woken_ns < 4.1 * PERIOD_NS
    assert bench.read()[0] == 1000


def test_the_first_conversion_after_power_up_comes_after_four_periods() -> None:
    bench = Bench()
    bench.wait_ready()
    assert bench.clock.now_ns == pytest.approx(4 * PERIOD_NS, rel=0.001)


def test_a_change_of_gain_settles_four_conversions() -> None:
    bench = Bench(1000)
    bench.wait_ready()
    bench.read(25)
    bench.wait_ready()
    changed_ns = bench.clock.now_ns
    bench.read(27)
    bench.wait_ready()
    assert bench.clock.now_ns - changed_ns == pytest.approx(4 * PERIOD_NS, rel=0.01)
    assert bench.read(27)[0] == 500


def test_a_read_that_the_next_conversion_overtakes_is_torn() -> None:
    bench = Bench(0)
    bench.wait_ready()
    for _ in range(12):
        assert bench.pulse() == 0
    bench.force = lambda at_ns: 0xFFF
    bench.clock.advance(5 * PERIOD_NS)
    low_half = [bench.pulse() for _ in range(12)]
    assert low_half == [1] * 12, "the old high half with the new low half"


def test_an_unread_conversion_gives_a_new_falling_edge_each_time() -> None:
    bench = Bench()
    bench.clock.advance(20 * PERIOD_NS + PERIOD_NS // 2)
    falls = [at for at, level in bench.edges if level == 0]
    assert len(falls) == 17
    gaps = [b - a for a, b in zip(falls[1:], falls[2:], strict=False)]
    assert all(abs(gap - PERIOD_NS) < PERIOD_NS * 0.001 for gap in gaps)


@pytest.mark.parametrize(("force", "code"), [(1e9, 0x7FFFFF), (-1e9, -0x800000)])
def test_saturates_at_the_24_bit_limits(force: float, code: int) -> None:
    bench = Bench(force)
    bench.wait_ready()
    assert bench.read()[0] == code


def test_a_step_is_followed_completely_in_four_conversions_with_half_of_it_at_two() -> None:
    bench = Bench()
    bench.wait_ready()
    step_ns = bench.clock.now_ns
    bench.force = lambda at_ns: 1_000_000.0 if at_ns >= step_ns else 0.0
    codes = []
    for _ in range(5):
        bench.read()
        bench.wait_ready()
        codes.append(bench.read()[0])
    assert codes == sorted(codes)
    assert codes[1] == pytest.approx(500_000, abs=5_000)
    assert codes[3] == pytest.approx(1_000_000, abs=1_000)


def test_a_ramp_is_delayed_by_two_conversions() -> None:
    bench = Bench()
    slope_per_ns = 1e6 / 1e9
    bench.force = lambda at_ns: at_ns * slope_per_ns
    bench.clock.advance(20 * PERIOD_NS)
    bench.wait_ready()
    bench.read()
    bench.wait_ready()
    delay_ns = bench.clock.now_ns - bench.read()[0] / slope_per_ns
    assert delay_ns / PERIOD_NS == pytest.approx(2.0, abs=0.01)


def test_power_off_is_silent() -> None:
    bench = Bench()
    bench.wait_ready()
    bench.chip.power_off()
    before = len(bench.edges)
    bench.clock.advance(10 * PERIOD_NS)
    assert bench.chip.level() == 1
    assert len(bench.edges) == before
    bench.chip.set_clock(1)
    bench.clock.advance(US)
    assert bench.chip.level() == 1, "whatever was ready before"


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_clock_that_stays_high_powers_down_and_no_conversion_follows(is_looked_at: bool) -> None:
    bench = Bench(0)
    bench.wait_ready()
    bench.chip.set_clock(1)
    bench.clock.advance(59 * US)
    assert bench.chip.level() == 0
    bench.clock.advance(2 * US)
    assert not is_looked_at or bench.chip.level() == 1
    counted = bench.chip.conversions
    bench.clock.advance(10 * PERIOD_NS)
    assert bench.chip.conversions == counted and bench.chip.level() == 1


def test_nobody_s_read_lets_dout_rise_for_a_moment_in_which_there_is_no_data() -> None:
    bench = Bench(0)
    bench.clock.advance(5 * PERIOD_NS + PERIOD_NS // 2)
    (rose_ns, _), (fell_ns, _) = bench.edges[-2:]
    assert fell_ns - rose_ns == pytest.approx(39 * US, rel=0.1)
    while not bench.chip.level():
        bench.clock.advance(US)
    assert bench.pulse() == 1


@pytest.mark.parametrize("code", [7, 8])
def test_after_24_clocks_the_next_conversion_comes_as_ever(code: int) -> None:
    bench = Bench(code)
    bench.wait_ready()
    assert bench.read(24) == (code, [])
    bench.clock.advance(PERIOD_NS + 100 * US)
    assert bench.chip.level() == 0
    assert bench.read(25) == (code, [1])


@pytest.mark.parametrize(("pulses", "gains"), [(26, {}), (28, {"gains": HX717_GAINS})])
def test_the_other_channel_has_no_bridge_and_while_it_settles_there_is_no_data(
    pulses: int, gains: dict[str, Any]
) -> None:
    bench = Bench(1000, **gains)
    bench.wait_ready()
    bench.read(pulses)
    bench.clock.advance(2 * PERIOD_NS)
    assert [bench.pulse() for _ in range(24)] == [1] * 24
    bench = Bench(1000, **gains)
    bench.wait_ready()
    bench.read(pulses)
    bench.wait_ready()
    assert bench.read(pulses)[0] == 0


def test_a_bad_contact_takes_the_first_clock_of_a_read_and_no_other() -> None:
    bench = Bench(0x2AAAAA)
    asked: list[int] = []
    bench.chip.loses_clock = lambda: bool(asked.append(bench.clock.now_ns)) or len(asked) == 1
    bench.wait_ready()
    assert [bench.pulse() for _ in range(25)] == [0, *map(int, f"{0x2AAAAA:024b}")]
    assert len(asked) == 2, "the lost one, and the first that came"
    bench.clock.advance(3 * PERIOD_NS)
    bench.read(24)
    bench.read(3)  # changes the gain
    bench.clock.advance(PERIOD_NS * 2)
    asked.clear()
    bench.pulse()
    assert asked == [], "while it settles there is nothing to read"


def test_the_rate_wanders_by_two_in_a_thousand_within_28_minutes() -> None:
    bench = Bench(rate_hz=2.0, wander=signature(Hx711).parameters["wander"].default)
    bench.clock.advance(round(28.4 * 60e9))
    falls_ns = [at_ns for at_ns, level in bench.edges if not level]
    gaps_s = [(later - one) * 1e-9 for one, later in zip(falls_ns, falls_ns[60:], strict=False)]
    assert max(gaps_s) == pytest.approx(30 * 1.002, rel=1e-4)
    assert min(gaps_s) == pytest.approx(30 * 0.998, rel=1e-4)
    assert falls_ns[gaps_s.index(max(gaps_s))] == pytest.approx(7e9 * 60, rel=0.2)
    assert falls_ns[gaps_s.index(min(gaps_s))] == pytest.approx(21e9 * 60, rel=0.1)
