"""Velocity loss across sets, and the advice to stop at the coach's percentage."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.progress.haul import Haul, samples
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.measure.samples import Samples
from retrorig.progress.fatigue import CLOSE, GO_ON, STOP, Fatigue, fatigue_of
from retrorig.progress.pace import pace_of

WALK = Haul(distance_m=8.0)


def session(speeds_mps: list[float], stop_pct: float | None = None, **values: object) -> Fatigue:
    walks = {f"rig-0001-{i:05d}": dataclasses.replace(WALK, speed_mps=v) for i, v in enumerate(speeds_mps)}
    made: dict[str, Samples] = {name: samples(walk) for name, walk in walks.items()}
    rows = [row(i, minute=2 * i, cadence_spm=60 * WALK.step_hz, **values) for i in range(len(speeds_mps))]
    return fatigue_of(rows, made.__getitem__, stop_pct)


@given(st.lists(st.floats(0.6, 1.2), min_size=2, max_size=5), st.floats(2, 40))
@settings(max_examples=15)
def test_advice_follows_the_coachs_percentage(speeds_mps: list[float], stop_pct: float) -> None:
    """By the speeds that were walked; the steady mean is within 1 % of them, so near the limit nothing is asked."""
    found = session(speeds_mps, stop_pct)
    (advice,) = found.advice
    loss_pct = 100 * (1 - speeds_mps[-1] / max(speeds_mps))
    assert advice.loss_pct == pytest.approx(loss_pct, abs=1.2)
    assert advice.floor_mps == pytest.approx(max(speeds_mps) * (1 - stop_pct / 100), rel=0.012)
    if abs(loss_pct - stop_pct) > 1.5:
        assert (advice.verdict == STOP) == (loss_pct > stop_pct)
    over = [
        i
        for i in range(len(speeds_mps))
        if speeds_mps[i] < max(speeds_mps[: i + 1]) * (1 - (stop_pct + 1.5) / 100)
    ]
    if over:
        assert advice.first_over is not None and advice.first_over <= f"rig-0001-{over[0]:05d}"


def test_chance_near_the_limit_is_said() -> None:
    """Six sets that wobble by 6 %: a loss of 8 % may be 10 %; a loss of 20 % is one."""
    wobble = [1.0, 0.94, 1.0, 0.95, 1.0, 0.93]
    assert session(wobble, 10.0).advice[0].verdict == CLOSE
    assert session([*wobble, 0.8], 10.0).advice[0].verdict == STOP
    assert session([1.0, 0.99, 1.0, 0.985, 1.0, 0.99], 10.0).advice[0].verdict == GO_ON


def test_losses_across_are_against_the_fastest_before() -> None:
    found = session([1.0, 0.9, 1.1, 0.99])
    across = [each.across_pct for each in found.sets]
    assert across[0] is None
    assert across[1:] == [pytest.approx(pct, abs=1.2) for pct in (10.0, -10.0, 10.0)]
    assert not found.advice


def test_a_set_has_its_own_speeds_and_where_it_first_lost_too_much() -> None:
    made = samples(dataclasses.replace(WALK, loss_pct=30.0, distance_m=15.0))
    pace = pace_of(made, 60 * WALK.step_hz)
    (found,) = fatigue_of([row(0, cadence_spm=60 * WALK.step_hz)], lambda _: made, 10.0).sets
    assert (
        pace is not None
        and found.best_mps == max(pace.stretch_mps)
        and found.last_mps == pace.stretch_mps[-1]
    )
    assert found.last_mps < 0.85 * found.best_mps
    assert (found.mean_mps, found.within_pct, found.within_pm_pct) == (
        pace.mean_mps,
        pace.loss_pct,
        pace.loss_pm_pct,
    )
    assert found.reached_at_m == pace.below(0.9 * pace.best_mps) is not None


def test_short_sets_and_warm_ups() -> None:
    with pytest.raises(InputError, match="steady walking"):
        session([1.0, 0.9], 20.0, kind="warmup")
    assert [each.why for each in _with_a_short_one().sets] == [None, "its steady part is too short to judge"]


def test_what_comes_behind_a_short_set_is_judged_too() -> None:
    made = {
        f"rig-0001-{n:05d}": samples(dataclasses.replace(WALK, speed_mps=mps, distance_m=metres))
        for n, (mps, metres) in enumerate(((1.0, 8.0), (1.0, 1.5), (0.9, 8.0)))
    }
    first, short, last = fatigue_of([row(n, minute=2 * n) for n in range(3)], made.__getitem__).sets
    assert (first.why, last.why) == (None, None) and short.why
    assert last.across_pct == pytest.approx(10.0, abs=1.2)


def _with_a_short_one() -> Fatigue:
    made = {
        "rig-0001-00000": samples(WALK),
        "rig-0001-00001": samples(dataclasses.replace(WALK, distance_m=1.5)),
    }
    return fatigue_of([row(0), row(1, minute=2)], made.__getitem__)


@pytest.mark.parametrize("stop_pct", [0.0, 100.0, -5.0])
def test_a_percentage_that_can_not_be_is_refused(stop_pct: float) -> None:
    with pytest.raises(InputError, match="--stop-pct"):
        session([1.0, 0.9], stop_pct)


@pytest.mark.parametrize("stop_pct", [0.5, 99.5])
def test_each_percentage_that_can_be_is_taken(stop_pct: float) -> None:
    assert session([1.0, 0.98], stop_pct).advice[0].verdict == (STOP if stop_pct < 1 else GO_ON)
