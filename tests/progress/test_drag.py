"""The drag number against hauls whose friction and mass are known, and refused where the data can't carry it."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from tests.progress.haul import Haul, blob, coasting_blob, samples
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.measure.budget import COVER, ZERO_N
from retrorig.measure.samples import Samples, sample_set
from retrorig.progress import drag_days
from retrorig.progress.conditions import latest_alike
from retrorig.progress.drag import drag_of
from retrorig.progress.drag_days import drag_history
from retrorig.progress.drag_sums import SETS_AS_GROUPS_N, DragSums, Spread
from retrorig.progress.intervals import Estimate
from retrorig.progress.spin_down import spin_down_of
from rigcore.decode import decode_set

TRUE = Haul(c0_n=150.0, c1_ns_per_m=30.0, mass_kg=60.0)
SPEEDS_MPS = (0.7, 1.0, 1.3)
RUNS_N = 120
ROUGH_N = 8.0


def hauls(seed: int, noise_n: float = ROUGH_N, **changed: float) -> list[Haul]:
    return [
        dataclasses.replace(TRUE, speed_mps=v, noise_n=noise_n, seed=100 * seed + i, **changed)
        for i, v in enumerate(SPEEDS_MPS)
    ]


def through_sensors(haul: Haul) -> Samples:
    return sample_set(decode_set(blob(haul)))


def test_law_is_recovered_through_the_sensors() -> None:
    found = drag_of([through_sensors(haul) for haul in hauls(1)], is_sled=True)
    assert abs(found.drag_n.value - 180.0) <= found.drag_n.pm <= 8.0
    assert abs(found.c0_n.value - 150.0) <= found.c0_n.pm <= 15.0
    assert abs(found.c1_ns_per_m.value - 30.0) <= found.c1_ns_per_m.pm <= 12.0
    assert abs(found.mass_kg.value - 60.0) <= found.mass_kg.pm <= 4.0
    assert found.friction is not None
    assert abs(found.friction.value - 150.0 / (60.0 * 9.81)) <= found.friction.pm
    assert found.r2 > 0.9


def test_intervals_hold_the_truth_on_rough_floors() -> None:
    """With a floor of 8 N that changes over 0.3 s; the calibration's part makes the intervals wider than the fit's."""
    hits = np.zeros(3)
    for seed in range(RUNS_N):
        found = drag_of([samples(haul) for haul in hauls(seed)], is_sled=True)
        parts = ((found.drag_n, 180.0), (found.c1_ns_per_m, 30.0), (found.mass_kg, 60.0))
        hits += [abs(each.value - true) <= each.pm for each, true in parts]
    assert (hits >= 0.91 * RUNS_N).all(), hits / RUNS_N  # 95 % less two standard deviations of so many runs
    assert hits[1] < RUNS_N, "an interval that is never wrong says nothing"


def test_friction_that_sticks_at_rest_is_left_out() -> None:
    """Four times the drag to break the sled loose, up to 0.05 m/s; half the windows of a start lie below 0.1 m/s."""
    parts = [samples(dataclasses.replace(haul, step_hz=0.1)) for haul in hauls(2, 1.0)]
    loose = [dataclasses.replace(p, bridged_n=p.bridged_n + 600.0 * (p.speed_mps < 0.05)) for p in parts]
    found = drag_of(loose, is_sled=True)
    assert found.c0_n.value == pytest.approx(150.0, abs=6.0)
    assert found.c1_ns_per_m.value == pytest.approx(30.0, abs=6.0)


def test_walking_alike_does_not_tell_friction_from_speed() -> None:
    same = [through_sensors(dataclasses.replace(TRUE, swing=0.0, distance_m=15.0))]
    steady = [_cut(part, 2.0, float(part.time_s[-1]) - 2.0) for part in same]
    with pytest.raises(InputError, match="of speed"):
        drag_of(steady, is_sled=True)


def _cut(whole: Samples, start_s: float, end_s: float) -> Samples:
    """A part of a set, as if nothing else had been logged."""
    inside = (whole.time_s > start_s) & (whole.time_s < end_s)
    names = (
        "distance_m", "speed_mps", "force_n", "raw_n", "bridged_n", "backward_m", "speed_sd_mps", "force_sd_n",
        "put_back_n", "blow_n",
    )  # fmt: skip
    parts = {name: getattr(whole, name)[inside] for name in names}
    time_s = whole.time_s[inside] - whole.time_s[inside][0]
    motion = dataclasses.replace(whole.motion, duration_s=float(time_s[-1]))
    return dataclasses.replace(whole, time_s=time_s, motion=motion, **parts)


def test_a_pull_that_ignores_the_belt_is_no_drag() -> None:
    wild = samples(TRUE)
    pull = 150 + 120 * np.random.default_rng(4).standard_normal(len(wild.time_s) // 60 + 2).repeat(60)
    wild = dataclasses.replace(wild, bridged_n=pull[: len(wild.time_s)])
    with pytest.raises(InputError, match="does not follow"):
        drag_of([wild, dataclasses.replace(wild)], is_sled=True)


@pytest.mark.parametrize(
    ("sets", "sentence"),
    [
        (
            [dataclasses.replace(samples(TRUE), bridged_n=np.full(len(samples(TRUE).time_s), np.nan))],
            "known pull",
        ),
        ([samples(dataclasses.replace(TRUE, distance_m=3.0))], "too short a time"),
    ],
)
def test_without_pull_or_time_it_is_refused(sets: list[Samples], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        drag_of(sets, is_sled=True)


def test_spin_down_tells_deceleration_and_with_the_mass_newtons() -> None:
    """Belt of 12 kg: 6 N dry, 1.5 N per m/s empty; 20 N more under a person."""
    belt = Haul(speed_mps=1.6, c0_n=6.0, c1_ns_per_m=1.5, mass_kg=12.0)
    coasting = sample_set(decode_set(coasting_blob(belt)))
    alone = spin_down_of([coasting])
    assert abs(alone.c0_per_mass_mps2.value - 0.5) <= alone.c0_per_mass_mps2.pm <= 0.05
    assert abs(alone.c1_per_mass_per_s.value - 0.125) <= alone.c1_per_mass_per_s.pm <= 0.06
    under = [
        through_sensors(dataclasses.replace(haul, c0_n=26.0, c1_ns_per_m=1.5, mass_kg=12.0))
        for haul in hauls(5, 1.0)
    ]
    both = drag_of(under, is_sled=False, coasting=[coasting])
    assert both.empty_drag_n is not None and both.friction is None
    assert abs(both.empty_drag_n.value - 7.5) <= both.empty_drag_n.pm <= 2.0
    assert abs(both.drag_n.value - 27.5) <= both.drag_n.pm


def test_a_walk_is_no_spin_down() -> None:
    with pytest.raises(InputError, match="no coasting belt"):
        spin_down_of([through_sensors(TRUE)])


def test_a_belt_that_was_stopped_early_tells_no_speed_from_friction() -> None:
    """It coasts for three seconds and loses a fifth of its speed: long enough, but hardly slower."""
    easy = Haul(speed_mps=1.6, c0_n=1.0, c1_ns_per_m=0.2, mass_kg=12.0)
    stopped = _cut(sample_set(decode_set(coasting_blob(easy))), 0.0, 4.5)
    assert stopped.speed_mps[-1] > 0.75 * easy.speed_mps
    with pytest.raises(InputError, match="no coasting belt"):
        spin_down_of([stopped])


def test_history_reports_a_change_of_friction_and_no_other() -> None:
    days = {date(2026, 10, day): [samples(haul) for haul in hauls(day)] for day in (1, 3, 5)}
    days[date(2026, 10, 7)] = [samples(haul) for haul in hauls(7, c0_n=165.0)]
    found = drag_history(days)
    *unchanged, changed = found.days
    assert abs(found.mass_kg.value - 60.0) <= max(found.mass_kg.pm, 0.5)
    assert unchanged[0].change_n is None
    for each in unchanged[1:]:
        assert each.change_n is not None and each.smallest_change_n is not None
        assert abs(each.change_n) <= each.smallest_change_n <= 8.0
    assert changed.change_n is not None and changed.smallest_change_n is not None
    assert changed.change_n > changed.smallest_change_n
    assert abs(changed.change_n - 15.0) <= changed.smallest_change_n


def test_history_seldom_reports_what_is_chance() -> None:
    runs_n = 60
    alarms = 0
    for seed in range(runs_n):
        days = {date(2026, 10, day): [samples(h) for h in hauls(2 * seed + day)[:2]] for day in (1, 2)}
        second = drag_history(days).days[1]
        assert second.change_n is not None and second.smallest_change_n is not None
        alarms += abs(second.change_n) > second.smallest_change_n
    assert alarms <= 0.12 * runs_n  # 5 % and two and a half standard deviations of so many runs


def test_a_change_is_as_unsure_as_its_fit_and_the_tares_of_both_days_together() -> None:
    """They err apart from each other, so their squares add up; a day's own drag knows one tare alone."""
    tare_n = COVER * ZERO_N
    for fit_n in (0.0, 4.0):
        law = cast("Any", SimpleNamespace(estimate=lambda of, pm=fit_n: Estimate(7.0, pm)))
        first, later = (drag_days._day(law, number, date(2026, 10, 1), 3) for number in (0, 1))
        assert first.drag_n.pm == later.drag_n.pm == pytest.approx(math.hypot(fit_n, tare_n))
        assert later.smallest_change_n == pytest.approx(math.hypot(fit_n, tare_n, tare_n))
        assert first.smallest_change_n is first.change_n is None


