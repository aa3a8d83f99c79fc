"""Moments and spans of a counter that wraps, against integers that do not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rigcore.ticks import TICKS_PERIOD, LongClock, moment_us, span_ms, ticks_add, ticks_diff

HALF = TICKS_PERIOD // 2
TICKS = st.integers(0, TICKS_PERIOD - 1)


@given(TICKS, st.integers(-HALF, HALF - 1))
@example(0, -HALF)
@example(0, HALF - 1)
@example(HALF, -HALF)
@example(HALF - 1, 1)
@example(HALF, -1)
@example(TICKS_PERIOD - 1, 1)
@example(0, -1)
@example(TICKS_PERIOD - 1, HALF - 1)
def test_what_is_added_is_the_difference_for_half_a_turn_either_way(ticks, delta_us):
    later = ticks_add(ticks, delta_us)
    assert later == (ticks + delta_us) % TICKS_PERIOD and ticks_diff(later, ticks) == delta_us


@given(st.integers(0, 50 * TICKS_PERIOD), st.integers(0, 50 * TICKS_PERIOD))
def test_a_span_across_turns_is_right_to_a_millisecond_and_a_fifth_of_one_a_turn(one_us, other_us):
    start, stop = divmod(one_us, TICKS_PERIOD), divmod(other_us, TICKS_PERIOD)
    turns_n = abs(stop[0] - start[0])
    assert moment_us(start) == one_us
    assert abs(span_ms(start, stop) - (other_us - one_us) / 1000) <= 1 + turns_n / 5


@pytest.mark.parametrize("first", [0, HALF - 1, HALF, TICKS_PERIOD - 1])
def test_a_long_clock_knows_the_turn_of_what_was_a_little_before_or_comes_a_little_later(first):
    clock, truth = LongClock(first), first
    for _ in range(40):
        truth += 300_000_000
        clock.feed(truth % TICKS_PERIOD)
        for away_us in (-400_000_000, -1, 0, 1, 400_000_000):
            if truth + away_us >= 0:
                assert clock.board_us((truth + away_us) % TICKS_PERIOD) == truth + away_us


@given(st.integers(0, 2**40), st.integers(-(2**29), 2**29 - 1))
def test_tick_differences_hold_across_wraps(t_us, delta):
    assert ticks_diff((t_us + delta) % TICKS_PERIOD, t_us % TICKS_PERIOD) == delta


@given(st.lists(st.integers(1, 480_000_000), max_size=50), st.integers(0, TICKS_PERIOD - 1))
def test_the_long_clock_never_wraps(steps, start):
    clock, truth = LongClock(start), start
    for step in steps:
        truth += step
        clock.feed(truth % TICKS_PERIOD)
        assert clock.board_us(truth % TICKS_PERIOD) == truth
