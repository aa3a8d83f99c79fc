"""The encoder and the pulse counter: quadrature, limits, filter, dither, wrong wiring."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.virtual.clock import Clock
from retrorig.virtual.parts.quadrature import Encoder, PulseCounter
from retrorig.virtual.settings import Fault

COUNTS_PER_M = 9600.0
UP, DOWN, REVERSE, HOLD = 1, 2, 1, 2


class Belt:
    """A belt moved by hand to positions in counts."""

    def __init__(self, dither: float = 0.0, *faults: Fault) -> None:
        self.clock = Clock()
        self.counts = 0.0
        self.encoder = Encoder(
            self.clock, lambda at_ns: self.counts / COUNTS_PER_M, COUNTS_PER_M, dither, faults
        )
        self.counter = PulseCounter(self.clock, self.encoder, (32, 33))

    def four_fold(self) -> Belt:
        """As the firmware sets it up: all four edges, up when A leads."""
        self.counter.set_pins(0, 32, 33)
        self.counter.set_actions(0, DOWN | UP << 4 | REVERSE << 8)
        self.counter.set_pins(1, 33, 32)
        self.counter.set_actions(1, UP | DOWN << 4 | REVERSE << 8)
        self.counter.set_limits(-32000, 32000)
        self.counter.set_running(True)
        return self

    def slip(self, to_counts: float) -> None:
        """Move without anybody's looking at the counter."""
        self.counts = to_counts
        self.clock.advance(100_000)

    def go(self, to_counts: float, us: int = 1_000_000) -> int:
        self.counts = to_counts
        self.clock.advance(us * 1000)
        return self.counter.value()


def test_backward_is_a_before_b_and_each_edge_changes_one_line() -> None:
    belt = Belt()
    levels = []
    for count in range(5):
        belt.go(count)
        levels.append((belt.encoder.level_a(), belt.encoder.level_b()))
    assert levels == [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]


@given(st.lists(st.integers(-15_000, 15_000), max_size=60))
def test_counts_every_edge_modulo_the_limit(moves: list[int]) -> None:
    belt = Belt().four_fold()
    position = 0
    for move in moves:
        position += move
        assert (belt.go(position) - position) % 32000 == 0
        assert -32000 < belt.counter.value() < 32000


def test_falls_back_to_zero_at_each_limit() -> None:
    belt = Belt().four_fold()
    assert [belt.go(31_999), belt.go(32_000), belt.go(31_999)] == [31_999, 0, -1]
    assert [belt.go(0), belt.go(-1), belt.go(1)] == [0, -1, 1]


def test_one_line_alone_counts_half_the_edges() -> None:
    belt = Belt()
    belt.counter.set_pins(0, 32, 33)
    belt.counter.set_actions(0, DOWN | UP << 4 | REVERSE << 8)
    belt.counter.set_running(True)
    assert belt.go(1000) == 500
    assert belt.go(0) == 0


def test_a_stopped_counter_misses_what_happens() -> None:
    belt = Belt().four_fold()
    belt.counter.set_running(False)
    belt.go(500)
    belt.counter.set_running(True)
    assert belt.go(600) == 100


@pytest.mark.parametrize(("filter_ns", "counted"), [(1000, 8000), (12_787, 8000), (30_000, 0)])
def test_levels_shorter_than_the_filter_vanish(filter_ns: int, counted: int) -> None:
    belt = Belt().four_fold()
    belt.counter.set_filter(int(filter_ns / 12.5))
    assert belt.go(8000, us=8000 * 13) == counted  # 13 us a count: 8 m/s


@pytest.mark.parametrize("filter_ns", [1000, 5000, 12_787])
@pytest.mark.parametrize("share", [0.9, 1.1])
def test_the_filter_stops_and_passes_what_its_time_says(filter_ns: int, share: float) -> None:
    """A line's level lasts two counts: a tenth shorter than the filter it is gone, a tenth longer it is counted."""
    belt = Belt().four_fold()
    belt.counter.set_filter(int(filter_ns / 12.5))
    count_ns = filter_ns * share / 2
    assert belt.go(10_000, us=round(10_000 * count_ns / 1000)) == (10_000 if share > 1 else 0)


def test_a_burst_after_a_pause_is_filtered_as_any_other() -> None:
    belt = Belt().four_fold()
    belt.counter.set_filter(1023)
    belt.go(0, us=5_000_000)
    assert belt.go(1000, us=1000) == 0


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        (lambda counter: counter.set_filter(1023), 100),
        (lambda counter: counter.set_running(False), 100),
        (lambda counter: counter.set_value(5), 5),
        (lambda counter: counter.set_limits(-1000, 1000), 0),
        (lambda counter: counter.reset(), 0),
        (
            lambda counter: [counter.set_actions(n, UP | UP << 4 | HOLD << 8 | HOLD << 12) for n in (0, 1)],
            100,
        ),
        (lambda counter: [counter.set_pins(n, -1, -1) for n in (0, 1)], 100),
    ],
    ids=["filter", "stop", "value", "limits", "reset", "actions", "pins"],
)
def test_a_setting_holds_from_now_on(change: Callable[[PulseCounter], object], counted: int) -> None:
    """What came before was counted as it was then."""
    belt = Belt().four_fold()
    belt.slip(100)
    change(belt.counter)
    assert belt.counter.value() == counted


