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
