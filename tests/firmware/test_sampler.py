"""The interrupt's side of sampling: what is paired with what, and what is no data."""

from app.sampler import PACE_MS, RING_N, SLOW_US, Sampler
from rigcore.force import FAULT_DESYNC, FAULT_SETTLING, NO_CONVERSION

PERIOD_US = 12_000
SPEED = 3  # counts a microsecond, so that a pair that was torn apart shows at once
STALL_US = 4_000
SETTLES_N = 4


class World:
    """A clock, a belt that moves evenly, a converter and its line; each reading may be held up by another interrupt."""

    IRQ_FALLING = 2

    def __init__(self):
        self.now = 0
        self.stall_in = -1  # readings of time or count until one comes late
        self.codes = []
        self.level = 0  # of the line that is low when a conversion is ready
        self.slept = []
        self.on_sleep = None
        self.restarted_n = 0

    def _held_up(self):
        self.now += STALL_US if self.stall_in == 0 else 1
        self.stall_in -= 1

    # the clock

    def ticks_us(self):
        self._held_up()
        return self.now

    def ticks_diff(self, a, b):
        return a - b

    def sleep_us(self, us):
        self.slept.append(us)
        if self.on_sleep:
            self.on_sleep()

    # the counter and the converter's line

    def value(self):
        return self.level

    def irq(self, _handler, _trigger=0):
        pass

    # the converter

    def read(self):
        return self.codes.pop(0)

    def restart(self):
        self.restarted_n += 1


class Counter:
    def __init__(self, world):
        self._world = world

    def value(self):
        self._world._held_up()
        return SPEED * self._world.now


def sampler(world):
    made = Sampler(world, SETTLES_N, Counter(world), world, None, world)
    world.now = 0
    return made


def taken(made, world, codes):
    """The samples of these conversions."""
    world.codes = list(codes)
    found = []
    for _ in codes:
        world.now += PERIOD_US
        made._on_ready(None)
        assert made.take()
        found.append((made.ticks, made.value, made.code))
    return found


def test_a_pair_of_readings_that_was_torn_apart_is_read_again_as_a_pair():
    """Whichever reading of the callback comes late: count and time belong to one moment."""
    for late in range(4):
        world = World()
        made = sampler(world)
        world.stall_in = late
        ((ticks, value, _),) = taken(made, world, [100])
        apart_us = value // SPEED - ticks
        assert -SLOW_US <= apart_us <= SLOW_US, (late, apart_us)


def test_after_a_converters_restart_its_settling_codes_are_no_data():
    world = World()
    made = sampler(world)
    codes = [100] * (SETTLES_N + 2) + [FAULT_DESYNC] + [200] * (SETTLES_N + 2)
    found = [code for _, _, code in taken(made, world, codes)]
    settling = [FAULT_SETTLING] * SETTLES_N
    assert found == settling + [100, 100, FAULT_DESYNC] + settling + [200, 200]
    assert world.restarted_n == 1


def paced(made, world, n):
    """The samples of so many paces of the timer."""
    found = []
    for _ in range(n):
        world.now += 1000 * PACE_MS
        made._on_pace(None)
        while made.take():
            found.append((made.ticks, made.value, made.code))
    return found


def test_a_silent_converter_leaves_the_belts_samples_and_is_started_anew_after_each_0_8_s():
    world = World()
    made = sampler(world)
    world.level = 1
    found = paced(made, world, 100)
    assert [code for _, _, code in found] == [NO_CONVERSION] * len(found)
    apart_us = [after[0] - before[0] for before, after in zip(found, found[1:])]
    assert max(apart_us) <= 2000 * PACE_MS + 100
    for ticks, value, _ in found:
        assert abs(value // SPEED - ticks) <= SLOW_US
    silent_s = sum(apart_us) / 1e6
    assert made.restarts_n == world.restarted_n == silent_s // 0.8


def test_a_conversion_whose_edge_was_lost_is_read_at_the_next_pace():
    world = World()
    made = sampler(world)
    world.codes = [100] * (SETTLES_N + 1)
    found = paced(made, world, 2 * SETTLES_N + 2)
    assert [code for _, _, code in found][-1] == 100 and not world.codes


def test_edges_of_a_conversion_that_was_read_already_are_none():
    world = World()
    made = sampler(world)
    world.level = 1
    made._on_ready(None)
    assert not made.take()


def test_a_full_ring_drops_the_newest_counts_them_and_keeps_the_others_in_order():
    world = World()
    made = sampler(world)
    world.codes = list(range(RING_N + 5))
    for _ in range(RING_N + 5):
        world.now += PERIOD_US
        made._on_ready(None)
    kept = []
    while made.take():
        kept.append(made.ticks)
    assert len(kept) + made.dropped_n == RING_N + 5 and made.dropped_n <= 6
    assert kept == sorted(kept) and len(set(kept)) == len(kept)
    ((ticks, _, _),) = taken(made, world, [7])
    assert ticks > kept[-1]


def test_a_long_work_waits_for_a_conversion_and_no_longer_than_a_slow_converter_takes():
    world = World()
    made = sampler(world)
    world.codes = [100]
    world.on_sleep = lambda: made._on_ready(None) if len(world.slept) == 5 else None
    made.wait_for_reading()
    assert len(world.slept) == 5
    world.slept.clear()
    world.on_sleep = None
    made.wait_for_reading()
    assert 10_000 <= sum(world.slept) <= 25_000


def test_ctrl_c_within_a_callback_is_kept_for_the_main_loop():
    """The interpreter would print it and go on measuring."""
    for callback in ("_on_ready", "_on_pace"):
        world = World()
        made = sampler(world)
        world.now = 1000 * PACE_MS * 2

        def strike():
            raise KeyboardInterrupt

        world.read = made._read_adc = strike
        assert not made.interrupted
        getattr(made, callback)(None)
        assert made.interrupted
