"""The walkers obey Newton, and their truth is what their rows say."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from retrorig.errors import InputError
from retrorig.virtual.walkers.catalogue import COMBINATIONS, PEOPLE, Combination, find
from retrorig.virtual.walkers.gait import WalkerGait
from retrorig.virtual.walkers.loads import Load
from retrorig.virtual.walkers.people import LET_GO_S, RAMP_S, Hands, Legs
from retrorig.virtual.walkers.stage import GRID_S, Stage

Floats = NDArray[np.float64]
DRAGGED = [c for c in COMBINATIONS if c.person.name in ("sled", "lurching", "heavy", "limping-sled")]
every_walker = pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda c: c.name)
every_drag = pytest.mark.parametrize("combination", DRAGGED, ids=lambda c: c.name)

IMPULSE_SHARE = 0.01
"""Of what the pull gives in a step: the rows are 2 ms apart, and rest begins and ends between two of them."""

ENERGY_SHARE = 0.005


def load_of(combination: Combination) -> Load:
    return combination.person.load(combination.variation)


def friction_n(load: Load, pull_n: Floats, v: Floats) -> Floats:
    """Dry and viscous friction against backward movement, by the law in loads.py, written anew."""
    dry = load.moving_n + (load.static_n - load.moving_n) * np.exp(-np.abs(v) / load.stribeck_mps)
    if load.weight_n:
        dry = dry * (1 - pull_n * np.sin(np.radians(load.tilt_deg)) / load.weight_n)
    return np.sign(v) * dry + load.viscous_nspm * v


def dragged(combination: Combination) -> tuple[Load, Floats, Floats, Floats]:
    """(load, speed between two rows, pull and force along the way there less what draws back) of the first set."""
    load, walk = load_of(combination), combination.walk()
    first = walk.truth.sets[0]
    rows = slice(round(first.start_s / GRID_S) - 5, round(first.end_s / GRID_S) + 5)
    v = np.diff(walk.belt_m[rows]) / GRID_S
    pull_n = (walk.pull_n[rows][1:] + walk.pull_n[rows][:-1]) / 2
    return load, v, pull_n, pull_n * np.cos(np.radians(load.tilt_deg)) - load.against_n


@every_drag
def test_momentum_is_the_integral_of_pull_less_friction(combination: Combination) -> None:
    load, v, pull_n, drive_n = dragged(combination)
    moving = (v[1:] != 0) & (v[:-1] != 0)
    force_n = drive_n - friction_n(load, pull_n, v)
    gained = load.mass_kg * np.diff(v)
    given = (force_n[1:] + force_n[:-1]) / 2 * GRID_S
    off = np.where(moving & (np.sign(v[1:]) == np.sign(v[:-1])), gained - given, 0.0)
    assert abs(np.sum(off)) < IMPULSE_SHARE * np.sum(np.abs(given[moving]))
    assert np.quantile(np.abs(off[moving]), 0.95) < 0.02 * np.max(np.abs(given))


@every_drag
def test_the_work_of_the_pull_goes_into_friction(combination: Combination) -> None:
    """A set begins and ends at rest, so no energy stays in the mass; what draws back is paid for by the way."""
    load, v, pull_n, drive_n = dragged(combination)
    done_j = np.sum(drive_n * v) * GRID_S
    lost_j = np.sum(friction_n(load, pull_n, v) * v) * GRID_S
    assert done_j == pytest.approx(lost_j, rel=ENERGY_SHARE)


def test_a_free_mass_slows_by_its_friction_alone() -> None:
    """v0^2 / 2a metres and v0 / a seconds, by hand."""
    stage = Stage(Load(10.0, static_n=5.0, moving_n=5.0))
    stage.v_mps = 1.0
    stage.drive(lambda t, x, v: (0.0, 0.0), 4.0, lambda: stage.v_mps == 0)
    assert stage.x_m == pytest.approx(1.0, abs=1e-6)
    assert stage.end_s == pytest.approx(2.0, abs=GRID_S)


@pytest.mark.parametrize("start_s", [0.5, 40.0])
def test_who_stops_lets_go_evenly_whenever_the_set_began(start_s: float) -> None:
    hands = Hands(WalkerGait(), start_s, Random(1), 0.0, line_npm=1500.0)
    legs = Legs(WalkerGait(hold_n=50.0), start_s, Random(1), Load(10.0, 5.0, 5.0), 0.0)
    assert legs.forces_n(start_s + RAMP_S / 2, 0.0, 0.0)[0] == pytest.approx(25.0)
    for walker, lasts_s in ((hands, LET_GO_S), (legs, RAMP_S)):
        walker(start_s, 0.0, 0.0)
        walker.stop()
        full_n = walker.forces_n(walker.stopped_s + 1e-9, 0.0, 0.0)[0]
        assert full_n >= 50.0 - 1e-6
        for share in (0.25, 0.5, 1.0, 5.0):
            left_n = walker.forces_n(walker.stopped_s + share * lasts_s, 0.0, 0.0)[0]
            assert left_n == pytest.approx(max(0.0, 1 - share) * full_n, abs=1e-6 * full_n)


def test_what_is_no_walk_lasts_from_its_first_movement_to_its_last() -> None:
    stage = Stage(Load(10.0, static_n=5.0, moving_n=5.0))
    stage.stand(1.0)
    first = stage.row
    stage.stand(0.5)
    stage.move(2.0, lambda t: 0.1 * t, lambda t: 0.0)
    stage.stand(3.0)
    stage.mark_remark(first, "shift")
    stage.mark_remark(stage.row, "nothing")
    (found,) = stage.walk().truth.remarks
    assert (found.reason, found.backward_m, found.forward_m) == ("shift", pytest.approx(0.2), 0.0)
    assert (found.start_s, found.end_s) == (
        pytest.approx(1.5, abs=2 * GRID_S),
        pytest.approx(3.5, abs=2 * GRID_S),
    )


def test_a_spring_gives_back_what_was_put_in() -> None:
    """A mass on a spring without friction: its amplitude and period (2 pi sqrt(m/k)) stay."""
    stage = Stage(Load(5.0, static_n=0.0, moving_n=0.0, spring_npm=80.0))
    stage.v_mps = 1.0
    period_s = 2 * np.pi * np.sqrt(5.0 / 80.0)
    stage.drive(lambda t, x, v: (0.0, 0.0), 10 * period_s)
    times = np.arange(0, stage.end_s, GRID_S)
    x = np.array([stage.position_m(t) for t in times])
    amplitude_m = np.sqrt(5.0 / 80.0)
    assert np.max(x[-round(period_s / GRID_S) :]) == pytest.approx(amplitude_m, rel=0.002)
    assert stage.position_m(10 * period_s) == pytest.approx(0.0, abs=0.01 * amplitude_m)


@every_walker
def test_every_metre_is_in_a_set_a_remark_or_between(combination: Combination) -> None:
    walk = combination.walk()
    moved, truth = np.diff(walk.belt_m), walk.truth
    backward_m = sum(m.backward_m + m.coast_m for m in truth.movements) + truth.between_backward_m
    forward_m = sum(m.forward_m for m in truth.movements) + truth.between_forward_m
    assert backward_m == pytest.approx(moved[moved > 0].sum(), abs=1e-9)
    assert forward_m == pytest.approx(-moved[moved < 0].sum(), abs=1e-9)
    assert min(truth.between_backward_m, truth.between_forward_m) > -1e-9
    ends_s = [t for m in truth.movements for t in (m.start_s, m.end_s)]
    assert ends_s == sorted(ends_s) and ends_s[-1] < walk.end_s


@every_walker
def test_a_set_begins_and_ends_with_new_ground(combination: Combination) -> None:
    walk = combination.walk()
    for one in walk.truth.sets:
        first, last = round(one.start_s / GRID_S), round(one.end_s / GRID_S)
        assert walk.belt_m[first + 1] > walk.belt_m[first]
        assert walk.belt_m[last] == pytest.approx(walk.belt_m[first : last + 1].max(), abs=1e-9)
        assert one.backward_m - one.forward_m == pytest.approx(
            walk.belt_m[last] - walk.belt_m[first], abs=1e-9
        )
        work_j = np.trapezoid(walk.pull_n[first : last + 1], walk.belt_m[first : last + 1])
        assert one.work_j == pytest.approx(work_j, rel=1e-6)
        assert walk.pull_n.min() >= 0, "a line cannot push"


@every_walker
def test_nothing_happens_faster_than_the_rows_show(combination: Combination) -> None:
    """Between two rows the pull changes by less than a fifth of its peak and the speed by less than 0.15 m/s."""
    walk = combination.walk()
    assert np.max(np.abs(np.diff(walk.pull_n))) < 0.2 * walk.pull_n.max()
    assert np.max(np.abs(np.diff(walk.belt_m, 2))) / GRID_S < 0.15


@pytest.mark.parametrize("combination", [c for c in COMBINATIONS if c.person.name.startswith("limping")],
                         ids=lambda c: c.name)  # fmt: skip
def test_who_limps_alternates_as_told(combination: Combination) -> None:
    lame = combination.variation
    for one in combination.walk().truth.sets:
        times, feet = np.array([s.time_s for s in one.steps]), np.array([s.foot for s in one.steps])
        assert set(np.abs(np.diff(feet))) == {1}
        lengths, by = np.diff(times), feet[:-1]
        told = (1 + lame.lame_time) / (1 - lame.lame_time)
        assert lengths[by == 0].mean() / lengths[by == 1].mean() == pytest.approx(told, rel=0.06)
        assert 1 / lengths.mean() == pytest.approx(lame.steps_per_s, rel=0.04)


def test_there_are_enough_and_the_same_seed_walks_the_same() -> None:
    assert len(COMBINATIONS) >= 60 and len({c.name for c in COMBINATIONS}) == len(COMBINATIONS)
    assert {c.person.name for c in COMBINATIONS} == set(PEOPLE)
    one = find("lurching/2")
    again = one.person.play(one.variation)
    assert np.array_equal(one.walk().belt_m, again.belt_m)
    assert not np.array_equal(one.with_seed(99).walk().belt_m[:5000], again.belt_m[:5000])


@pytest.mark.parametrize(("name", "reason"), [("flying", "there are even"), ("even/9", "6 variations")])
def test_an_unknown_walker_gets_one_sentence(name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        find(name)
