"""The interrupt's side of sampling: what is paired with what, and what is no data."""

from app.sampler import SLOW_US, Sampler
from rigcore.force import FAULT_DESYNC, FAULT_SETTLING

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

    def sleep_us(self, _us):
        pass

    # the counter and the converter's line

    def value(self):
        return 0

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
