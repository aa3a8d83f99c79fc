"""Student's distribution, lines and fits by groups, against exact values and against how often they are right."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from retrorig.measure.t_distribution import student
from retrorig.progress.intervals import fit_groups, fit_line

RUNS_N = 1500
RATE = 0.95
RATE_SD = math.sqrt(RATE * (1 - RATE) / RUNS_N)


@pytest.mark.parametrize(
    ("freedom", "exact"),
    # One and two degrees have closed forms: tan(0.475 pi) and 0.95 sqrt(2 / (1 - 0.95^2)).
    [(1, math.tan(0.475 * math.pi)), (2, 0.95 * math.sqrt(2 / (1 - 0.95**2))), (5, 2.570582), (30, 2.042272)],
)
def test_student_is_exact_where_it_is_known(freedom: int, exact: float) -> None:
    assert student(freedom) == pytest.approx(exact, rel=1e-5)


@given(st.floats(1, 200), st.floats(0.1, 100))
@settings(max_examples=30)
def test_student_falls_towards_the_normal_distribution(freedom: float, more: float) -> None:
    assert student(freedom) > student(freedom + more) > 1.9599


@given(
    st.floats(-5, 5), st.floats(-3, 3), st.lists(st.floats(-100, 100), min_size=3, max_size=9, unique=True)
)
def test_a_line_without_scatter_is_found_exactly(start: float, slope: float, xs: list[float]) -> None:
    x = np.array(xs)
    if np.ptp(x) < 1e-2:
        return
    line = fit_line(x, start + slope * x)
    assert line.slope == pytest.approx(slope, abs=1e-6)
    assert line.at(0.0).value == pytest.approx(start, abs=1e-4)


def test_line_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Four loads of three sets, 4 % scatter: v0, slope, and the loads of standstill and of 1 m/s (amid the loads)."""
    chance = default_rng(7)
    load = np.repeat([20.0, 40.0, 60.0, 80.0], 3)
    hits = np.zeros(4)
    for _ in range(RUNS_N):
        line = fit_line(load, 1.5 - 0.01 * load + 0.04 * chance.standard_normal(len(load)))
        v0 = line.at(0.0)
        (_, low, high), (_, near_low, near_high) = line.reaches(0.0), line.reaches(1.0)
        hits += (
            abs(v0.value - 1.5) <= v0.pm,
            abs(line.slope + 0.01) <= line.slope_pm,
            low <= 150.0 <= high,
            (near_low <= 50.0 <= near_high),
        )
    assert (abs(hits / RUNS_N - RATE) < 4 * RATE_SD).all(), hits / RUNS_N


def test_a_slope_that_may_be_zero_bounds_no_crossing() -> None:
    line = fit_line(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.5, 1.1]))
    assert line.reaches(0.0)[1:] == (-math.inf, math.inf)


def test_groups_left_out_see_errors_that_neighbours_share() -> None:
    """Rows of a group err together; plain least squares would be sure of itself, the groups are not."""
    chance = default_rng(3)
    group = np.repeat(np.arange(20), 10)
    hits = 0
    for _ in range(RUNS_N // 3):
        x = np.repeat(chance.uniform(0, 2, 20), 10) + chance.uniform(0, 0.1, 200)
        y = 5 + 3 * x + np.repeat(chance.standard_normal(20), 10) + 0.1 * chance.standard_normal(200)
        fit = fit_groups(np.column_stack((np.ones(200), x)), y, group)
        assert fit is not None
        slope = fit.derive(lambda c: c[1])
        hits += abs(slope.value - 3) <= slope.pm
    assert 0.92 <= hits / (RUNS_N // 3) <= 0.985


def test_how_much_a_fit_explains_is_what_is_left_against_the_scatter_about_the_mean() -> None:
    chance = default_rng(11)
    x = chance.uniform(0.5, 1.5, (120, 2))
    terms = np.column_stack((np.ones(120), x))
    y = terms @ np.array([150.0, 30.0, 60.0]) + 15 * chance.standard_normal(120)
    fit = fit_groups(terms, y, np.arange(120) // 6)
    solved = np.linalg.lstsq(terms, y, rcond=None)[0]
    assert fit is not None
    assert 0.2 < fit.r2 == pytest.approx(1 - np.sum((y - terms @ solved) ** 2) / np.sum((y - y.mean()) ** 2))


@given(st.lists(st.integers(1, 12), min_size=4, max_size=9), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_each_replica_is_the_fit_without_its_group(sizes: list[int], seed: int) -> None:
    """Against least squares done anew for each group left out, with groups smaller and larger than the terms."""
    chance = default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    terms = np.column_stack((np.ones(len(group)), chance.standard_normal((len(group), 2))))
    values = chance.standard_normal(len(group))
    fit = fit_groups(terms, values, group)
    if fit is None:
        assert len(group) - max(sizes) < 12  # so many rows at random always settle three terms
        return
    for number, replica in enumerate(fit.replicas):
        kept = group != number
        anew, *_ = np.linalg.lstsq(terms[kept], values[kept], rcond=None)
        assert replica == pytest.approx(anew, rel=1e-6, abs=1e-6)


def test_terms_that_do_not_vary_apart_are_refused() -> None:
    speed = np.linspace(1, 2, 40)
    terms = np.column_stack((np.ones(40), speed, 3 * speed))
    assert fit_groups(terms, speed, np.arange(40) // 4) is None
    assert fit_groups(terms[:, :2], speed, np.zeros(40, dtype=np.int64)) is None
