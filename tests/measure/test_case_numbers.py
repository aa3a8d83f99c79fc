"""What the recordings of cases tell of the numbers besides test_recorded_cases.py: steps one by one, work, zero."""

from __future__ import annotations

import numpy as np
import pytest
from tests.measure.test_recorded_cases import CASES, WAIT_S, numbers, recorded, walk_of
from tests.measure.walks import matched

from retrorig.measure.gait import step_times
from retrorig.measure.metrics import measure
from retrorig.measure.recalibrate import recalibrated
from retrorig.measure.samples import sample_set
from retrorig.measure.zero import rest_zero
from retrorig.virtual.walkers.sampled import START_US


def work_j(name: str, sign: int) -> float:
    """Work of the pull over backward (1) or forward (-1) movement, by the recording's own rows."""
    walk = walk_of(name)
    parts_m = np.diff(walk.belt_m)
    middle_n = (walk.pull_n[1:] + walk.pull_n[:-1]) / 2
    return float(np.sum((middle_n * parts_m)[sign * parts_m > 0]))


@pytest.mark.parametrize("name", ["sled_by_friction", "steps_with_stands", "soft_lean", "limp_44_66"])
def test_each_step_is_found_where_it_was(name: str) -> None:
    true_s = np.loadtxt(CASES / f"{name}-steps.csv", skiprows=1)
    found = []
    for raw in recorded(name).sets:
        samples = sample_set(raw)
        found.append(step_times(samples)[0] + (samples.motion.start_us - START_US) * 1e-6 - WAIT_S)
    found_s = np.concatenate(found)
    assert len(found_s) == len(true_s) == matched(found_s, true_s)


@pytest.mark.parametrize(("name", "steps_n"), [("rocks_back", 29), ("sway_after", 22), ("coast", 21)])
def test_steps_are_counted(name: str, steps_n: int) -> None:
    """Of rocks_back: 20 s at 0.69 s each."""
    [row] = numbers(name)
    assert row["steps"] == steps_n


@pytest.mark.parametrize(("name", "true_j"), [("sled_by_friction", 2178), ("steps_with_stands", 1451)])
def test_work(name: str, true_j: float) -> None:
    """Within its interval of the sled's own sum, and within 0.3 % of the recording's."""
    [row] = numbers(name)
    assert abs(row["work_j"] - true_j) <= row["uncertainty"]["work_j"] <= 0.01 * true_j
    assert row["work_j"] == pytest.approx(work_j(name, 1), rel=0.003)


def test_braked_work_of_an_elastic_is_a_number_of_its_own() -> None:
    [row] = numbers("rocks_back")
    assert row["positive_work_j"] == pytest.approx(work_j("rocks_back", 1), rel=0.005)
    assert row["negative_work_j"] == pytest.approx(work_j("rocks_back", -1), rel=0.02)


def test_no_closed_loop_has_the_whole_loops_work() -> None:
    for row in numbers("bungee"):
        assert row["work_j"] == pytest.approx(work_j("bungee", 1) / 5, rel=0.005)


def test_the_mean_speed_after_a_lean_is_inside_its_interval() -> None:
    for row, lasting_s in zip(numbers("soft_lean"), (17.396 - 4.504, 47.780 - 34.898), strict=True):
        assert abs(row["mean_speed_mps"] - 10.005 / lasting_s) <= row["uncertainty"]["mean_speed_mps"]
        assert row["quality"] == "A", row["quality_reasons"]


@pytest.mark.parametrize("name", ["neg_both", "neg40"])
def test_the_rest_puts_a_zero_right_that_was_tared_taut(name: str) -> None:
    """The true mean of 79.8 N is inside the interval before, and told after."""
    [raw], [row] = recorded(name).sets, numbers(name)
    assert row["quality"] == "C"
    assert abs(row["mean_force_n"] - 79.8) <= row["uncertainty"]["mean_force_n"]
    zero = rest_zero(raw, sample_set(raw))
    assert zero is not None
    assert measure(recalibrated(raw, {"zero": zero}))["mean_force_n"] == pytest.approx(79.8, abs=0.3)


def test_a_reversed_cell_is_told_in_the_set() -> None:
    [raw] = recorded("inverted").sets
    turned = recalibrated(raw, {"scale_nn": -raw.header["scale_nn"]})
    row = measure(turned)
    assert row["work_j"] < 0 and row["quality"] == "C"
    assert any("are reversed" in reason for reason in row["quality_reasons"])
