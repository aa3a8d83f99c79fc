"""Left against right, against people whose sides are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.progress.sides import BySide, sides_of

RUNS_N = 400


def session(chance: np.random.Generator, stronger_pct: float, spread_pct: float = 3.0) -> list[dict]:
    """Three days of three sets a side; days and loads differ by far more than the sides do."""
    rows = []
    for day, load in enumerate((20.0, 50.0, 80.0)):
        for i in range(6):
            side = ("left", "right")[i % 2]
            sign = 0.5 if side == "right" else -0.5
            log = -load / 100 + sign * stronger_pct / 100 + spread_pct / 100 * chance.standard_normal()
            rows.append(
                row(10 * day + i, day=day, minute=i, side=side, load_kg=load, mean_speed_mps=math.exp(log))
            )
    return rows


def of_speed(rows: list[dict]) -> BySide:
    (found,) = [each for each in sides_of(rows).by_side if each.quantity == "mean_speed_mps"]
    return found


def test_difference_is_within_its_interval_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    found = [of_speed(session(chance, 6.0)) for _ in range(RUNS_N)]
    hits = np.mean([abs(each.index_pct - 6.0) <= each.index_pm_pct for each in found])
    assert hits == pytest.approx(0.95, abs=4 * math.sqrt(0.05 * 0.95 / RUNS_N))
    assert np.mean([each.is_certain for each in found]) > 0.9  # 6 % is four of its standard errors of 1.4 %


def test_even_sides_are_seldom_called_different() -> None:
    chance = np.random.default_rng(6)
    wrong = np.mean([of_speed(session(chance, 0.0)).is_certain for _ in range(RUNS_N)])
    assert wrong == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / RUNS_N))


def test_an_easier_day_for_one_side_is_no_difference() -> None:
    """Left was hauled light, right heavy, and only one day had both: the days' own difference must not count."""
    rows = [row(i, minute=i, side="left", load_kg=20.0, mean_speed_mps=1.5 + 0.01 * i) for i in range(4)]
    rows += [row(10 + i, day=1, minute=i, side="right", load_kg=80.0, mean_speed_mps=0.7) for i in range(4)]
    assert not [each for each in _safely(rows) if each.quantity == "mean_speed_mps"]
    both = [
        row(20 + i, day=2, minute=i, side=("left", "right")[i % 2], mean_speed_mps=1.0 + 0.01 * (i // 2))
        for i in range(6)
    ]
    found = of_speed(rows + both)
    assert (found.left_n, found.right_n) == (3, 3)
    assert found.index_pct == pytest.approx(0.0, abs=1e-9)


def _safely(rows: list[dict]) -> list[BySide]:
    try:
        return sides_of(rows).by_side
    except InputError:
        return []


def test_steps_are_counted_and_their_doubt_shown() -> None:
    known = [(12.0, 8.0), (3.0, 9.0), (10.0, 7.0)]
    rows = [row(i, asymmetry_pct=pct, gait={"asymmetry_pm_pct": pm}) for i, (pct, pm) in enumerate(known)]
    found = sides_of([*rows, row(9)])
    assert found.by_steps is not None and found.by_side == []
    steps = found.by_steps
    assert (steps.sets, steps.certain, steps.median_pct, steps.usual_pm_pct) == (3, 2, 10.0, 8.0)
    assert (steps.lowest_pct, steps.highest_pct) == (3.0, 12.0)
    assert "retrorig edit SET --side" in found.why[0]


def test_each_side_has_its_mean_and_spread_and_the_index_is_against_the_mean_of_both() -> None:
    speeds = {"left": (0.8, 0.9, 1.0), "right": (1.0, 1.1)}
    rows = [row(10 * n + i, side=side, mean_speed_mps=v) for n, (side, found) in enumerate(speeds.items())
            for i, v in enumerate(found)]  # fmt: skip
    found = of_speed(rows)
    assert (found.left_n, found.right_n) == (3, 2)
    assert (found.left, found.right) == (pytest.approx(0.9), pytest.approx(1.05))
    assert (found.left_sd, found.right_sd) == (pytest.approx(0.1), pytest.approx(math.sqrt(0.005)))
    left, right = (math.exp(np.mean(np.log(each))) for each in speeds.values())
    assert found.index_pct == pytest.approx(100 * (right - left) / ((left + right) / 2))
    assert not found.is_certain and found.index_pm_pct > found.index_pct
    assert _safely(rows[:2] + rows[3:4]) == [], "one of a side tells no spread"
    with pytest.raises(InputError, match=r"2 sets of each side .*; no set has enough regular steps"):
        sides_of(rows[:4])


def test_nothing_to_compare_is_one_sentence() -> None:
    with pytest.raises(InputError, match=r"can't be compared: no set is marked left or right"):
        sides_of([row(1), row(2)])
