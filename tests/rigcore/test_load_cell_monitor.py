"""What the converter's watch calls silence, a gap and a pause, to the last conversion; readings by formula."""

import pytest

from rigcore.force import FAULT_BASE, FAULT_OVERLAP, NO_CONVERSION
from rigcore.load_cell_monitor import LoadCellMonitor
from rigcore.ticks import TICKS_PERIOD

PERIOD_US = 12_500
RATE_N = 64  # conversions that tell the rate
READ_US = 500  # that a reading takes at most
STARTS = [0, TICKS_PERIOD - 900_000]
"""Of the clock: the second one wraps just after the rate is known."""


class Reader:
    """A converter that gives a conversion each PERIOD_US; `read` one of them so late."""

    def __init__(self, start=0):
        self.start = start
        self.watch = LoadCellMonitor()

    def ticks(self, number, late_us=0):
        return (self.start + number * PERIOD_US + late_us) % TICKS_PERIOD

    def read(self, number, late_us=0, code=7):
        return self.watch.feed(self.ticks(number, late_us), code)

    def row(self, first, stop):
        return [self.read(number) for number in range(first, stop)]


def known(start=0):
    """A reader of which the rate has been measured; the next number is RATE_N + 1."""
    reader = Reader(start)
    reader.row(0, RATE_N + 1)
    assert reader.watch.period_us == PERIOD_US
    return reader


@pytest.mark.parametrize("start", STARTS)
def test_the_rate_is_known_after_sixty_four_conversions_and_not_before(start):
    reader = Reader(start)
    reader.row(0, RATE_N)
    assert reader.watch.period_us == reader.watch.rate_mhz() == 0
    reader.read(RATE_N)
    assert (reader.watch.period_us, reader.watch.rate_mhz()) == (PERIOD_US, 80_000)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("missing_n", [1, 2, 7])
def test_what_was_not_read_is_missing_or_was_held_back_by_an_erase_that_touches_the_gap(start, missing_n):
    """From the latest reading before it to the first after it; what ends or begins right there held nothing back."""
    last, first = RATE_N + 10, RATE_N + 11 + missing_n
    for since, until, is_pause in (
        ((0, 0), (last, 0), False), ((last, 0), (last, 1), True), ((first, -1), (first, 0), True),
        ((last - 5, 0), (first + 5, 0), True), ((first, 0), (first + 9, 0), False),
    ):  # fmt: skip
        reader = known(start)
        reader.watch.pause(reader.ticks(*since), reader.ticks(*until))
        reader.row(RATE_N + 1, last + 1)
        reader.read(first)
        told = (reader.watch.missed_n, reader.watch.paused_n)
        assert told == ((0, missing_n) if is_pause else (missing_n, 0)), (since, until)


def test_a_reading_is_torn_only_if_the_next_conversion_comes_while_it_is_read():
    number = RATE_N + 5
    for late_us, is_torn in (
        (0, False), (PERIOD_US - READ_US - 1, False), (PERIOD_US - READ_US, True), (PERIOD_US - 1, True),
        (PERIOD_US, False),
    ):  # fmt: skip
        reader = known()
        reader.row(RATE_N + 1, number)
        assert (reader.read(number, late_us) == FAULT_OVERLAP) == is_torn, late_us
        assert reader.watch.overlap_n == is_torn
        assert reader.row(number + 2, number + 20) == [7] * 18


def test_an_early_reading_with_none_missing_is_whole_and_moves_what_is_expected():
    reader = known()
    assert reader.read(RATE_N + 1, -300) == 7
    assert reader.read(RATE_N + 2, -300) == 7 and reader.watch.missed_n == 0
    assert reader.row(RATE_N + 3, RATE_N + 30) == [7] * 27


def test_a_converter_is_silent_once_for_each_sixteen_paces_or_more_without_a_conversion():
    reader = known()
    for number in range(15):
        reader.read(100 + number, code=NO_CONVERSION)
    assert reader.watch.silent_n == 0
    for number in range(60):
        reader.read(115 + number, code=NO_CONVERSION)
    assert reader.watch.silent_n == 1 and reader.watch.missed_n == 0
    reader.read(200)
    assert reader.watch.missed_n == 0, "a silence is none of the gaps"
    for number in range(16):
        reader.read(201 + number, code=NO_CONVERSION)
    assert reader.watch.silent_n == 2


def test_after_a_gap_the_rate_is_taken_from_the_next_reading_on():
    """The first one after it is often late, as much as a conversion; here the pace is another from then on."""
    reader, slower_us = known(), PERIOD_US + 20
    reader.row(RATE_N + 1, RATE_N + 20)
    first_us = (RATE_N + 40) * PERIOD_US
    reader.watch.feed(first_us + 9000, 7)
    for i in range(1, RATE_N + 1):
        reader.watch.feed(first_us + i * slower_us, 7)
        assert reader.watch.period_us == PERIOD_US
    reader.watch.feed(first_us + (RATE_N + 1) * slower_us, 7)
    assert reader.watch.period_us == slower_us and reader.watch.overlap_n == 0


@pytest.mark.parametrize(("late_us", "is_prompt"), [(390, True), (391, False), (3000, False)])
def test_a_stretch_ends_with_a_reading_that_was_no_later_than_a_thirty_second_of_a_period(late_us, is_prompt):
    reader = known()
    reader.row(RATE_N + 1, 2 * RATE_N)
    reader.read(2 * RATE_N, late_us)
    assert reader.watch.period_us == (PERIOD_US + late_us // RATE_N if is_prompt else PERIOD_US)


def test_readings_that_are_never_in_time_tell_the_rate_after_twice_as_many():
    """So they are where the rate is wrong by a twentieth."""
    reader, slower_us = known(), PERIOD_US * 21 // 20
    for i in range(1, 2 * RATE_N):
        reader.watch.feed(RATE_N * PERIOD_US + i * slower_us, 7)
        assert reader.watch.period_us == PERIOD_US, i
    reader.watch.feed(RATE_N * PERIOD_US + 2 * RATE_N * slower_us, 7)
    assert reader.watch.period_us == slower_us


def test_a_rate_that_no_steady_stretch_confirms_is_given_up():
    """Every twentieth conversion is missing: none of the stretches is long enough, and the rate may have been wrong."""
    reader = known()
    number = RATE_N + 1
    read_n = 0
    while reader.watch.period_us and read_n <= 2000:
        number += 2 if read_n % 20 == 19 else 1
        reader.read(number)
        read_n += 1
    assert read_n == 1024
    assert reader.watch.rate_mhz() == 0
    reader.row(number + 1, number + 2 * RATE_N + 3)
    assert reader.watch.period_us == PERIOD_US


def test_only_conversions_are_below_the_faults():
    reader = known()
    assert [reader.read(RATE_N + 1 + i, code=code) for i, code in enumerate((-1, 0, FAULT_BASE - 1))] == [
        -1,
        0,
        FAULT_BASE - 1,
    ]
    watch = reader.watch
    assert watch.desync_n == watch.saturated_n == watch.overlap_n == watch.settling_n == watch.silent_n == 0
