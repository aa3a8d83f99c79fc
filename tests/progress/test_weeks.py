"""Days and weeks: sums against an independent count, growth against the coach's limit."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.progress.change import BETWEEN_DAYS, WITHIN_DAYS, typical_error
from retrorig.progress.conditions import one_person
from retrorig.progress.day import day_of
from retrorig.progress.totals import totals_of
from retrorig.progress.trend import trend_of

MONDAY = date(2026, 9, 28)
LONG_AGO = date(2020, 1, 1)
set_rows = st.lists(
    st.builds(
        row,
        number=st.integers(1, 99_999),
        day=st.integers(0, 60),
        minute=st.integers(0, 300),
        duration_s=st.floats(1, 1000),
        backward_m=st.floats(0.1, 500),
        work_j=st.none() | st.floats(0, 1e5),
        load_kg=st.none() | st.floats(0, 300),
        pain=st.none() | st.integers(0, 10),
    ),
    min_size=1,
    max_size=20,
)


@given(set_rows)
def test_totals_are_sums(rows: list[dict]) -> None:
    found = totals_of(rows)
    for key in ("duration_s", "backward_m", "work_j"):
        exact = float(sum(Fraction(r.value(key)) for r in rows if r.value(key) is not None))
        assert (getattr(found, key) or 0.0) == pytest.approx(exact, rel=1e-12)
    loads = [Fraction(r.load_kg) * Fraction(r.backward_m) for r in rows if r.load_kg is not None]
    assert found.load_kg_m == (pytest.approx(float(sum(loads)), rel=1e-9) if loads else None)
    assert found.without_force == sum(r.work_j is None for r in rows)
    pains = [r.pain for r in rows if r.pain is not None]
    assert found.pain == (max(pains) if pains else None)


def test_means_are_of_the_time_that_was_walked_and_of_the_sets_that_have_them() -> None:
    rows = [
        row(1, duration_s=10.0, mean_speed_mps=1.0, work_j=500.0, load_kg=20.0, rpe=6.0),
        row(2, duration_s=30.0, mean_speed_mps=0.6, work_j=1500.0, load_kg=35.0, rpe=9.0),
        row(3, duration_s=60.0, mean_speed_mps=None, work_j=None, load_kg=None, rpe=None),
    ]
    found = totals_of(rows)
    assert found.mean_speed_mps == pytest.approx((1.0 * 10 + 0.6 * 30) / 100)
    assert (found.mean_power_w, found.heaviest_kg, found.rpe) == (50.0, 35.0, 7.5)
    none = totals_of(rows[2:])
    assert (none.mean_power_w, none.heaviest_kg, none.rpe, none.work_j, none.load_kg_m) == (None,) * 5


@given(set_rows, st.floats(0, 100))
def test_every_set_is_in_one_week_and_marks_follow_the_limit(rows: list[dict], limit_pct: float) -> None:
    found = trend_of(rows, limit_pct=limit_pct, today=LONG_AGO)
    assert sum(week.totals.sets for week in found.weeks) == len(rows)
    metres: dict[int, float] = defaultdict(float)
    for r in rows:
        metres[(date.fromisoformat(r.started_utc[:10]) - MONDAY).days // 7] += r.backward_m
    assert [date.fromisoformat(w.monday) for w in found.weeks] == [
        MONDAY + timedelta(7 * n) for n in sorted(metres)
    ]
    weeks = sorted(metres)
    for before, after, week in zip(weeks, weeks[1:], found.weeks[1:], strict=False):
        grew = 100 * (metres[after] / metres[before] - 1)
        assert week.growth_pct["backward_m"] == pytest.approx(grew, rel=1e-6, abs=1e-6)
        if abs(grew - limit_pct) > 1e-6:
            assert ("backward_m" in week.over_limit) == (grew > limit_pct)
        assert week.pause_weeks == after - before - 1


def test_without_a_limit_nothing_is_marked() -> None:
    rows = [row(1), row(2, day=7, backward_m=1000.0)]
    assert not trend_of(rows, today=LONG_AGO).weeks[1].over_limit


def test_a_week_is_running_only_while_it_is_today() -> None:
    rows = [row(1), row(2, day=7)]
    assert [week.is_running for week in trend_of(rows, today=MONDAY + timedelta(13)).weeks] == [False, True]
    assert [week.is_running for week in trend_of(rows, today=MONDAY + timedelta(14)).weeks] == [False, False]


def test_growth_shows_what_measuring_could_make_of_it() -> None:
    """0.5 % in each of two sets of a week add up plainly (one roller), both weeks as squares: 0.7 % of the growth."""
    rows = [row(i, day=7 * (i // 2), minute=i, uncertainty={"backward_m": 0.05}) for i in range(4)]
    pm = trend_of(rows, today=LONG_AGO).weeks[1].growth_pm_pct
    assert pm["backward_m"] == pytest.approx(0.5 * math.sqrt(2))
    assert pm["duration_s"] == 0.0, "the clock errs by less than anybody reads"


def test_speed_over_weeks_needs_to_exceed_what_repeats_differ() -> None:
    """Repeats within 1 %: a jump of 8 % is more than the smallest change worth reporting, one of 0.2 % is not."""
    wobble = (0.995, 1.005, 1.0, 1.004, 0.996, 1.0)
    rows = [
        row(10 * week + i, day=7 * week + i, mean_speed_mps=speed * w)
        for week, speed in enumerate((1.0, 1.002, 1.08))
        for i, w in enumerate(wobble)
    ]
    trend = trend_of(rows, today=LONG_AGO)
    assert trend.speed_conditions == "sled" and trend.typical_error_pct
    _, same, faster = trend.weeks
    assert same.speed_change_pct is not None and same.speed_smallest_change_pct is not None
    assert faster.speed_change_pct is not None and faster.speed_smallest_change_pct is not None
    assert abs(same.speed_change_pct) < same.speed_smallest_change_pct
    assert faster.speed_change_pct > faster.speed_smallest_change_pct


def test_the_smallest_change_knows_how_much_both_weeks_rest_on() -> None:
    """1.96 standard deviations of the difference of two means of n and m values: sqrt(1/n + 1/m) of one value's."""
    wobble = (0.995, 1.005, 1.0, 1.004, 0.996, 1.0)
    days_n = (6, 2, 5)
    rows = [
        row(10 * week + i, day=7 * week + i, mean_speed_mps=w)
        for week, n in enumerate(days_n)
        for i, w in enumerate(wobble[:n])
    ]
    error = typical_error(rows)
    assert error is not None and error.seen_between == BETWEEN_DAYS
    _, *weeks = trend_of(rows, today=LONG_AGO).weeks
    for before_n, n, week in zip(days_n, days_n[1:], weeks, strict=False):
        expected = 1.96 * math.sqrt(1 / before_n + 1 / n) * error.percent
        assert week.speed_smallest_change_pct == pytest.approx(expected, rel=1e-3)


