"""Belts that coast on under every kind of friction: the walk ends where somebody stepped off."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from tests.measure.whole_rig import logged

from retrorig.measure.metrics import measure
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers import loads
from retrorig.virtual.walkers.stage import Stage, Walk

NEAR_S, FAR_S = 0.15, 0.3
STEP_S, STEPS_N = 0.55, 20
DT_S = 0.001

FRICTIONS: dict[str, tuple[float, float, float]] = {
    "dry": (0.3, 0.0, 0.0),
    "dry, strong": (0.7, 0.0, 0.0),
    "viscous": (0.02, 1.0, 0.0),
    "viscous, strong": (0.02, 1.4, 0.0),
    "viscous, very strong": (0.02, 2.0, 0.0),
    "a brake that grows with speed": (0.02, 3.0, 0.0),
    "dry and viscous": (0.3, 0.5, 0.0),
    "a fan": (0.1, 0.0, 1.0),
    "all of them": (0.3, 1.0, 0.5),
}
"""dv/dt = -(a + b v + c v^2): a in m/s^2, b in 1/s, c in 1/m."""


@cache
def coasting(speed_mps: float, friction: tuple[float, float, float]) -> Walk:
    """Twenty even steps with a pull, stepped off at the end of the last one."""
    wave = 2 * np.pi / STEP_S
    walked_s = STEP_S * STEPS_N
    path_m = _coast_m(0.82 * speed_mps, *friction)
    coast_s = (len(path_m) - 1) * DT_S
    stage = Stage(loads.belt())
    stage.stand(4)
    first = stage.row
    stage.move(
        walked_s,
        lambda t: speed_mps * (t - 0.18 * np.sin(wave * t) / wave),
        lambda t: 80 - 50 * np.cos(wave * t),
    )
    last = stage.row
    stage.move(coast_s, _path(path_m), lambda t: 0.0)
    stage.mark_set(first, [], last=last, coasted=stage.row)
    stage.stand(15)
    return stage.walk()


def _coast_m(v_mps: float, a: float, b: float, c: float) -> list[float]:
    path_m = [0.0]
    while v_mps > 0:
        path_m.append(path_m[-1] + v_mps * DT_S)
        v_mps -= (a + b * v_mps + c * v_mps * v_mps) * DT_S
    return path_m


def _path(path_m: list[float]) -> Callable[[float], float]:
    times_s = np.arange(len(path_m)) * DT_S
    return lambda t: float(np.interp(t, times_s, path_m))


@pytest.mark.parametrize("has_cell", [True, False])
@pytest.mark.parametrize("speed_mps", [0.8, 1.6])
@pytest.mark.parametrize("friction", FRICTIONS)
def test_the_walk_ends_where_somebody_stepped_off(friction: str, speed_mps: float, has_cell: bool) -> None:
    """By the pull within the 0.15 s of every end; by the steps alone within twice that."""
    movement, raw = next(logged(coasting(speed_mps, FRICTIONS[friction]), 4, has_cell))
    found = measure(raw)
    assert found["steps"] == STEPS_N
    assert found["duration_s"] == pytest.approx(movement.duration_s, abs=NEAR_S if has_cell else FAR_S)
    assert abs(found["mean_speed_mps"] - speed_mps) < 1.5 * found["uncertainty"]["mean_speed_mps"]
    everything_m = movement.backward_m + movement.coast_m
    assert found["backward_m"] + found["coast_m"] == pytest.approx(everything_m, rel=0.01)
    assert any("ran on by" in reason for reason in found["quality_reasons"])


@pytest.mark.parametrize("has_cell", [True, False])
@pytest.mark.parametrize("friction", ["dry", "viscous"])
@pytest.mark.parametrize("counts_per_rev", [24, 40, 100])
def test_a_coarse_encoder_tells_a_coast_too(counts_per_rev: int, friction: str, has_cell: bool) -> None:
    """From 2.5 to 10 mm a count, whose flicker is no step and no gain of speed."""
    rig = RigSettings(counts_per_rev=counts_per_rev, circumference_mm=250.0)
    movement, raw = next(logged(coasting(1.6, FRICTIONS[friction]), 4, has_cell, settings=rig))
    found = measure(raw)
    assert found["steps"] == STEPS_N
    assert found["duration_s"] == pytest.approx(movement.duration_s, abs=FAR_S)
    assert found["backward_m"] + found["coast_m"] == pytest.approx(
        movement.backward_m + movement.coast_m, rel=0.01
    )
    assert abs(found["backward_m"] - movement.backward_m) < 1.5 * found["uncertainty"]["backward_m"], (
        "its counts tell less well where the walk ended than the pull's 0.03 s, and the interval says so"
    )


@pytest.mark.parametrize("has_cell", [True, False])
@pytest.mark.parametrize("speed_mps", [0.6, 1.0, 1.6])
@pytest.mark.parametrize("friction", [(0.8, 0.0, 0.0), (1.5, 0.0, 0.0), (2.5, 0.0, 0.0), (0.9, 1.2, 0.0)])
def test_no_step_is_made_up_while_a_belt_runs_out(
    friction: tuple[float, float, float], speed_mps: float, has_cell: bool
) -> None:
    """Too short for a coast, and the rhythm leaves room for a step in which nobody pulls, and no belt gains speed."""
    _, raw = next(logged(coasting(speed_mps, friction), 4, has_cell))
    assert measure(raw)["steps"] == STEPS_N
