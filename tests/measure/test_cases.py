"""Kinds of movement on which the numbers were wrong once, by formula, each with its right values."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from tests.measure.interval_coverage import truth_of
from tests.measure.whole_rig import logged
from tests.walkers import cases

from retrorig.measure.metrics import measure
from retrorig.virtual.walkers import loads
from retrorig.virtual.walkers.sampled import START_US
from retrorig.virtual.walkers.stage import Stage, Walk

NEAR_S, LEAN_S = 0.15, 0.4
BUMP_S = 0.2
"""Half of a push's length."""

KINDS: dict[str, tuple[Callable[[], Walk], int | None]] = {
    "the belt touches rest in each step": (lambda: cases.dip(0.75), 27),
    "it rests in each step": (lambda: cases.dip(0.75, 0.15, 0.12), 27),
    "a heavy sled stops and goes": (lambda: cases.dip(1.1, 0.5, 0.248, 20), 20),
    "a hard pull is held, then the sled lurches": (lambda: cases.held_pulls(2.2), 12),
    "an elastic draws back in each step": (lambda: cases.rocks(0.69, 0.37, 0.077, 29), 29),
    "a lean creeps before the walk": (lambda: cases.soft_lean(0.006, 1.5), 22),
    "standing sways after the walk": (lambda: cases.sway_after(0.015, 0.4), None),
    "out and back at once": (lambda: cases.out_and_back(10.0, 0.0), 23),
    "slow steps, 0.3 a second": (lambda: cases.dip(3.3, 0.5, 0.3, 12), 12),
}
"""With the number of steps; None where a constant pull shows none."""


@pytest.mark.parametrize("has_cell", [True, False])
@pytest.mark.parametrize("name", KINDS)
def test_the_numbers_are_those_of_the_movement(name: str, has_cell: bool) -> None:
    make, steps_n = KINDS[name]
    walk = make()
    movement, raw = next(logged(walk, 3, has_cell))
    found, truth = measure(raw), truth_of(walk, movement)
    start_s = (raw.header["start_us"] - START_US) * 1e-6
    assert start_s == pytest.approx(movement.start_s, abs=0.5)
    assert found["duration_s"] == pytest.approx(
        movement.duration_s, abs=LEAN_S if movement.is_leaning else 2 * NEAR_S
    )
    assert found["backward_m"] == pytest.approx(
        movement.backward_m, abs=max(0.005, 0.002 * movement.backward_m)
    )
    assert found["forward_m"] == pytest.approx(movement.forward_m, abs=0.005)
    for key in (
        ("mean_speed_mps", "mean_force_n", "work_j", "mean_power_w") if has_cell else ("mean_speed_mps",)
    ):
        assert found[key] == pytest.approx(truth[key], abs=found["uncertainty"][key]), key
    if has_cell or steps_n:
        assert found["steps"] == steps_n and found["coast_m"] == 0
    assert not any("slips" in reason for reason in found["quality_reasons"])


def test_a_pull_that_is_held_in_vain_is_told_and_costs_no_grade() -> None:
    """Eleven of twelve: the first was held before the set began."""
    found = measure(next(logged(cases.held_pulls(2.2), 3))[1])
    assert (
        "pulls that were held and moved nothing, which are not counted as steps: 11"
        in found["quality_reasons"]
    )
    assert found["quality"] == "A"


@pytest.mark.parametrize("pause_s", [1.0, 1.6])
def test_steps_in_pairs_have_no_cadence(pause_s: float) -> None:
    """Half of the times from step to step, or all of them, are far from the usual one, which is half of a pair's."""
    stage = Stage(loads.belt())
    stage.stand(4)
    first = stage.row
    for stood_s in (0.05, pause_s) * 8:
        stage.move(0.35, lambda t: 0.15 * math.sin(math.pi / 2 * t / 0.35) ** 2, lambda t: 120.0)
        stage.move(stood_s, lambda t: 0.0, lambda t: 30.0)
    stage.mark_set(first, [])
    stage.stand(7)
    found = measure(next(logged(stage.walk(), 3))[1])
    assert found["cadence_spm"] is None and found["null_reasons"]["cadence_spm"]


