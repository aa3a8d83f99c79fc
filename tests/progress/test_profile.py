"""Load-velocity profiles of people whose line is known, and the refusals."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.progress.haul import Haul, samples
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.progress.points import left_out, points_of
from retrorig.progress.profile import Point, profile_of

LOADS_KG = (20.0, 45.0, 70.0, 95.0)
RUNS_N = 1000


def points(loads: tuple[float, ...], v0: float, l0: float, sd: float = 0.0, seed: int = 0) -> list[Point]:
    chance = np.random.default_rng(seed)
    return [Point(f"s{i}", x, v0 * (1 - x / l0) + sd * chance.standard_normal()) for i, x in enumerate(loads)]


@given(st.floats(0.8, 3.0), st.floats(120, 400), st.floats(1, 90))
def test_an_exact_line_gives_its_loads(v0: float, l0: float, decrement_pct: float) -> None:
    found = profile_of(points(LOADS_KG, v0, l0), "load_kg", [decrement_pct])
    assert found.v0_mps.value == pytest.approx(v0, rel=1e-6)
    assert found.l0 == pytest.approx(l0, rel=1e-6)
    (load,) = found.next_loads
    assert load.load == pytest.approx(decrement_pct / 100 * l0, rel=1e-6)
    assert load.speed_mps == pytest.approx(v0 * (1 - decrement_pct / 100), rel=1e-6)
    assert load.is_tested == (20.0 <= decrement_pct / 100 * l0 <= 95.0) or abs(load.load - 20) < 1e-6


def test_the_next_load_lies_in_its_interval_as_often_as_it_says() -> None:
    hits = 0
    for seed in range(RUNS_N):
        (load,) = profile_of(points(LOADS_KG * 2, 1.5, 180.0, 0.03, seed), "load_kg", [25.0]).next_loads
        hits += load.low <= 45.0 <= load.high
    assert hits / RUNS_N == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / RUNS_N) ** 0.5)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ([], "3 different loads, and there are 0"),
        (points((20.0, 20.0, 60.0, 60.5), 1.5, 180.0), "3 different loads, and there are 2"),
        (points((70.0, 80.0, 90.0, 98.0), 1.5, 180.0), "too much alike"),
        (points((0.0, 0.0, 0.0), 1.5, 180.0), "too much alike"),
        (points(LOADS_KG, 1.5, -180.0), "does not surely fall"),
        (points((20.0, 50.0, 80.0), 1.0, 1e9, 0.2, 1), "does not surely fall"),
    ],
)
def test_too_few_too_narrow_or_not_falling_is_refused(made: list[Point], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        profile_of(made, "load_kg")


def test_who_has_too_few_loads_hears_how_many_there_are_and_whether_they_are_pulls() -> None:
    for made, are in (
        (points((20.0,), 1.5, 180.0), "there is 1"),
        (points((20.0, 60.0), 1.5, 180.0), "there are 2"),
    ):
        with pytest.raises(InputError, match=f"{are}: walk more loads"):
            profile_of(made, "load_kg")
        with pytest.raises(
            InputError, match=f"{are}, by the pull, as not enough sets have a load noted: walk"
        ):
            profile_of(made, "mean_force_n")


@pytest.mark.parametrize("decrement_pct", [0.0, 100.0, float("nan")])
def test_a_decrement_that_can_not_be_is_refused(decrement_pct: float) -> None:
    with pytest.raises(InputError, match="--decrement-pct"):
        profile_of(points(LOADS_KG, 1.5, 180.0), "load_kg", [decrement_pct])


def test_points_come_from_work_sets_by_load_or_by_pull() -> None:
    """A sled of 3 N a kilogram: the pull is the load's axis when nobody noted loads."""
    sets = {
        f"rig-0001-{i:05d}": Haul(1.5 - 0.008 * kg, c0_n=3 * kg, c1_ns_per_m=0.0, mass_kg=15.0)
        for i, kg in enumerate(LOADS_KG)
    }
    rows = [row(i, minute=2 * i, load_kg=kg, cadence_spm=108.0) for i, kg in enumerate(LOADS_KG)]
    warm = row(9, kind="warmup", load_kg=500.0)

    def made(name: str):
        return samples(sets[name])

    key, found = points_of([warm, *rows], made)
    assert key == "load_kg" and [point.load for point in found] == list(LOADS_KG)
    assert [point.speed_mps for point in found] == pytest.approx(
        [1.5 - 0.008 * kg for kg in LOADS_KG], rel=0.02
    )
    lapse = [
        *rows,
        replace(rows[0], load_kg=None),
    ]  # one set without a note does not turn kilograms into newtons
    key, found = points_of(lapse, made)
    assert (key, len(found), left_out(lapse, found)) == ("load_kg", len(rows), 1)
    unnoted = [replace(each, load_kg=None) for each in rows]
    key, found = points_of(unnoted, made)
    assert key == "mean_force_n"
    assert [point.load for point in found] == pytest.approx([3 * kg for kg in LOADS_KG], rel=0.03)
    with pytest.raises(InputError, match="--axis"):
        points_of(rows, made, "colour")


def test_sets_without_pull_have_no_place_on_the_axis_of_force() -> None:
    blind = samples(Haul())
    blind = dataclasses.replace(blind, bridged_n=np.full(len(blind.time_s), np.nan))
    _, found = points_of([row(0)], lambda _: blind, "force")
    assert found == []