def test_a_day_s_smallest_change_is_of_two_days_or_of_as_many_sets_as_both_had() -> None:
    """Days differ more than sets do: where their own error is known, each is one value, however many sets it had."""
    wobble = (0.98, 1.01, 1.0, 1.02, 0.99, 1.0, 1.03)
    rows = [
        row(10 * d + i, day=d, minute=i, mean_speed_mps=w) for d, w in enumerate(wobble) for i in range(3)
    ]
    few = [row(i, day=i // 5, minute=i, mean_speed_mps=wobble[i]) for i in range(7)]
    for sets, between, counts in ((rows, BETWEEN_DAYS, (1, 1)), (few, WITHIN_DAYS, (5, 2))):
        error, (speed,) = typical_error(sets), day_of(sets).speeds
        assert error is not None and error.seen_between == between
        expected = 1.96 * math.sqrt(1 / counts[0] + 1 / counts[1]) * error.percent
        assert speed.smallest_change_pct == pytest.approx(expected, rel=1e-3)
        before, today = (
            np.mean([r.mean_speed_mps for r in sets if r.day == day])
            for day in sorted({r.day for r in sets if r.day})[-2:]
        )
        assert speed.mean_speed_mps == pytest.approx(today)
        assert speed.change_pct == pytest.approx(100 * (today / before - 1))


def test_a_day_has_its_rests_and_stands_beside_the_day_before() -> None:
    rows = [
        row(1, day=0),
        row(2, day=2),
        row(3, day=2, minute=2),
        row(4, day=2, minute=5),
        row(9, started_utc=None),
    ]
    found = day_of(rows)
    assert (found.day, found.before_day, found.undated) == ("2026-09-30", "2026-09-28", 1)
    assert [each["rest_s"] for each in found.sets] == [None, 110.0, 170.0]
    assert found.before is not None and (found.totals.sets, found.before.sets) == (3, 1)
    assert day_of(rows, day=MONDAY).before is None


def test_clock_set_back_gives_no_negative_rest() -> None:
    found = day_of([row(1, minute=0, duration_s=100.0), row(2, minute=1)])
    assert found.sets[1]["rest_s"] == 0.0


def test_days_and_people_that_are_not_there_are_named() -> None:
    with pytest.raises(InputError, match="last day with sets is 2026-09-28"):
        day_of([row(1)], day=MONDAY + timedelta(1))
    with pytest.raises(InputError, match="No set with a date"):
        trend_of([row(1, started_utc=None)])
    with pytest.raises(InputError, match=r"Anna, Ben.*--athlete"):
        one_person([row(1), row(2, athlete="Ben")])
    with pytest.raises(InputError, match="--limit-pct"):
        trend_of([row(1)], limit_pct=-1.0)
