"""Grades that mean something, on walks whose every newton is known."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig.measure.budget import COVER
from retrorig.measure.conversions import conversions_of
from retrorig.measure.metrics import measure
from retrorig.measure.quality import grade
from retrorig.measure.recalibrate import recalibrated
from retrorig.measure.samples import sample_set
from retrorig.measure.zero import Zero, rest_zero, zero_of

WALK = Gait(steps=30, force_n=80)


def reasons(found: dict) -> str:
    return " ".join(found["quality_reasons"])


@pytest.mark.parametrize("zero_n", [-4.0, -12.0, -40.0, -200.0])
def test_a_line_that_reads_below_zero_at_rest_was_tared_wrongly(zero_n: float) -> None:
    """Whatever it reads; the reason names both readings, the interval covers, and the rest puts it right."""
    walk = Walk(WALK)
    (raw,) = record(walk, Errors(zero_n=zero_n), 86.0, seed=3)
    found, truth_n = measure(raw), walk.truth()["mean_force_n"]
    assert found["quality"] == "C"
    assert reasons(found).count(f"{zero_n:.1f} N") == 2 and "--zero rest" in reasons(found)
    assert abs(found["mean_force_n"] - truth_n) <= found["uncertainty"]["mean_force_n"]
    zero = rest_zero(raw, sample_set(raw))
    assert zero is not None
    put_right = measure(recalibrated(raw, {"zero": zero}))
    assert put_right["quality"] == "A", put_right["quality_reasons"]
    assert put_right["mean_force_n"] == pytest.approx(truth_n, abs=0.2)


def test_doubt_grows_with_a_wrong_zero() -> None:
    grades = []
    for zero_n in (0.0, -2.0, -5.0):
        (raw,) = record(Walk(WALK), Errors(zero_n=zero_n), 86.0, seed=3)
        grades.append(measure(raw)["quality"])
    assert grades == ["A", "B", "C"]


def test_a_line_that_is_taut_before_a_set_is_no_zero() -> None:
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    before = sample_set(raw).conversions.ready_us < raw.header["start_us"]
    raw.code = [
        code + 40 * 2147 if is_before else code for code, is_before in zip(raw.code, before, strict=True)
    ]
    assert measure(raw)["gait"]["zero_before_n"] is None
    assert rest_zero(raw, sample_set(raw)) == pytest.approx(raw.header["zero"], abs=0.2 * 2147)


def test_the_zero_after_a_set_waits_until_a_swinging_line_has_settled() -> None:
    """It pulls by 4 N for 0.4 s after the last movement, and swings meanwhile."""
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    still = sample_set(raw)
    since_s = still.conversions.ready_us * 1e-6 - raw.header["start_us"] * 1e-6 - still.motion.duration_s
    swing_n = np.where((since_s > 0) & (since_s < 0.4), 4 + 1.5 * np.sin(since_s * 40), 0)
    raw.code = [round(code + 2147 * more) for code, more in zip(raw.code, swing_n, strict=True)]
    swung, quiet = zero_of(sample_set(raw)), zero_of(still)
    assert quiet.after_n is not None and swung.after_n == pytest.approx(quiet.after_n, abs=0.1)


def test_work_done_and_braked_are_two_numbers() -> None:
    walk = Walk(replace(WALK, ripple=3.0, force_n=60))  # pushes that go well below zero between them
    (raw,) = record(walk, Errors(), 86.0, seed=3)
    found = measure(raw)
    parts_j = (walk.pull_n[1:] + walk.pull_n[:-1]) / 2 * np.diff(walk.belt_m)
    assert found["positive_work_j"] == pytest.approx(parts_j[parts_j > 0].sum(), rel=0.02)
    assert found["negative_work_j"] == pytest.approx(parts_j[parts_j < 0].sum(), rel=0.02, abs=1.0)
    assert found["negative_work_j"] < -20
    assert found["positive_work_j"] + found["negative_work_j"] == pytest.approx(found["work_j"], abs=0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mean_force_n": -3.0}, "below zero"),
        ({"work_j": -3.0}, "below zero"),
        ({"slack_s": 2.1}, "slack for 21 % of the time"),
        ({"forward_m": 1.1}, "forward by 1.10 m"),
    ],
)
def test_no_a_for_what_no_walk_under_load_looks_like(change: dict, words: str) -> None:
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    sound = {
        "duration_s": 10.0, "backward_m": 10.0, "forward_m": 0.0, "slack_s": 0.0, "mean_force_n": 80.0, "work_j": 800.0,
    }  # fmt: skip
    samples, zero = sample_set(raw), Zero(0.0, 0.0)
    assert grade(raw, samples, zero, sound, {})[0] == "A"
    found, said = grade(raw, samples, zero, sound | change, {})
    assert found != "A" and words in " ".join(said)


@pytest.mark.parametrize("value", [0.0, 0.1, -0.1])
def test_a_mean_that_is_lost_in_its_interval_is_said_to_be(value: float) -> None:
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    values = {"mean_power_w": value, "mean_speed_mps": 1.0}
    found, said = grade(raw, sample_set(raw), Zero(0.0, 0.0), values, {"mean_power_w": 1.6})
    assert found != "A" and "mean power can't be told from zero: it is known to 1.6 W only" in said
    assert "%" not in " ".join(said)


@pytest.mark.parametrize(("width_w", "is_told"), [(2.1, True), (0.9, False)])
def test_a_mean_power_that_is_known_to_a_fifth_is_no_a(width_w: float, is_told: bool) -> None:
    """However small the pull: 10 W in a set of 1 m/s, where 3 N are what we claim."""
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    values = {"mean_power_w": 10.0, "mean_speed_mps": 1.0}
    found, said = grade(raw, sample_set(raw), Zero(0.0, 0.0), values, {"mean_power_w": width_w})
    assert (found != "A") == ("mean power is only known to 21.0 %" in said) == is_told


@pytest.mark.parametrize(("share", "is_told"), [(0.021, True), (0.009, False)])
def test_an_end_that_is_unclear_by_more_than_two_percent_is_no_a(share: float, is_told: bool) -> None:
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    samples = sample_set(raw)
    sd_s = share * samples.motion.duration_s / COVER
    unclear = replace(samples, motion=replace(samples.motion, ends_sd_s=sd_s))
    found, said = grade(raw, unclear, Zero(0.0, 0.0), {}, {})
    assert (found != "A") == is_told
    assert any("began or ended is unclear" in reason for reason in said) == is_told


def test_vibration_of_a_sound_cell_is_no_loss_and_a_torn_bit_is_one() -> None:
    (raw,) = record(Walk(WALK), Errors(), 86.0, seed=3)
    chance = Random(1)
    shaken = [code + round(chance.gauss(0, 15_000)) for code in raw.code]
    torn = list(raw.code)
    torn[300] += 1 << 16
    raw.code = shaken
    assert conversions_of(raw).sound.all()
    raw.code = torn
    assert np.flatnonzero(~conversions_of(raw).sound).tolist() == [300]