def limp(times_s: tuple[float, float], apart: float, steps_n: int = 50) -> tuple[Walk, np.ndarray]:
    """A belt at an even pace under pushes at alternating times, one foot's harder by `apart`; the pushes' middles."""
    gaps_s = np.tile(times_s, steps_n // 2)[: steps_n - 1]
    middles_s = 0.3 + np.concatenate(([0.0], np.cumsum(gaps_s)))
    peaks_n = 150 * np.where(np.arange(steps_n) % 2, 1 + apart / 2, 1 - apart / 2)

    def pull_n(t: float) -> float:
        off = (t - middles_s) / BUMP_S
        near = np.abs(off) < 1
        return 30 + float(np.sum(peaks_n[near] * np.cos(np.pi / 2 * off[near]) ** 2))

    stage = Stage(loads.belt())
    stage.stand(4)
    first = stage.row
    stage.move(float(middles_s[-1]) + 0.3, lambda t: 0.72 * t, pull_n)
    stage.mark_set(first, [])
    stage.stand(7)
    return stage.walk(), middles_s


@pytest.mark.parametrize("times_s", [(0.44, 0.66), (0.5, 0.6), (0.36, 0.74)])
@pytest.mark.parametrize("apart", [0.0, 0.2, 0.3])
def test_a_limp_is_counted_by_steps(times_s: tuple[float, float], apart: float) -> None:
    """Its asymmetry is that of the impulses between the middles of the true steps; a stride is never told as a step."""
    walk, middles_s = limp(times_s, apart)
    movement, raw = next(logged(walk, 5))
    found = measure(raw)
    assert found["steps"] == 50
    assert found["cadence_spm"] == pytest.approx(60 / np.mean(times_s), rel=0.01)
    borders_s = movement.start_s + (middles_s[1:] + middles_s[:-1]) / 2
    so_far = np.concatenate(([0.0], np.cumsum(walk.pull_n[:-1]) * 0.002))
    impulses = np.diff(np.interp(borders_s, walk.time_s, so_far))
    one, other = impulses[::2].mean(), impulses[1::2].mean()
    true_pct = 200 * (one - other) / (one + other)
    assert found["asymmetry_pct"] == pytest.approx(abs(true_pct), abs=1.0)
    assert found["gait"]["asymmetry_first_pct"] == pytest.approx(-true_pct, abs=1.0)


@pytest.mark.parametrize("has_cell", [True, False])
def test_a_coast_is_in_none_of_the_numbers(has_cell: bool) -> None:
    """10 m in 10.5 s with pull, then 3 m with nobody on the belt."""
    stage = Stage(loads.belt())
    stage.stand(4)
    first, walked_s, coast_s = stage.row, 10.5, 6.3
    speed_mps = 10 / walked_s
    wave = 2 * np.pi / 0.5
    stage.move(
        walked_s,
        lambda t: speed_mps * (t - 0.15 * np.sin(wave * t) / wave),
        lambda t: 80 - 50 * np.cos(wave * t),
    )
    last = stage.row
    stage.move(coast_s, lambda t: speed_mps * 0.85 * (t - t * t / 2 / coast_s), lambda t: 0.0)
    stage.mark_set(first, [], last=last, coasted=stage.row)
    stage.stand(7)
    movement, raw = next(logged(stage.walk(), 4, has_cell))
    found = measure(raw)
    assert found["backward_m"] == pytest.approx(10.0, abs=0.06 if has_cell else 0.4)
    assert found["mean_speed_mps"] == pytest.approx(speed_mps, rel=0.01)
    assert found["coast_m"] == pytest.approx(movement.coast_m, abs=0.06 if has_cell else 0.4)
    assert any("ran on by" in reason for reason in found["quality_reasons"])
