"""Steps against walks in which every push is known, and against recordings that have events of their own."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import GRID_S as WALK_GRID_S
from tests.measure.walks import Gait, Walk, matched

from retrorig.measure.feet import SIDE_MIN_N, alternation
from retrorig.measure.gait import RIPPLE_MIN_MPS
from retrorig.measure.metrics import measure
from retrorig.measure.rhythm import GRID_S
from retrorig.measure.steps import Ripple, find_steps
from retrorig.recording import read_recording

RECORDINGS = Path(__file__).parent / "recordings"
BELTS = Path(__file__).parents[2] / "host_tools" / "retrorig" / "recordings"
GAITS = tuple(
    Gait(
        step_hz=hz, steps=steps, humps=humps, asymmetry_pct=asymmetry, limp_pct=limp, ripple=ripple, seed=seed
    )
    for seed, (hz, steps, humps, asymmetry, limp, ripple) in enumerate(
        itertools.product((0.8, 1.2, 1.8, 2.5, 3.5), (12, 30), (1, 2), (0, 25), (0, 12), (0.15, 0.5))
    )
)


def ripple_of(walk: Walk, source: str) -> Ripple:
    t_s = np.arange(0, walk.end_s, GRID_S)
    values = walk.pull_n if source == "force" else walk.speed_mps
    return Ripple(t_s, np.interp(t_s, walk.t_s, values), 2.0 if source == "force" else RIPPLE_MIN_MPS)


def scores(gaits, source: str) -> tuple[float, float]:
    """Precision and recall over all walks together."""
    right = found_n = true_n = 0
    for gait in gaits:
        walk = Walk(gait)
        found = find_steps(ripple_of(walk, source))
        right += matched(found, walk.push_s)
        found_n += len(found)
        true_n += len(walk.push_s)
    return right / found_n, right / true_n


@pytest.mark.parametrize("source", ["force", "speed"])
def test_98_percent_of_the_steps_of_160_walks_are_found_and_no_others(source: str) -> None:
    precision, recall = scores(GAITS, source)
    assert precision >= 0.98
    assert recall >= 0.98


@pytest.mark.parametrize(("first_hz", "last_hz"), [(0.9, 2.5), (3.0, 1.2), (1.2, 3.5)])
def test_a_changing_cadence_is_followed(first_hz: float, last_hz: float) -> None:
    precision, recall = scores([Gait(step_hz=first_hz, last_hz=last_hz, steps=40, seed=3)], "force")
    assert min(precision, recall) >= 0.97


def test_the_46_contacts_of_one_leg_are_found() -> None:
    """Every second step, in the ground reaction of one leg; the truth is a threshold of 50 N, as its README says."""
    recording = read_recording(RECORDINGS / "one-leg-contacts.csv")
    t_s = np.arange(0, recording.end_s, GRID_S)
    force_n = np.interp(t_s, recording.time_s, recording.force_n)
    contacts = contacts_s(t_s, force_n, 50.0)
    found = find_steps(Ripple(t_s, force_n, 20.0))
    assert len(found) == len(contacts) == 46
    assert np.abs(found - contacts).max() < 0.2


class Unpulled:
    """A recorded belt without a line."""

    def __init__(self, time_s: np.ndarray, belt_m: np.ndarray) -> None:
        self._time_s, self._belt_m = time_s, belt_m
        self.end_s = float(time_s[-1])
        self.pull_n = np.zeros(round(self.end_s / WALK_GRID_S) + 1)

    def position_m(self, t_s: float) -> float:
        return float(np.interp(t_s, self._time_s, self._belt_m))


def test_who_walks_on_a_driven_belt_shows_in_its_speed() -> None:
    """No pull at all; the truth is the strongest line between 1 and 2.5 Hz in the recorded belt's own speed."""
    recording = read_recording(BELTS / "treadmill-belt.csv")
    time_s, belt_m = np.array(recording.time_s), np.array(recording.belt_m)
    walked = (time_s > 5) & (time_s < 28)
    speed = np.gradient(belt_m, time_s)[walked]
    spectrum = np.abs(np.fft.rfft((speed - speed.mean()) * np.hanning(len(speed)), 1 << 16))
    hz = np.fft.rfftfreq(1 << 16, 0.01)
    likely = (hz > 1) & (hz < 2.5)
    true_hz = hz[likely][np.argmax(spectrum[likely])]
    (raw,) = record(Unpulled(time_s, belt_m), Errors(), 85.0, seed=4)  # type: ignore[arg-type]
    found = measure(raw)
    assert found["gait"]["steps_from"] == "speed"
    assert found["cadence_spm"] == pytest.approx(60 * true_hz, rel=0.02)
    assert (
        0.9 <= found["steps"] / (true_hz * found["duration_s"]) <= 1.02
    )  # fewer: the belt starts before the walk


