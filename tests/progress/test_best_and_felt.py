"""The fastest set beside the newest, and how days felt."""

from __future__ import annotations

import math

import pytest
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.progress.best import best_of
from retrorig.progress.change import WITHIN_DAYS, typical_error_of
from retrorig.progress.felt import FeltDay, felt_of


def test_the_fastest_and_the_newest_are_of_equal_conditions_and_the_commonest_come_first() -> None:
    heavy = [row(i, day=i, load_kg=60.0, mean_speed_mps=0.6 - 0.1 * i) for i in (1, 2)]
    speeds = [0.9, 1.1, 1.0, 1.1, 0.88, 0.99]
    light = [row(10 + i, day=i, load_kg=20.0, mean_speed_mps=v) for i, v in enumerate(speeds)]
    others = [row(30, day=9, load_kg=20.0, kind="warmup", mean_speed_mps=3.0), row(31, started_utc=None)]
    first, second = best_of([*heavy, *others, *light])
    assert [(each.conditions, each.sets) for each in (first, second)] == [
        ("sled, 20 kg", 6),
        ("sled, 60 kg", 2),
    ]
    assert (first.fastest, first.newest) == (light[1], light[5]), "of two equal ones the first"
    assert first.last_pct == pytest.approx(10.0) and second.last_pct == pytest.approx(20.0)
    error = typical_error_of([speeds], WITHIN_DAYS)
    assert error is not None and second.chance_pct is None
    assert first.chance_pct == pytest.approx(1.96 * math.sqrt(2) * error.percent, rel=1e-3)


def test_who_went_forward_alone_has_lost_nothing() -> None:
    (found,) = best_of([row(1, mean_speed_mps=-0.5), row(2, minute=1, mean_speed_mps=-0.2)])
    assert (found.fastest.set_id, found.last_pct, found.chance_pct) == ("rig-0001-00002", 0.0, None)


def test_a_day_is_felt_by_its_mean_effort_and_its_worst_pain_and_days_without_are_counted() -> None:
    rows = [
        row(1, day=3, rpe=5.0, pain=2.0),
        row(2, day=3, minute=1, rpe=8.0, pain=1.0),
        row(3, day=3, minute=2),
        row(4, day=1, pain=0.0),
        row(5, day=2),
        row(6, day=5, rpe=0.0),
    ]
    found = felt_of(rows, "Anna")
    assert found.days == [
        FeltDay("2026-09-29", 1, None, 0.0),
        FeltDay("2026-10-01", 3, 6.5, 2.0),
        FeltDay("2026-10-03", 1, 0.0, None),
    ]
    assert (found.athlete, found.unrated) == ("Anna", 1)


def test_where_there_is_nothing_to_tell_it_is_one_sentence() -> None:
    with pytest.raises(InputError, match="no work set to compare"):
        best_of([row(1, kind="warmup")])
    with pytest.raises(InputError, match="never rated"):
        felt_of([row(1)])
