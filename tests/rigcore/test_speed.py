"""The board's speed against exact motion and against the equations that its gains come from."""

import subprocess
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from retrorig import board_files
from retrorig.virtual.cpu import interpreter
from rigcore.speed import NO_TREND, SPAN_US, STILL_N, TRACKERS, SpeedEstimator, Tracker
from rigcore.ticks import TICKS_PERIOD

PERIODS_US = st.integers(10_670, 12_060)  # converters sold as 80 a second
RATES = st.integers(480, 76_800)  # counts a second: 0.05 to 8 m/s
SIGNS = st.sampled_from([1, -1])
SETTLING_N = 150
RESOLUTION = Fraction(1_000_000, SPAN_US)  # counts a second


def feed(estimator, samples, first_ticks=0):
    """Speeds in counts a second after each (microseconds, count)."""
    speeds = []
    for t_us, count in samples:
        estimator.feed((first_ticks + t_us) % TICKS_PERIOD, count)
        counts, span_us = estimator.counts_and_us()
        speeds.append(Fraction(counts * 1_000_000, span_us))
    return speeds


def sampled(position, n, period_us, jitter_us=()):
    """`position(t_us)` in counts, floored as an encoder does, read at uneven times."""
    times = [i * period_us + (jitter_us[i % len(jitter_us)] if jitter_us else 0) for i in range(n)]
    return [(t, position(t)) for t in times]


def moving(rate):
    return lambda t_us: rate * t_us // 1_000_000


