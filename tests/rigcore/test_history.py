"""The last seconds of samples against lists of all that came; the means for the display against their definition."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rigcore.average import STUCK_N, CodeAverage, latest_stride
from rigcore.force import CODE_MAX, FAULT_BASE, FAULT_OVERLAP, NO_CONVERSION
from rigcore.history import BLOCK_N, HISTORY_N, PACE_N, History
from rigcore.motion import Directions
from rigcore.stepcount import StepCounter
from rigcore.ticks import TICKS_PERIOD

PERIOD_US = 12_500
steps = st.lists(st.integers(-40, 60), min_size=1, max_size=40)


@settings(max_examples=25, deadline=None)
@given(steps, st.integers(1, HISTORY_N * 2 + 50), st.integers(0, 30))
def test_a_place_in_the_history_is_found_as_in_a_list_of_all_samples(moves, n, band):
    history, directions = History(band), Directions(band, moves[0])
    counts, sums = [], []
    for number in range(n):
        counts.append((counts[-1] if counts else 0) + moves[number % len(moves)])
        assert history.push(number * 7, counts[-1], -number) == number
        directions.feed(counts[-1])
        sums.append((directions.backward, directions.forward))
    oldest = history.oldest()
    assert oldest % BLOCK_N == 0 and max(0, n - HISTORY_N) <= oldest < max(1, n - HISTORY_N + BLOCK_N)
    paces = [counts[i] - counts[max(0, i - PACE_N)] for i in range(n)]
    for number in {oldest, min(oldest + 5, n - 1), (oldest + n) // 2, n - 1}:
        assert (history.ticks(number), history.count(number), history.code(number)) == (
            7 * number,
            counts[number],
            -number,
        )
        assert history.sums(number) == sums[number]
        assert history.moved(number) == counts[number] - counts[max(number - PACE_N, oldest)]
        first, last = number & -BLOCK_N, min((n - 1) | (BLOCK_N - 1), n - 1)
        assert history.span(number, n - 1) == (min(counts[first:]), max(counts[first:]))
        if first > oldest or oldest == 0:
            assert history.pace(number, last) == max(0, *paces[first : last + 1], 0)


def test_another_band_is_taken_from_here_on():
    history = History(5)
    for count in (0, 100, 96):
        history.push(0, count, 0)
    history.use(2)
    history.push(0, 97, 0)
    assert (history.total.backward, history.total.forward) == (100, 3), (
        "turned round by more than the new band"
    )


@given(st.lists(st.integers(-(2**23), 2**23 - 1), min_size=1, max_size=150), st.integers(1, 64))
def test_the_mean_of_the_last_codes_is_theirs_and_fewer_have_none(codes, n):
    average = CodeAverage(64)
    for number, code in enumerate(codes):
        average.feed(2 * code - number % 2 if abs(code) < 2**22 else code)
    kept = [2 * c - i % 2 if abs(c) < 2**22 else c for i, c in enumerate(codes)]
    if any(len(set(kept[i : i + STUCK_N + 1])) == 1 for i in range(len(kept) - STUCK_N)):
        return
    last = kept[-64:]
    assert average.n == len(last) and average.spread() == max(last) - min(last)
    exact = None if len(last) < n else (sum(last[-n:]) + n // 2) // n
    assert average.latest(n) == exact


def test_a_code_that_is_told_thirty_two_times_more_is_no_conversion():
    average = CodeAverage(64)
    for _ in range(32):
        average.feed(500)
    assert average.n == 32
    average.feed(500)
    assert average.n == 0 and average.spread() == 0 and average.latest(1) is None
    average.feed(501)
    assert average.n == 1 and average.latest(1) == 501
    average.feed(FAULT_OVERLAP)
    assert average.n == 1
    for fault in (FAULT_BASE, FAULT_BASE + 1):
        average.feed(502)
        average.feed(fault)
        assert average.n == 0
    average.feed(FAULT_BASE - 1)
    assert average.n == 1


class Strider:
    """A belt, and the steps that are told of it."""

    def __init__(self, start_us=0):
        self.history, self.steps, self.start_us = History(3), StepCounter(), start_us

    def go(self, n, counts, code=1000, period_us=PERIOD_US):
        for _ in range(n):
            number = self.history.n
            last = self.history.ticks(number - 1) if number else (self.start_us - period_us) % TICKS_PERIOD
            count = self.history.count(number - 1) + counts if number else 0
            self.history.push((last + period_us) % TICKS_PERIOD, count, code)
        return self

    def stride(self, begun=0, step_n=0, stride_n=0, since_n=0):
        self.steps.step_n, self.steps.stride_n, self.steps.since_n = step_n, stride_n, since_n
        return latest_stride(self.history, self.steps, begun)


def test_without_steps_it_is_the_last_second_or_as_much_as_there_is():
    for start_us in (0, TICKS_PERIOD - 3_000_000):
        belt = Strider(start_us).go(300, 10)
        assert belt.stride() == (800, 1_000_000, 1000, 0)
        assert belt.stride(begun=250) == (490, 612_500, 1000, 0)
        assert belt.stride(begun=298) == (PACE_N * 10, PACE_N * PERIOD_US, 1000, 0), (
            "a tenth of a second at least"
        )
    assert Strider().go(1, 0).stride() == (0, 0, 1000, 0)
    assert Strider().go(3, 7).stride(begun=2) == (14, 25_000, 1000, 0)


def test_it_is_the_last_stride_or_else_the_last_step_that_is_not_too_long_ago():
    belt = Strider().go(300, 10)
    assert belt.stride(0, 40, 90, 90) == (900, 1_125_000, 1000, 2)
    assert belt.stride(0, 40, 90, 91) == belt.stride(0, 0, 0, 0), "none came for longer than a stride"
    assert belt.stride(0, 40, 30, 35) == (400, 500_000, 1000, 1)
    assert belt.stride(209, 40, 90, 5) == (900, 1_125_000, 1000, 2)
    assert belt.stride(210, 40, 90, 5) == (400, 500_000, 1000, 1), "the stride began before the set"
    assert belt.stride(260, 40, 90, 5)[3] == 0
    assert belt.stride(0, 40, 160, 5) == (1600, 2_000_000, 1000, 2)
    assert belt.stride(0, 40, 161, 5) == (400, 500_000, 1000, 1), "two seconds is too long ago to be shown"
    assert belt.stride(0, 0, 40, 5) == (400, 500_000, 1000, 2)


def test_the_mean_pull_passes_over_faults_and_looks_at_some_of_many():
    belt = Strider().go(250, 10, 3000).go(30, 10, NO_CONVERSION).go(20, 10, 1000)
    assert belt.stride(0, 45, 0, 5)[2] == 1000
    assert belt.stride(0, 25, 0, 5)[2] == 1000
    assert belt.stride(0, 100, 0, 5)[2] in range(2200, 2500), "a sample of every three"
    assert Strider().go(300, 10, NO_CONVERSION).stride()[2] is None
    assert Strider().go(300, 10, CODE_MAX).stride()[2] == CODE_MAX
