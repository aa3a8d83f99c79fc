"""Steps counted while the set goes on: within one of the truth for walking, none for standing."""

import math

from rigcore.force import NO_CONVERSION
from rigcore.stepcount import StepCounter

RATE_HZ = 85
CODES_PER_N = 2147


def walk(counter, steps_hz, seconds, mean_n=200, swing=0.3, noise_n=2):
    """Feed a pull that swings once a step, with a fixed pseudo-random noise; returns the steps made."""
    dice = 12345
    for i in range(int(seconds * RATE_HZ)):
        dice = (dice * 1103 + 12345) % 65536
        noise = noise_n * (dice / 32768 - 1)
        pull_n = mean_n * (1 + swing * math.sin(2 * math.pi * steps_hz * i / RATE_HZ)) + noise
        counter.feed(35_000 + int(pull_n * CODES_PER_N))
    return steps_hz * seconds


def test_steps_of_walking_are_counted_to_one_in_twenty():
    for steps_hz in (0.8, 1.2, 1.9, 2.6, 3.5):
        for swing in (0.1, 0.3, 0.6):
            counter = StepCounter()
            made = walk(counter, steps_hz, 25, swing=swing)
            assert abs(counter.steps_n - made) <= 1 + made / 20, (steps_hz, swing, counter.steps_n, made)


def test_a_line_that_was_slack_hides_few_of_a_sets_first_steps():
    """The pull comes up in half a second: it is no swing around its mean."""
    for steps_hz in (0.8, 1.2, 1.9, 2.6):
        for swing in (0.3, 0.6):
            counter = StepCounter()
            for i in range(6 * RATE_HZ):
                pull_n = 180 * min(1, i / RATE_HZ / 0.5)
                pull_n *= 1 + swing * math.sin(2 * math.pi * steps_hz * i / RATE_HZ + 0.9)
                counter.feed(35_000 + int(pull_n * CODES_PER_N))
            assert -2 <= counter.steps_n - 6 * steps_hz <= 1, (steps_hz, swing, counter.steps_n)


def test_noise_at_rest_is_no_step():
    counter = StepCounter()
    walk(counter, 1.0, 30, mean_n=0, noise_n=0.4)
    assert counter.steps_n == 0


def test_faults_are_passed_over():
    counter = StepCounter()
    for _ in range(200):
        counter.feed(NO_CONVERSION)
    assert counter.steps_n == 0
    made = walk(counter, 2.0, 10)
    assert abs(counter.steps_n - made) <= 2


LOW, HIGH = 100_000, 300_000


def feed(counter, *pieces):
    """Pieces of (code, samples)."""
    for code, n in pieces:
        for _ in range(n):
            counter.feed(code)
    return counter


def test_a_step_and_a_stride_are_as_long_as_from_rise_to_rise():
    counter = feed(StepCounter(), (LOW, 30))
    told = []
    for n in (40, 50, 36):
        feed(counter, (HIGH, 1))
        told.append((counter.steps_n, counter.step_n, counter.stride_n, counter.since_n))
        feed(counter, (HIGH, n // 2 - 1), (LOW, n - n // 2))
        assert counter.since_n == n - 1
    feed(counter, (HIGH, 1))
    told.append((counter.steps_n, counter.step_n, counter.stride_n, counter.since_n))
    assert told == [(1, 0, 0, 0), (2, 40, 0, 0), (3, 50, 90, 0), (4, 36, 86, 0)]
    counter.reset()
    assert (counter.steps_n, counter.step_n, counter.stride_n, counter.since_n) == (0, 0, 0, 0)
    feed(counter, (LOW, 30), (HIGH, 1))
    assert (counter.steps_n, counter.step_n, counter.stride_n) == (1, 0, 0), (
        "of the set before nothing is left"
    )


def test_nobody_makes_five_steps_a_second():
    """At 85 samples a second 4.7 are the most: what rises sooner is the step before, or comes later."""
    for period_n in (17, 18):
        counter = feed(StepCounter(), (LOW, 30))
        steps_n = set()
        for i in range(20 * period_n):
            feed(counter, (HIGH if i % period_n < 9 else LOW, 1))
            steps_n.add(counter.step_n)
        assert min(steps_n - {0}) == 18, period_n
    counter = feed(StepCounter(), (LOW, 10), (HIGH, 7))
    assert counter.steps_n == 0 and feed(counter, (HIGH, 1)).steps_n == 1


def test_a_step_rises_above_the_mean_by_half_of_two_thousand_codes_and_falls_as_far_below_before():
    """The mean follows by a thirty-second: of 1033 codes 1000 are left."""
    for rise, steps_n in ((1020, 0), (1045, 1)):
        counter = feed(StepCounter(), (LOW, 300), (LOW + rise, 40))
        assert counter.steps_n == steps_n, rise
    for fall, steps_n in ((1020, 1), (1045, 2)):
        counter = feed(StepCounter(), (LOW, 300), (HIGH, 2000), (HIGH - fall, 1), (HIGH + 3000, 5))
        assert counter.steps_n == steps_n, fall


def test_who_pulls_in_large_swings_makes_no_step_by_a_small_one():
    counter = feed(StepCounter(), (LOW, 30))
    feed(counter, *((HIGH, 20), (LOW, 20)) * 20)
    assert counter.steps_n == 20
    middle = (HIGH + LOW) // 2
    feed(counter, *((middle + 5000, 20), (middle - 5000, 20)) * 3)
    assert counter.steps_n <= 21, "the first one rises from a low"


def test_the_mean_pull_is_of_the_codes_until_the_latest_new_ground():
    counter = feed(StepCounter(), (LOW, 7))
    assert counter.mean_code() is None, "no ground was made yet"
    counter.take_pull()
    assert 0 <= LOW - counter.mean_code() < 64
    feed(counter, (HIGH, 5))
    assert 0 <= LOW - counter.mean_code() < 64, "who stands and pulls has no part in it"
    feed(counter, (NO_CONVERSION, 9), (HIGH, 2))
    counter.take_pull()
    assert 0 <= (LOW + HIGH) // 2 - counter.mean_code() <= 64
    counter.take_pull()
    assert 0 <= (LOW + HIGH) // 2 - counter.mean_code() <= 64, "nothing is counted twice"
    counter.reset()
    assert counter.mean_code() is None
    feed(counter, (64 * 1563 + 63, 3))
    counter.take_pull()
    assert counter.mean_code() == 64 * 1563, "rounded by less than 0.03 N"
    feed(counter, (NO_CONVERSION, 3))
    counter.take_pull()
    assert counter.mean_code() == 64 * 1563
