"""Each kind of walker does what its name says; relatives of what was found in the field."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrorig.recording import read_recording
from retrorig.virtual.walkers.catalogue import COMBINATIONS, Combination, find
from retrorig.virtual.walkers.stage import GRID_S, Walk
from retrorig.virtual.walkers.truth import TrueMovement

Floats = NDArray[np.float64]
CONTACTS = Path(__file__).parents[1] / "measure" / "recordings" / "one-leg-contacts.csv"


def those(*names: str) -> pytest.MarkDecorator:
    chosen = [c for c in COMBINATIONS if c.person.name in names]
    return pytest.mark.parametrize("combination", chosen, ids=lambda c: c.name)


def speed_in(walk: Walk, one: TrueMovement) -> Floats:
    """Speed between the rows of a movement."""
    return np.diff(walk.belt_m[round(one.start_s / GRID_S) : round(one.end_s / GRID_S) + 1]) / GRID_S


def rests_s(v: Floats) -> Floats:
    """Lengths of the times at rest."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (v == 0).astype(int), [0]))))
    return (edges[1::2] - edges[::2]) * GRID_S


@those("dipping")
def test_the_belt_touches_rest_in_each_slow_step(combination: Combination) -> None:
    walk = combination.walk()
    for one in walk.truth.sets:
        rests = rests_s(speed_in(walk, one))
        assert abs(np.sum(rests > 0.01) - len(one.steps)) <= 3


def test_heavy_sleds_stand_half_a_second_and_a_held_pull_over_two() -> None:
    walk = find("lurching/2").walk()
    assert np.median(rests_s(speed_in(walk, walk.truth.sets[0]))) == pytest.approx(0.5, abs=0.1)
    walk = find("heavy/2").walk()
    one = walk.truth.sets[0]
    v = speed_in(walk, one)
    held_n = walk.pull_n[round(one.start_s / GRID_S) :][: len(v)][v == 0]
    assert rests_s(v).max() > 2.2 and np.median(held_n) > 100


@those("rocking")
def test_an_elastic_draws_back_some_centimetres_each_step(combination: Combination) -> None:
    for one in combination.walk().truth.sets:
        assert 0.04 < one.forward_m / len(one.steps) < 0.20
        assert one.braked_j < 0


@those("bungee", "pushing-back")
def test_what_goes_out_comes_back_between_the_sets(combination: Combination) -> None:
    walk = combination.walk()
    for one, following in zip(walk.truth.sets, walk.truth.sets[1:]):
        back = walk.belt_m[round(one.end_s / GRID_S)] - walk.belt_m[round(following.start_s / GRID_S)]
        assert back > 1.0 and back == pytest.approx(combination.variation.metres, abs=0.01)


@those("leaning")
def test_a_lean_creeps_millimetres_before_the_set(combination: Combination) -> None:
    walk = combination.walk()
    for one in walk.truth.sets:
        assert one.is_leaning
        first = round(one.start_s / GRID_S)
        crept_m = walk.belt_m[first] - walk.belt_m[first - round(2.5 / GRID_S)]
        assert crept_m == pytest.approx(combination.variation.amount * 1e-3, rel=0.05)
        assert walk.pull_n[first - 1] > 0.5 * one.mean_force_n


@those("swaying")
def test_swaying_is_between_the_sets(combination: Combination) -> None:
    walk = combination.walk()
    one, following = walk.truth.sets[:2]
    assert following.start_s - one.end_s > 40
    stood = walk.belt_m[round(one.end_s / GRID_S) : round(following.start_s / GRID_S)]
    assert np.ptp(stood) == pytest.approx(2e-3 * combination.variation.amount, rel=0.1)


@those("coasting")
def test_a_belt_coasts_on_without_pull(combination: Combination) -> None:
    walk = combination.walk()
    for one in walk.truth.sets:
        assert one.coast_m > 0.3 and one.coast_s > 1.0
        off = round(one.end_s / GRID_S)
        assert np.all(walk.pull_n[off + 16 : off + round(one.coast_s / GRID_S)] == 0)


@those("slow")
def test_the_slow_walk_slowly(combination: Combination) -> None:
    for one in combination.walk().truth.sets:
        assert one.mean_speed_mps == pytest.approx(combination.variation.speed_mps, rel=0.2)
        overlaps = [a.end_s - b.start_s for a, b in zip(one.steps, one.steps[1:])]
        assert 0.1 < np.mean(overlaps) * combination.variation.steps_per_s < 0.7


@those("kicking", "stepping-on", "hand", "spinning", "dog")
def test_what_is_no_walk_is_a_remark_without_pull(combination: Combination) -> None:
    walk = combination.walk()
    assert len(walk.truth.remarks) >= 2 == len(walk.truth.sets)
    assert all(one.peak_force_n == 0 and one.reason for one in walk.truth.remarks)


@those("kicking")
def test_kicks_are_at_most_a_quarter_of_a_metre(combination: Combination) -> None:
    assert all(0.02 < one.backward_m <= 0.25 for one in combination.walk().truth.remarks)


def test_even_steps_vary_and_overlap_as_a_recorded_leg_does() -> None:
    """Contacts of one leg on a treadmill: strides vary by 1.7 %, and each lasts 62 % of a stride (125 % of a step)."""
    recording = read_recording(CONTACTS)
    time_s, force_n = np.array(recording.time_s), np.array(recording.force_n)
    above = (force_n > 50).astype(int)
    landed, left = time_s[np.flatnonzero(np.diff(above) > 0)], time_s[np.flatnonzero(np.diff(above) < 0)]
    strides_s = np.diff(landed)
    recorded_pct = 100 * strides_s.std() / strides_s.mean()
    recorded_share = np.median(left[left > landed[0]][: len(landed) - 1] - landed[:-1]) / np.median(strides_s)
    for name in ("even", "sled", "brisk/2"):
        steps = find(name).walk().truth.sets[0].steps
        times = np.array([step.time_s for step in steps])
        ours_s = times[2:] - times[:-2]
        assert 0.5 < 100 * ours_s.std() / ours_s.mean() / recorded_pct < 2.5
        share = np.median([step.end_s - step.start_s for step in steps]) / np.median(ours_s)
        assert share == pytest.approx(recorded_share, abs=0.25)
