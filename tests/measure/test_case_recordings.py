"""Recordings on which the numbers were wrong once (tests/cases_data), each with its right values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measure.thin_rig import WAIT_S, ZERO, Errors, record
from tests.measure.walks import GRID_S, matched

from retrorig.measure.gait import step_times
from retrorig.measure.metrics import measure
from retrorig.measure.recalibrate import recalibrated
from retrorig.measure.samples import sample_set
from retrorig.measure.zero import rest_zero
from retrorig.recording import read_recording
from rigcore.decode import RawSet

CASES = Path(__file__).parents[1] / "cases_data"
RATE_HZ = 86.0
NEAR_S = 0.15


class Played:
    """A recording as the thinned rig takes it."""

    def __init__(self, name: str) -> None:
        recording = read_recording(CASES / name / "rec.csv")
        self.end_s, self.position_m = recording.end_s, recording.position_m
        self.t_s = np.arange(0, self.end_s + GRID_S, GRID_S)
        self.belt_m = np.interp(self.t_s, recording.time_s, recording.belt_m)
        self.pull_n = np.interp(self.t_s, recording.time_s, recording.force_n)

    def sets(self) -> list[RawSet]:
        return record(self, Errors(), RATE_HZ, seed=3)  # type: ignore[arg-type]

    def work_j(self, sign: int) -> float:
        """Work of the pull over backward (1) or forward (-1) movement, by the recording's own rows."""
        parts_m = np.diff(self.belt_m)
        middle_n = (self.pull_n[1:] + self.pull_n[:-1]) / 2
        return float(np.sum((middle_n * parts_m)[sign * parts_m > 0]))


def the_set(name: str) -> tuple[RawSet, dict[str, Any]]:
    (raw,) = Played(name).sets()
    return raw, measure(raw)


@pytest.mark.parametrize(
    ("name", "lasting_s", "net_m", "steps_n"),
    [
        ("stop_go_sled", 21.5, 4.96, 20),
        ("sled_by_friction", 29.55, 8.772, 30),
        ("steps_with_stands", 29.55, 10.00, 25),
        ("rocks_back", 20.0, 8.58, 29),
        ("sway_after", 10.6, 10.00, 22),
        ("coast", 10.5, 10.00, 21),
    ],
)
def test_length_time_and_steps(name: str, lasting_s: float, net_m: float, steps_n: int) -> None:
    """Steps of rocks_back: 20 s at 0.69 s each."""
    _, found = the_set(name)
    assert found["duration_s"] == pytest.approx(lasting_s, abs=NEAR_S)
    assert found["backward_m"] - found["forward_m"] == pytest.approx(net_m, abs=max(0.006, 0.002 * net_m))
    assert found["mean_speed_mps"] == pytest.approx(net_m / lasting_s, rel=0.015)
    assert found["steps"] == steps_n


@pytest.mark.parametrize(("name", "work_j"), [("sled_by_friction", 2178), ("steps_with_stands", 1451)])
def test_work(name: str, work_j: float) -> None:
    """Within its interval of the sled's own sum, and within 0.2 % of the recording's."""
    _, found = the_set(name)
    assert abs(found["work_j"] - work_j) <= found["uncertainty"]["work_j"] <= 0.01 * work_j
    assert found["work_j"] == pytest.approx(Played(name).work_j(1), rel=0.002)


@pytest.mark.parametrize("name", ["sled_by_friction", "steps_with_stands", "soft_lean", "limp_44_66"])
def test_each_step_is_found_where_it_was(name: str) -> None:
    true_s = np.loadtxt(CASES / name / "steps.csv", skiprows=1) + WAIT_S
    sets = [sample_set(raw) for raw in Played(name).sets()]
    found_s = np.concatenate([step_times(each)[0] + _start_s(each.motion.start_us) for each in sets])
    assert len(found_s) == len(true_s) == matched(found_s, true_s)


def _start_s(start_us: float) -> float:
    return (start_us - ((1 << 30) - 5_000_000)) * 1e-6


def test_a_lean_that_creeps_is_in_no_number() -> None:
    """Two sets of 10.01 m in 12.89 s; the mean speed's interval holds."""
    found = [measure(raw) for raw in Played("soft_lean").sets()]
    assert len(found) == 2
    for each, lasting_s in zip(found, (17.396 - 4.504, 47.780 - 34.898), strict=True):
        assert each["backward_m"] == pytest.approx(10.0, abs=0.02) and each["steps"] == 22
        assert abs(each["mean_speed_mps"] - 10.005 / lasting_s) <= each["uncertainty"]["mean_speed_mps"]
        assert each["quality"] == "A", each["quality_reasons"]


def test_a_limp_is_two_steps_of_two_feet() -> None:
    _, found = the_set("limp_44_66")
    assert found["steps"] == 50 and found["cadence_spm"] == pytest.approx(109, abs=1)
    assert found["asymmetry_pct"] == pytest.approx(8.7, abs=0.2)


def test_a_coast_is_told_apart() -> None:
    _, found = the_set("coast")
    assert found["backward_m"] == pytest.approx(10.0, abs=0.02) and found["coast_m"] == pytest.approx(
        3.0, abs=0.02
    )
    assert found["mean_speed_mps"] == pytest.approx(0.95, abs=0.005)
    assert any("ran on by" in reason for reason in found["quality_reasons"])


def test_braked_work_of_an_elastic_is_a_number_of_its_own() -> None:
    played = Played("rocks_back")
    (raw,) = played.sets()
    found = measure(raw)
    assert found["positive_work_j"] == pytest.approx(played.work_j(1), rel=0.003)
    assert found["negative_work_j"] == pytest.approx(played.work_j(-1), rel=0.01)


def test_no_closed_loop_has_a_mean_speed_of_zero() -> None:
    """Out 3 m and back, five times: each way out is a set of its own, none has the whole loop's work."""
    found = [measure(raw) for raw in Played("bungee").sets()]
    assert len(found) == 5
    for each in found:
        assert each["backward_m"] == pytest.approx(3.05, abs=0.02) and each["mean_speed_mps"] > 0.7
        assert each["work_j"] == pytest.approx(Played("bungee").work_j(1) / 5, rel=0.003)


@pytest.mark.parametrize(("name", "rest_n"), [("neg_both", -12.0), ("neg40", -40.0)])
def test_a_zero_that_was_tared_taut(name: str, rest_n: float) -> None:
    """Not A, both readings named, the true mean of 79.8 N inside the interval, and the rest puts it right."""
    raw, found = the_set(name)
    assert found["quality"] == "C"
    assert " ".join(found["quality_reasons"]).count(f"{rest_n:.1f} N") == 2
    assert abs(found["mean_force_n"] - 79.8) <= found["uncertainty"]["mean_force_n"]
    zero = rest_zero(raw, sample_set(raw))
    assert zero is not None
    assert measure(recalibrated(raw, {"zero": zero}))["mean_force_n"] == pytest.approx(79.8, abs=0.2)


def test_a_reversed_cell_is_told_in_the_set() -> None:
    raw, _ = the_set("inverted")
    raw.code = [2 * ZERO - code for code in raw.code]
    found = measure(raw)
    assert found["work_j"] < 0 and found["quality"] == "C"
    assert any("are reversed" in reason for reason in found["quality_reasons"])
