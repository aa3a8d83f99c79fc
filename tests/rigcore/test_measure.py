"""Conversions from counts and codes against exact rational arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rigcore.force import CODE_MAX, CODE_MIN, ForceScale
from rigcore.motion import Directions, Geometry, PulseTotal
from rigcore.numbers import fixed

geometries = st.builds(Geometry, st.integers(400, 8192), st.integers(50_000, 1_500_000))


@given(geometries, st.integers(-(10**8), 10**8))
def test_distance_is_right_to_a_millimetre_at_ten_kilometres(geometry, counts):
    exact_mm = Fraction(counts * geometry.circumference_um, geometry.counts_per_rev * 1000)
    assert abs(geometry.mm(counts) - exact_mm) <= 1


@given(geometries, st.integers(-9000, 9000), st.integers(1000, 400_000))
def test_speed_is_counts_over_time(geometry, mmps, span_us):
    exact = Fraction(mmps * span_us, 1_000_000)
    counts = round(exact * geometry.counts_per_rev * 1000 / geometry.circumference_um)
    truth = Fraction(counts * geometry.circumference_um * 1000, geometry.counts_per_rev * span_us)
    # 8 us of length, 8 us of time and the last digit
    allowed = 1 + Fraction(8_000, span_us) + abs(truth) * Fraction(8, span_us)
    assert abs(geometry.speed_mmps(counts, span_us) - truth) <= allowed


@pytest.mark.parametrize(
    ("counts", "mmps"), [(25, 3), (23, 2), (0, 0), (-23, -2), (-25, -3), (1, 0), (-6, -1)]
)
def test_speed_is_rounded_to_the_nearest_and_is_the_same_either_way(counts, mmps):
    assert Geometry(2400, 250_000).speed_mmps(counts, 1_000_000) == mmps
    assert Geometry(2400, 250_000).speed_mmps(counts, 7) == 0, "no time to tell a speed from"


@given(geometries, st.integers(0, 1000))
def test_a_length_in_counts_is_rounded_down(geometry, mm):
    exact = Fraction(mm * geometry.counts_per_rev, geometry.circumference_um // 1000)
    assert 0 <= exact - geometry.counts(mm) < 1


@given(
    st.integers(CODE_MIN, CODE_MAX),
    st.integers(-200_000, 200_000),
    st.integers(20_000, 15_000_000) | st.integers(-15_000_000, -20_000),
)
def test_force_is_right_to_its_budget(code, zero, scale_nn):
    exact_mn = Fraction((code - zero) * scale_nn, 1_000_000)
    # a 16-bit mantissa and two roundings down
    assert abs(ForceScale(zero, scale_nn).millinewtons(code) - exact_mn) <= 2 + abs(exact_mn) / 2**15


@given(st.lists(st.integers(-15_999, 15_999), max_size=100))
def test_the_pulse_total_undoes_the_counter_resets(steps):
    total, truth, value = PulseTotal(32_000), 0, 0
    for step in steps:
        truth += step
        value += step
        while value >= 32_000:  # the chip falls to zero at either limit
            value -= 32_000
        while value <= -32_000:
            value += 32_000
        assert total.feed(value) == truth


@given(st.lists(st.integers(-300, 300), min_size=1), st.integers(0, 40))
def test_directions_add_up_to_the_net_movement_within_the_band(steps, band):
    directions, count = Directions(band), 0
    for step in steps:
        count += step
        directions.feed(count)
    assert abs(directions.backward - directions.forward - count) <= band
    upward = sum(s for s in steps if s > 0)
    assert 0 <= directions.backward <= upward
    assert 0 <= directions.forward <= upward - count


@given(st.integers(-(10**7), 10**7), st.sampled_from([1, 10, 1000]), st.integers(0, 3))
def test_numbers_are_written_as_rounded_decimals(value, divisor, digits):
    exact = Fraction(value, divisor)
    assert abs(Fraction(fixed(value, divisor, digits)) - exact) <= Fraction(1, 2 * 10**digits)
