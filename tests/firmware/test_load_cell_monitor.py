"""The converter's watch and the average, against made-up conversions; in both interpreters."""

from rigcore.average import STUCK_N, CodeAverage
from rigcore.force import FAULT_DESYNC, FAULT_OVERLAP, FAULT_SATURATED, FAULT_SETTLING, NO_CONVERSION
from rigcore.load_cell_monitor import RATE_N, SILENT_N, LoadCellMonitor
from rigcore.ticks import ticks_add

PERIOD = 11_600
FIRST = (1 << 29) + (1 << 29) - 1 - 500_000  # the counter wraps after half a second


def fed(watch, beats, code=7, first=FIRST, period=PERIOD):
    """Feed conversions read 30 to 90 us after these beats; the codes that came back."""
    return [watch.feed(ticks_add(first, i * period + 30 + i * 37 % 60), code) for i in beats]


def test_the_rate_is_measured_also_across_the_wrap():
    for period in (9_000, 10_672, 12_500, 15_625, 100_000):
        watch = LoadCellMonitor()
        fed(watch, range(RATE_N + 2), period=period)
        assert abs(watch.period_us - period) <= 2
        assert abs(watch.rate_mhz() - 1_000_000_000 // period) <= watch.rate_mhz() // 2000


def test_a_gap_and_the_late_read_after_it_do_not_spoil_the_rate():
    watch = LoadCellMonitor()
    fed(watch, range(RATE_N + 2))
    for block in range(4):
        start = 200 + 100 * block
        watch.feed(ticks_add(FIRST, start * PERIOD + 9_000), 7)
        fed(watch, range(start + 1, start + 90))
    assert abs(watch.period_us - PERIOD) <= 2


def test_missed_conversions_are_counted():
    watch = LoadCellMonitor()
    fed(watch, [i for i in range(300) if i not in (100, 150, 151, 152)])
    assert watch.missed_n == 4
    assert watch.overlap_n == 0


def test_two_reads_in_a_row_that_are_late_miss_nothing():
    watch = LoadCellMonitor()
    fed(watch, range(100))
    for beat, late_us in ((100, 8_040), (101, 6_160), (102, 0), (103, 0)):
        assert watch.feed(ticks_add(FIRST, beat * PERIOD + late_us), 7) == 7
    assert watch.missed_n == 0
    assert fed(watch, range(105, 110)) == [7] * 5
    assert watch.missed_n == 1


def test_a_read_that_runs_into_the_next_conversion_is_a_fault():
    """The conversion of beat 100 is read 11.4 ms late, 200 us before the next one replaces it."""
    watch = LoadCellMonitor()
    fed(watch, range(100))
    late = ticks_add(FIRST, 101 * PERIOD - 200)
    assert watch.feed(late, 7) == FAULT_OVERLAP
    assert watch.overlap_n == 1
    assert fed(watch, range(102, 120)) == [7] * 18


def test_late_but_whole_reads_are_conversions():
    for late_us in (1_000, 3_000, 5_000, 8_000, 10_500):
        watch = LoadCellMonitor()
        fed(watch, range(100))
        assert watch.feed(ticks_add(FIRST, 100 * PERIOD + late_us), 7) == 7


def test_each_kind_of_fault_is_counted_for_itself():
    watch = LoadCellMonitor()
    for i, code in enumerate((FAULT_DESYNC, FAULT_SATURATED, FAULT_SATURATED, FAULT_SETTLING)):
        assert fed(watch, [i], code) == [code]
    for i in range(SILENT_N + 5):
        assert watch.feed(ticks_add(FIRST, 50_000 + i * 20_000), NO_CONVERSION) == NO_CONVERSION
    assert (watch.desync_n, watch.saturated_n, watch.settling_n, watch.silent_n) == (1, 2, 1, 1)


def test_what_an_erase_at_standstill_held_back_is_counted_apart():
    for pause, missed in (((40, 70), 0), ((41, 42), 0), ((10, 30), 7), ((110, 140), 7)):
        watch = LoadCellMonitor()
        fed(watch, range(RATE_N + 2))
        since, until = (ticks_add(FIRST, (RATE_N + of) * PERIOD) for of in pause)
        watch.pause(since, until)  # it may be told before readings that came before it
        fed(watch, range(RATE_N + 2, RATE_N + 40))
        fed(watch, range(RATE_N + 47, RATE_N + 80))
        assert (watch.missed_n, watch.paused_n) == (missed, 7 - missed), pause


def test_a_code_that_stands_still_is_no_force():
    average = CodeAverage(64)
    for i in range(100):
        average.feed(1000 + i % 2)
    assert average.latest(8) is not None
    for _ in range(STUCK_N):
        average.feed(500)
    assert average.latest(8) == 500
    average.feed(500)
    assert average.latest(1) is None
    average.feed(501)
    assert average.latest(1) == 501


def test_a_rate_that_was_measured_wrong_is_put_right():
    watch = LoadCellMonitor()
    fed(watch, range(RATE_N + 2), period=PERIOD * 96 // 100)
    fed(watch, range(1000, 1000 + 3 * RATE_N))
    assert abs(watch.period_us - PERIOD) <= 2


def test_a_torn_read_is_left_out_and_other_faults_empty_the_average():
    average = CodeAverage(64)
    for i in range(20):
        average.feed(1000 + i % 2)
    average.feed(FAULT_OVERLAP)
    assert average.n == 20
    average.feed(FAULT_SATURATED)
    assert average.n == 0


def test_gaps_while_the_rate_is_not_known_make_no_later_reading_an_overlap():
    """They make the first rate a wrong one, by which the next conversion may be expected anywhere."""
    for gap_us in range(300_000_000, 520_000_000, 1_700_001):
        watch, first = LoadCellMonitor(), FIRST
        for _ in range(RATE_N // 4):
            fed(watch, range(4), first=first)
            first = ticks_add(first, gap_us)
        fed(watch, range(5 * RATE_N), first=first)
        assert watch.overlap_n == 0, gap_us
        assert abs(watch.period_us - PERIOD) <= 2