@pytest.mark.parametrize("mps", [0.3, 1.0, 2.0])
def test_a_belt_that_runs_evenly_has_no_steps(mps: float) -> None:
    time_s = np.arange(0, 20, 0.01)
    (raw,) = record(Unpulled(time_s, mps * time_s), Errors(), 85.0, seed=5)  # type: ignore[arg-type]
    assert measure(raw)["steps"] is None


def contacts_s(t_s: np.ndarray, force_n: np.ndarray, threshold_n: float) -> np.ndarray:
    """Middles of the times above the threshold that are whole within the recording."""
    above = (force_n > threshold_n).astype(int)
    rises, falls = np.flatnonzero(np.diff(above) > 0), np.flatnonzero(np.diff(above) < 0)
    falls = falls[falls > rises[0]]
    n = min(len(rises), len(falls))
    return t_s[(rises[:n] + falls[:n]) // 2]


@pytest.mark.parametrize("seed", range(8))
def test_noise_and_an_even_pull_have_no_steps(seed: int) -> None:
    chance = np.random.default_rng(seed)
    t_s = np.arange(0, 20, GRID_S)
    assert len(find_steps(Ripple(t_s, 150 + 0.3 * chance.standard_normal(len(t_s)), 2.0))) == 0
    wide = np.convolve(chance.standard_normal(len(t_s)), np.ones(5) / 5, mode="same")
    assert len(find_steps(Ripple(t_s, 150 + 5 * wide, 2.0))) == 0


@pytest.mark.parametrize("scale", [-1.0, 1.0])
def test_short_and_constant_signals_have_no_steps(scale: float) -> None:
    assert len(find_steps(Ripple(np.arange(5) * GRID_S, np.ones(5) * scale, 2.0))) == 0
    assert len(find_steps(Ripple(np.arange(500) * GRID_S, np.ones(500) * scale, 2.0))) == 0


def measured(gait: Gait, rate_hz: float = 85.0) -> dict:
    walk = Walk(gait)
    (raw,) = record(walk, Errors(), rate_hz, seed=gait.seed)
    return measure(raw)


def test_cadence_and_step_length() -> None:
    found = measured(Gait(step_hz=1.8, steps=40, time_pct=3, seed=2))
    assert found["steps"] == 40
    assert found["cadence_spm"] == pytest.approx(108, rel=0.02)
    assert found["step_length_m"] == pytest.approx(1.0 / 1.8, rel=0.03)
    assert found["gait"]["steps_from"] == "force"


@pytest.mark.parametrize("n", [12, 40])
def test_an_alternation_s_interval_holds_the_truth_as_often_as_it_says(n: int) -> None:
    """19 of 20 times over 4,000 rows of values: give or take 0.7 % by chance at two standard deviations."""
    rng = np.random.default_rng(n)
    true_pct, drift, noise = 8.0, 0.002, 0.05
    sign = np.where(np.arange(n) % 2, -1.0, 1.0)
    held_n, tries_n = 0, 4000
    for _ in range(tries_n):
        values = 1 + true_pct / 200 * sign + drift * np.arange(n) + noise * rng.normal(size=n)
        percent, pm = alternation(values / values.mean())
        held_n += abs(percent - true_pct / (1 + drift * (n - 1) / 2)) <= pm
    assert held_n / tries_n == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("asymmetry", [-20.0, 0.0, 20.0])
def test_left_against_right_within_its_own_interval(asymmetry: float) -> None:
    """What one foot pushes more by 20 %, at 40 % ripple, is 8 % of the pull's impulse."""
    inside = 0
    for seed in range(12):
        gait = Gait(steps=40, asymmetry_pct=asymmetry, strength_pct=5, ripple=0.4, seed=seed)
        found = measured(gait)
        truth = impulse_asymmetry(Walk(gait))
        assert abs(truth) == pytest.approx(abs(asymmetry) * 0.4, abs=2.5)
        inside += abs(found["asymmetry_pct"] - abs(truth)) <= found["gait"]["asymmetry_pm_pct"] + 0.5
    assert inside >= 10  # 95 % of 12 is 11; fewer than 10 happens once in 50 runs


def impulse_asymmetry(walk: Walk) -> float:
    """From the true pull between the true borders of the steps."""
    borders_s = np.concatenate(([0.0], (walk.push_s[1:] + walk.push_s[:-1]) / 2, [walk.end_s]))
    so_far = np.concatenate(([0.0], np.cumsum((walk.pull_n[1:] + walk.pull_n[:-1]) / 2 * np.diff(walk.t_s))))
    impulse = np.diff(np.interp(borders_s, walk.t_s, so_far))[3:-3]
    one, other = impulse[::2].mean(), impulse[1::2].mean()
    return 200 * (one - other) / (one + other)


def test_too_few_steps_leave_asymmetry_blank_with_the_reason() -> None:
    found = measured(Gait(steps=2 * SIDE_MIN_N - 4))
    assert found["steps"] == 2 * SIDE_MIN_N - 4
    assert found["asymmetry_pct"] is None
    assert str(2 * SIDE_MIN_N) in found["null_reasons"]["asymmetry_pct"]


def test_ten_samples_a_second_can_not_carry_steps() -> None:
    found = measured(Gait(steps=20), rate_hz=10.0)
    for key in ("steps", "cadence_spm", "step_length_m", "asymmetry_pct", "slack_s"):
        assert found[key] is None
        assert "10 samples a second" in found["null_reasons"][key]
    assert found["quality"] == "C" and "RATE pin" in found["quality_reasons"][0]
    assert found["backward_m"] == pytest.approx(Walk(Gait(steps=20)).belt_m[-1], abs=0.002)


def test_slack_and_snaps_are_counted() -> None:
    gait = Gait(step_hz=1.5, steps=24, slacks=(8, 15), seed=5)
    found = measured(gait)
    # The filters make the edges 4 conversions and +-80 ms soft; a slack step lasts 0.67 s.
    assert found["slack_s"] == pytest.approx(2 / 1.5, abs=0.2)
    assert found["gait"]["snaps"] == 2
    assert measured(Gait(step_hz=1.5, steps=24, seed=5))["slack_s"] == 0


class Stopping:
    """A walk that stands still from `at_s` on for `pause_s`, then goes on."""

    def __init__(self, walk: Walk, at_s: float, pause_s: float) -> None:
        self._walk, self._at_s, self._pause_s = walk, at_s, pause_s
        self.end_s = walk.end_s + pause_s
        grid_s = np.arange(0, self.end_s, GRID_S / 10)
        self.pull_n = np.array([walk.force_n(self._walked_s(t)) for t in grid_s])

    def _walked_s(self, t_s: float) -> float:
        return min(t_s, max(self._at_s, t_s - self._pause_s))

    def position_m(self, t_s: float) -> float:
        return self._walk.position_m(self._walked_s(t_s))


def test_stalls_are_counted_and_ends_are_none() -> None:
    walk = Walk(Gait(step_hz=1.5, steps=24))
    (raw,) = record(Stopping(walk, 6.0, 1.2), Errors(), 85.0, seed=1)  # type: ignore[arg-type]
    row = measure(raw)
    assert row["stalls"] == 1
    json.dumps(row)  # what is stored and printed is plain numbers, never an array library's own
    assert measured(Gait(step_hz=1.5, steps=24))["stalls"] == 0