@pytest.mark.parametrize(
    "change",
    [
        lambda counter: [counter.set_actions(n, UP | UP << 4 | HOLD << 8 | HOLD << 12) for n in (0, 1)],
        lambda counter: [counter.set_pins(n, -1, -1) for n in (0, 1)],
        lambda counter: counter.set_running(False),
        lambda counter: counter.reset(),
    ],
    ids=["hold", "other pins", "stop", "reset"],
)
def test_a_counter_that_was_told_to_stops_counting(change: Callable[[PulseCounter], object]) -> None:
    belt = Belt().four_fold()
    belt.go(10)
    change(belt.counter)
    stood = belt.go(10)
    assert belt.go(777) == stood


def test_a_line_without_another_that_rules_it_counts_by_the_action_for_high() -> None:
    belt = Belt()
    belt.counter.set_pins(0, 32, -1)
    belt.counter.set_actions(0, UP | DOWN << 4 | HOLD << 8)
    belt.counter.set_running(True)
    assert [belt.go(1), belt.go(3), belt.go(5), belt.go(4)] == [1, 0, 1, 0]


def test_without_limits_of_its_own_the_register_s_sixteen_bits_are_the_limit() -> None:
    belt = Belt()
    belt.counter.set_pins(0, 32, 33)
    belt.counter.set_actions(0, UP | UP << 4)
    belt.counter.set_running(True)
    assert [belt.go(2 * 32_766), belt.go(2 * 32_767)] == [32_766, 0]


@given(st.lists(st.integers(-9, 9), max_size=20))
def test_looks_in_between_change_nothing(moves: list[int]) -> None:
    seldom, often = Belt(), Belt()
    for belt in (seldom, often):
        belt.counter.set_pins(0, 32, 33)
        belt.counter.set_actions(0, DOWN | REVERSE << 8)
        assert belt.go(4) == 0, "it was not started"
        belt.go(0)
        belt.counter.set_running(True)
    position = 0
    for move in moves:
        for place in range(position, position + move, 1 if move > 0 else -1):
            often.go(place)
        position += move
        assert often.go(position) == seldom.go(position)


@pytest.mark.parametrize(
    ("kind", "levels", "counted"),
    [
        ("a_dead", [(0, 0), (0, 0), (0, 1), (0, 1)], 0),
        ("b_dead", [(0, 0), (1, 0), (1, 0), (0, 0)], 0),
        ("swapped", [(0, 0), (0, 1), (1, 1), (1, 0)], -4000),
    ],
)
def test_a_broken_and_a_swapped_wire_are_seen_from_when_they_break_until_they_are_mended(
    kind: str, levels: list[tuple[int, int]], counted: int
) -> None:
    belt = Belt(0.0, Fault("encoder", kind, 10.0, 1000.0)).four_fold()
    assert belt.go(400) == 400
    belt.clock.advance_to(10_000_000_000)
    seen = []
    for count in range(400, 404):
        belt.go(count)
        seen.append((belt.encoder.level_a(), belt.encoder.level_b()))
    assert seen == levels
    belt.go(400)
    before = belt.counter.value()
    assert belt.go(4400) - before == counted
    belt.clock.advance_to(1_000_000_000_000)
    before = belt.counter.value()
    assert belt.go(4800) - before == 400


def test_noise_adds_some_counts_at_each_look_to_a_counter_that_runs() -> None:
    belt = Belt(0.0, Fault("encoder", "noise")).four_fold()
    added = [belt.go(0) for _ in range(200)]
    steps = [b - a for a, b in zip(added, added[1:])]
    assert max(map(abs, steps)) == 40 and abs(sum(steps)) < 40 * 40
    belt.counter.set_running(False)
    assert belt.go(0) == belt.go(0)


def test_dither_at_standstill_comes_back_to_where_it_was() -> None:
    belt = Belt(dither=0.8).four_fold()
    belt.counts = 100.5  # on an edge
    seen = set()
    for _ in range(3000):
        belt.clock.advance(1_000_000)
        seen.add(belt.counter.value())
    assert seen <= {99, 100, 101, 102}
    assert len(seen) >= 2


def test_the_board_counts_what_the_belt_did(boot) -> None:
    from tests.walker_belt import WalkerBelt

    booted = boot(
        "import esp32, machine, time\n"
        "a, b = machine.Pin(32, machine.Pin.IN), machine.Pin(33, machine.Pin.IN)\n"
        "c = esp32.PCNT(0, min=-32000, max=32000, filter=80)\n"
        "c.init(channel=0, pin=a, rising=2, falling=1, mode_pin=b, mode_low=esp32.PCNT.REVERSE)\n"
        "c.init(channel=1, pin=b, rising=1, falling=2, mode_pin=a, mode_low=esp32.PCNT.REVERSE)\n"
        "c.start()\n"
        "total = last = 0\n"
        "for _ in range(150):\n"
        "    time.sleep_ms(100)\n"
        "    v = c.value()\n"
        "    total += (v - last + 16000) % 32000 - 16000\n"
        "    last = v\n"
        "print('=', total)\n",
        belt=WalkerBelt(sets=1, distance_m=10, wait_s=0.5),
    )
    booted.rig.start_belt()
    assert booted.values(17)[0] == booted.rig.belt_counts
    assert booted.rig.belt_counts == pytest.approx(10 * COUNTS_PER_M, rel=0.1)
