"""The stated intervals: how often they hold the truth, what we claim of a usual set, and what makes them wider."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.measure.interval_coverage import KEYS, outcomes
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig.measure.budget import CLAIM_FORCE_N, CLAIM_REL
from retrorig.measure.metrics import measure
from retrorig.virtual.walkers.catalogue import COMBINATIONS

COVERED_MIN = 0.87
"""Of 78 sets with a chance of 95 % each, fewer are inside once in 500 runs. `make bench` has 608 of each quantity."""


def test_the_95_percent_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """93 to 97 % of 624 set-quantities, on walkers of all kinds, rigs and calibrations drawn from the budget."""
    off = np.array([[found[key] for key in KEYS] for _, found in outcomes(COMBINATIONS[::3], 3)])
    covered = np.abs(off) <= 1
    assert off.size >= 600
    assert 0.93 <= covered.mean() <= 0.97, covered.mean(axis=0)
    assert covered.mean(axis=0).min() >= COVERED_MIN, dict(zip(KEYS, covered.mean(axis=0), strict=True))


@pytest.mark.parametrize(("speed_mps", "force_n"), [(0.6, 100), (1.0, 180), (1.5, 300)])
def test_a_ten_metre_set_reaches_what_we_claim(speed_mps: float, force_n: float) -> None:
    steps = round(10 / speed_mps * 1.8)
    (raw,) = record(Walk(Gait(steps=steps, speed_mps=speed_mps, force_n=force_n)), Errors(), 86.0, seed=4)
    found = measure(raw)
    width = found["uncertainty"]
    assert width["backward_m"] <= 0.005 * found["backward_m"]
    assert width["mean_speed_mps"] <= 0.01 * found["mean_speed_mps"]
    assert width["mean_force_n"] <= max(0.02 * found["mean_force_n"], 3.0)
    assert width["mean_power_w"] <= 0.03 * found["mean_power_w"]
    assert found["quality"] == "A", found["quality_reasons"]


def test_the_coachs_page_claims_what_the_grades_ask_for() -> None:
    page = Path(__file__).parents[2] / "host_tools" / "COACH.md"
    claims = {key: f"+-{100 * share:g} %" for key, share in CLAIM_REL.items()}
    said = (
        f"distance {claims['backward_m']}, mean speed of a 10 m set {claims['mean_speed_mps']}, "
        f"force {claims['mean_force_n']} or {CLAIM_FORCE_N:g} N, mean power {claims['mean_power_w']}"
    )
    assert said in page.read_text(encoding="utf-8")


def test_a_short_set_says_that_its_speed_is_less_sure() -> None:
    (raw,) = record(Walk(Gait(step_hz=3.0, steps=6, speed_mps=0.5)), Errors(), 83.0, seed=1)
    found = measure(raw)
    assert found["quality"] == "B"
    assert any("mean speed is only known" in reason for reason in found["quality_reasons"])


@pytest.mark.parametrize(("drift_n_per_h", "grade"), [(0.0, "A"), (900.0, "B")])
def test_the_zero_beside_the_set_shows_its_drift(drift_n_per_h: float, grade: str) -> None:
    walk = Walk(Gait(steps=30))
    (raw,) = record(walk, Errors(drift_n_per_h=drift_n_per_h), 86.0, seed=2)
    found = measure(raw)
    drift_n = found["gait"]["zero_drift_n"]
    assert drift_n == pytest.approx(found["gait"]["zero_after_n"] - found["gait"]["zero_before_n"], abs=2e-6)
    assert drift_n == pytest.approx(drift_n_per_h / 3600 * (walk.end_s + 1.0), abs=0.1 + 0.02 * abs(drift_n))
    assert found["quality"] == grade
    assert any("zero of force moved" in reason for reason in found["quality_reasons"]) == (grade == "B")
    truth = walk.truth()["mean_force_n"]
    assert abs(found["mean_force_n"] - truth) <= found["uncertainty"]["mean_force_n"]


def test_a_line_that_stays_taut_says_nothing_about_the_zero() -> None:
    walk = Walk(Gait(steps=20))
    walk.pull_n = walk.pull_n + 60.0  # the sled's friction holds it
    (taut,) = record(walk, Errors(zero_n=60.0), 86.0, seed=2)
    found = measure(taut)
    assert [found["gait"][f"zero_{name}_n"] for name in ("before", "after", "drift")] == [None] * 3
    (slack,) = record(Walk(Gait(steps=20)), Errors(), 86.0, seed=2)
    assert found["uncertainty"]["mean_force_n"] > measure(slack)["uncertainty"]["mean_force_n"] * 1.05


def test_a_sets_own_calibration_takes_the_place_of_the_budgets() -> None:
    """In a long set nearly all of the distance's interval is the roller's, and of a strong pull's the span's."""
    (raw,) = record(Walk(Gait(steps=60, force_n=400)), Errors(), 86.0, seed=4)
    assumed = measure(raw)["uncertainty"]
    found = {}
    for pm_ppm in (1_000, 20_000):
        raw.header.update(circumference_pm_ppm=pm_ppm, span_pm_ppm=pm_ppm, linearity_mn=100)
        found[pm_ppm] = measure(raw)
    sure, unsure = (found[pm_ppm]["uncertainty"] for pm_ppm in (1_000, 20_000))
    assert sure["backward_m"] < 0.6 * assumed["backward_m"] and sure["mean_force_n"] < assumed["mean_force_n"]
    for key in ("backward_m", "mean_force_n"):
        assert unsure[key] == pytest.approx(0.02 * found[20_000][key], rel=0.05)
    assert found[1_000]["quality"] == "A" and found[20_000]["quality"] == "B"


def test_a_bent_cell_makes_every_pull_less_sure() -> None:
    (raw,) = record(Walk(Gait(steps=30, force_n=100)), Errors(), 86.0, seed=4)
    straight = measure(raw)["uncertainty"]["mean_force_n"]
    raw.header["linearity_mn"] = 5_000
    bent = measure(raw)["uncertainty"]["mean_force_n"]
    assert bent > 3 * straight and bent == pytest.approx(2 * 5 / 3**0.5, rel=0.1)


def test_a_rig_that_was_never_calibrated_says_so() -> None:
    (raw,) = record(Walk(Gait(steps=30)), Errors(), 86.0, seed=4)
    raw.header["cal"] = "none"
    found = measure(raw)
    assert found["quality"] == "B" and any(
        "belt is not calibrated" in reason for reason in found["quality_reasons"]
    )