def test_a_day_with_too_little_pulling_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    days = {date(2026, 10, day): [samples(haul) for haul in hauls(day)] for day in (1, 3)}
    short = date(2026, 10, 2)
    days[short] = [samples(dataclasses.replace(TRUE, distance_m=6.0))]
    stretches_n = drag_days._sums(days[short]).stretches_n
    assert stretches_n < min(drag_days._sums(days[day]).stretches_n for day in days if day != short)
    for least_n, left_out in ((stretches_n - 1, []), (stretches_n, []), (stretches_n + 1, ["2026-10-02"])):
        monkeypatch.setattr(drag_days, "DAY_GROUPS_MIN_N", least_n)
        found = drag_history(days)
        assert found.left_out == left_out and len(found.days) == 3 - len(left_out)
        assert [each.day for each in found.days] == sorted(each.day for each in found.days)


def test_one_day_is_no_history() -> None:
    with pytest.raises(InputError, match="two days"):
        drag_history({date(2026, 10, 1): [samples(TRUE)]})


def test_sets_are_alike_whoever_pulls_a_sled_but_on_a_treadmill_one_person_s_alone() -> None:
    """Body weight adds to a belt's friction and not to a sled's."""
    for machine, alike in (("sled", [1, 2, 4]), ("treadmill", [1, 4])):
        made = [
            row(no, minute=no, machine=machine, athlete=name, load_kg=load)
            for no, name, load in ((1, "Anna", 40.0), (2, "Ben", 40.0), (3, "Anna", 60.0), (4, "Anna", 40.0))
        ]
        assert [int(each.set_id[-5:]) for each in latest_alike(made)] == alike