def started(rate):
    """Rest for 0.2 s, half a second to full speed."""

    def position(t_us):
        ramp_us = min(max(t_us - 200_000, 0), 500_000)
        even_us = max(t_us - 700_000, 0)
        return (rate * ramp_us * ramp_us // 1_000_000 + rate * even_us) // 1_000_000

    return position


@given(RATES, SIGNS, PERIODS_US)
def test_a_constant_speed_is_told_to_within_the_quantisation(rate, sign, period_us):
    speeds = feed(SpeedEstimator(), sampled(started(sign * rate), SETTLING_N + 60, period_us))[SETTLING_N:]
    count_a_period = Fraction(1_000_000, period_us)
    # A lone count's jump is magnified by a tracker's gain of at most 3.2; usually errors are far smaller and unbiased.
    errors = [(s - sign * rate) / count_a_period for s in speeds]
    assert max(map(abs, errors)) <= Fraction(32, 10)
    assert sum(e * e for e in errors) / len(errors) <= Fraction(1, 4)
    assert abs(sum(speeds) / len(speeds) - sign * rate) <= count_a_period / 20 + rate / 2000


@given(RATES, PERIODS_US, st.lists(st.integers(0, 3000), min_size=1, max_size=40))
def test_late_readings_do_no_more_than_the_counts_error(rate, period_us, jitter_us):
    speeds = feed(SpeedEstimator(), sampled(started(rate), SETTLING_N + 60, period_us, jitter_us))[
        SETTLING_N:
    ]
    assert all(abs(s - rate) <= 2 * Fraction(1_000_000, period_us) for s in speeds)


@given(st.integers(0, TICKS_PERIOD - 1), RATES, PERIODS_US)
def test_the_tick_counter_may_start_anywhere(first_ticks, rate, period_us):
    samples = sampled(moving(rate), 60, period_us)
    assert feed(SpeedEstimator(), samples, first_ticks) == feed(SpeedEstimator(), samples)


@given(st.integers(-(10**8), 10**8), RATES)
def test_where_the_belt_began_does_not_matter(place, rate):
    samples = sampled(moving(rate), 60, 11_500)
    assert feed(SpeedEstimator(), [(t, count + place) for t, count in samples]) == feed(
        SpeedEstimator(), samples
    )


@given(st.lists(st.integers(-60, 60), min_size=30, max_size=120))
def test_forward_is_the_mirror_of_backward(moves):
    count, path = 0, []
    for i, move in enumerate(moves):
        count += move
        path.append((i * 11_500, count))
    there = feed(SpeedEstimator(), path)
    back = feed(SpeedEstimator(), [(t, -count) for t, count in path])
    # Rounding down, a few 1/1024 count a period that the trackers' gains carry on, and the output's own step
    assert all(abs(a + b) <= 20 * RESOLUTION for a, b in zip(there, back))


@given(RATES, SIGNS, st.lists(st.integers(-1, 1), min_size=40, max_size=60))
def test_a_belt_that_stands_has_no_speed_though_its_edge_dithers(rate, sign, dither):
    walked = sampled(moving(sign * rate), 100, 11_500)
    last_us, rest = walked[-1]
    stood = [(last_us + 11_500 * (i + 1), rest + d) for i, d in enumerate(dither)]
    assert (
        feed(SpeedEstimator(), walked + stood)[len(walked) + STILL_N + 2 :].count(0)
        == len(stood) - STILL_N - 2
    )


def test_from_boot_to_the_first_step_the_speed_is_zero():
    assert set(feed(SpeedEstimator(), [(i * 11_500, 7 + i % 2) for i in range(100)])) == {0}


@settings(max_examples=30)
@given(st.integers(5_000, 48_000), st.integers(2_000, 20_000), SIGNS)
def test_starting_turning_and_stopping_overshoot_by_a_tenth_at_most(acceleration, top, sign):
    """Counts/s^2 up to 5 m/s^2, more than a walker gives a belt; speeds to 2 m/s."""
    ramp_s = Fraction(top, acceleration)
    corners = [1, ramp_s, 1, 2 * ramp_s, 1, ramp_s, 1]
    tops = [0, top, top, -top, -top, 0, 0]
    position = _path(corners, [0, *tops])
    n = int(sum(corners) * 1_000_000 / 11_500)
    speeds = feed(SpeedEstimator(), sampled(lambda t: sign * position(t), n, 11_500))
    assert max(map(abs, speeds)) <= top * Fraction(11, 10) + 200
    assert speeds[-1] == 0


def _path(durations_s, corner_speeds):
    """Position in counts at t_us for speed that is straight between corners."""

    def position(t_us):
        rest, place = Fraction(t_us, 1_000_000), Fraction(0)
        for span, before, after in zip(durations_s, corner_speeds, corner_speeds[1:]):
            part = min(rest, span)
            place += part * before + part * part * (after - before) / span / 2
            rest -= part
        return int(place // 1)

    return position


@given(RATES, SIGNS, st.integers(30_000, 5_000_000), PERIODS_US)
def test_a_gap_makes_no_spike(rate, sign, gap_us, period_us):
    before = sampled(moving(sign * rate), 80, period_us)
    resumed_us = before[-1][0] + gap_us
    after = [
        (resumed_us + i * period_us, sign * rate * (resumed_us + i * period_us) // 1_000_000)
        for i in range(60)
    ]
    speeds = feed(SpeedEstimator(), before + after)[80:]
    allowed = Fraction(rate * 6, 5) + Fraction(3_000_000, period_us)
    assert all(-Fraction(2_000_000, period_us) <= s * sign <= allowed for s in speeds)


@given(st.lists(st.tuples(st.integers(1, 60_000), st.integers(-900, 900)), min_size=5, max_size=150))
def test_whatever_comes_speed_stays_within_what_the_counts_could_mean(steps):
    """Any counts, any times: bounded, and no integer leaves the board's small range (the narrow run checks it)."""
    t_us = count = fastest = 0
    samples = []
    for span_us, moved in steps:
        t_us, count = t_us + span_us, count + moved
        fastest = max(fastest, Fraction(abs(moved) * 1_000_000, max(span_us, 5_000)))
        samples.append((t_us, count))
    assert all(abs(s) <= 40 * fastest + 4000 for s in feed(SpeedEstimator(), samples))


@given(st.integers(20_000, 40_000))
def test_a_silent_converter_changes_the_pace_and_not_the_speed(pace_us):
    fast = sampled(moving(9600), 100, 11_500)
    slow = [
        (fast[-1][0] + i * pace_us, 9600 * (fast[-1][0] + i * pace_us) // 1_000_000) for i in range(1, 120)
    ]
    speeds = feed(SpeedEstimator(), fast + slow)[100:]
    assert all(abs(s - 9600) <= 700 for s in speeds)
    assert all(abs(s - 9600) <= 100 for s in speeds[100:])


def test_a_belt_stands_at_the_eighth_sample_within_two_counts_and_three_are_a_movement():
    walked = sampled(moving(9600), 100, 11_500)
    last_us, rest = walked[-1]
    stood = [(last_us + 11_500 * k, rest + 2 * (k % 2)) for k in range(1, 30)]
    speeds = feed(SpeedEstimator(), walked + stood)[len(walked) :]
    assert speeds[6] != 0 and set(speeds[7:]) == {0}
    crept = [(stood[-1][0] + 11_500 * k, rest + 3 * k) for k in range(1, 100)]
    speeds = feed(SpeedEstimator(), walked + stood + crept)[len(walked + stood) :]
    assert all(speeds) and abs(speeds[-1] - Fraction(3_000_000, 11_500)) <= 20


def test_a_sample_that_is_late_by_a_period_is_followed_and_by_more_is_a_gap_of_even_speed():
    """Of a belt that gains 5 counts a period each period: across a gap the mean speed is behind, and known to be."""
    for periods, is_gap in ((Fraction(23, 10), False), (Fraction(25, 10), True), (Fraction(9), True)):
        gap_us = int(periods * 11_400)

        def position(t_us):
            return 5 * t_us * t_us // (2 * 11_400 * 11_400)

        samples = sampled(position, 60, 11_400)
        samples.append((samples[-1][0] + gap_us, position(samples[-1][0] + gap_us)))
        now = Fraction(5 * samples[-1][0], 11_400)
        mean = Fraction(samples[-1][1] - samples[-2][1]) / periods
        told = feed(SpeedEstimator(), samples)[-1] * 11_400 / 1_000_000
        assert abs(told - (mean if is_gap else now)) <= 1 and now - mean >= 5, periods


def test_a_sample_within_a_quarter_of_a_period_is_covered_by_the_next():
    even = sampled(started(9600), 120, 11_400)
    early = [(t_us + 2_800, count + 40) for t_us, count in even]
    both = feed(SpeedEstimator(), [sample for pair in zip(even, early) for sample in pair])
    assert both[::2] == both[1::2] == feed(SpeedEstimator(), even)


def test_a_tracker_that_foretold_badly_is_believed_no_less_than_one_that_missed_by_256_counts():
    """Who missed by a thousand begins anew with the pace that was seen."""
    missed = {}
    for counts in (0, 100, 255, 256, 900, 1000, 3000):
        for sign in (1, -1):
            tracker = Tracker(TRACKERS[0])
            tracker.feed(sign * counts << 6, 0)
            missed[sign * counts] = tracker.miss
            assert (abs(tracker.speed()) == counts << 6) == (counts >= 1000 or counts == 0), counts
    assert missed[0] < missed[100] < missed[255] < missed[256]
    assert missed[256] == missed[900] == missed[3000] == missed[-256] == missed[-900] == missed[-1000]


def test_gains_are_those_of_the_steady_kalman_filter():
    """The Riccati equation of each tracker, iterated to its rest, gives the table in the firmware."""
    noises = (8.5, 11.5, 13.0, 15.0, 5.0, 7.5, 10.5)
    for log_noise, gains in zip(noises, TRACKERS, strict=True):
        states = 4 if gains[4] == NO_TREND else 3
        wanted = [round(g * 1024) for g in _riccati(states, 10**log_noise, gains[4])]
        assert [abs(a - b) <= 1 for a, b in zip(wanted, gains)] == [True] * states


def _riccati(states, noise, damping, period_s=1 / 86, measured=1 / 12, rounds=3000):
    matrix = range(states)
    moves = [[float(i == j) + float(j == i + 1) for j in matrix] for i in matrix]
    moves[2][2] -= 2.0**-damping
    drives = _times(_times(_basis(states), _driven(states, noise, period_s)), _turned(_basis(states)))
    p = [[1000.0 * (i == j) for j in matrix] for i in matrix]
    gain = [0.0] * states
    for _ in range(rounds):
        p = _times(_times(moves, p), _turned(moves))
        p = [[p[i][j] + drives[i][j] for j in matrix] for i in matrix]
        gain = [p[i][0] / (p[0][0] + measured) for i in matrix]
        p = [[p[i][j] - gain[i] * p[0][j] for j in matrix] for i in matrix]
    return gain


def _basis(states):
    """From place, velocity, acceleration, jerk (a period each) to place and differences."""
    rows = [[1, 0, 0, 0], [0, 1, 1 / 2, 1 / 6], [0, 0, 1, 1], [0, 0, 0, 1]]
    return [row[:states] for row in rows[:states]]


def _driven(states, noise, period_s):
    """What white noise in the highest derivative adds to the covariance in a period, in units of periods."""
    fall = [1.0, 1.0, 1 / 2, 1 / 6][:states][::-1]
    scale = noise * period_s ** (2 * states - 1)
    return [
        [scale * fall[i] * fall[j] / (2 * states - 1 - i - j) for j in range(states)] for i in range(states)
    ]


def _times(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def _turned(a):
    return [list(row) for row in zip(*a)]


UNALLOCATED = """
import micropython
from rigcore.speed import SpeedEstimator
estimator = SpeedEstimator()
ticks = count = i = 0
micropython.heap_lock()
while i < 400:  # starting, turning, standing, a gap, a slower pace
    i += 1
    ticks += 3_000_000 if i == 150 else 20_000 if i > 200 else 11_500
    count += 50 - i if i < 350 else 0
    estimator.feed(ticks, count)
micropython.heap_unlock()
print("fed", estimator.counts_and_us()[0])
"""


def test_feeding_allocates_nothing_on_the_board():
    command = [interpreter(), "-X", "heapsize=112k", "-c", UNALLOCATED]
    ran = subprocess.run(
        command, cwd=board_files.root(), capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout == "fed 0\n", ran.stdout + ran.stderr