@pytest.mark.parametrize("sets_n", [3, SETS_AS_GROUPS_N - 1, SETS_AS_GROUPS_N, SETS_AS_GROUPS_N + 3])
def test_no_window_is_lost_or_counted_twice_however_many_sets_there_are(sets_n: int) -> None:
    made = [
        samples(dataclasses.replace(TRUE, seed=i, noise_n=ROUGH_N, speed_mps=0.7 + 0.05 * i))
        for i in range(sets_n)
    ]
    together, expected = DragSums(), np.zeros((4, 4))
    for one in made:
        alone = DragSums()
        alone.add(one)
        together.add(one)
        expected += alone.groups.sum(axis=0)
    assert np.allclose(together.groups.sum(axis=0), expected) and together.sets_n == sets_n
    assert (len(together.groups) == sets_n) == (sets_n >= SETS_AS_GROUPS_N)


def test_a_spread_s_percentiles_are_those_of_its_values_and_what_lies_outside_counts_at_the_end() -> None:
    values = np.random.default_rng(5).normal(1.0, 0.4, 3000)
    spread = Spread(0.0, 2.0, 0.01)
    for piece in np.split(values, 3):
        spread.add(piece)
    assert ((values < 0) | (values > 2)).any()
    for per_cent in (5, 25, 50, 95):
        assert spread.percentile(per_cent) == pytest.approx(np.percentile(values, per_cent), abs=0.02)
    for outside, end in ((-7.0, 0.005), (2.0, 1.995), (99.0, 1.995)):
        lonely = Spread(0.0, 2.0, 0.01)
        lonely.add(np.array([outside]))
        assert lonely.percentile(50) == pytest.approx(end)
