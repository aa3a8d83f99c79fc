"""What is kept of a set's samples, and when a stored row is of other samples."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig.measure.sample_table import SampleTable, differ, rounded, steps_in, table_of
from retrorig.measure.samples import Samples, sample_set
from retrorig.set_row import SetRow
from rigcore.decode import RawSet

NONE = np.empty(0)


@cache
def samples() -> Samples:
    (raw,) = record(Walk(Gait(steps=12)), Errors(), 86.0, seed=4)
    return sample_set(raw)


def without_samples() -> Samples:
    raw = RawSet()
    raw.header = {"circumference_um": 250_000, "counts_per_rev": 2500, "scale_nn": 465_766, "zero": 0}
    return sample_set(raw)


def table(time_s: list[float], **columns: list[float]) -> SampleTable:
    even = np.arange(float(len(time_s)))
    names = ("distance_m", "speed_mps", "force_n", "bridged_n", "backward_m")
    return SampleTable(
        np.array(time_s), *(np.array(columns.get(name, even)) for name in names), find_steps=lambda: NONE
    )


def test_a_table_has_the_samples_to_a_millionth() -> None:
    kept, whole = table_of(samples()), samples()
    for name in ("time_s", "distance_m", "speed_mps", "force_n", "bridged_n", "backward_m"):
        off = np.abs(getattr(kept, name) - getattr(whole, name))
        assert 0 < off.max() <= 1.01e-6, name
    assert kept.duration_s == pytest.approx(whole.duration_s, abs=1e-6)
    assert kept.rate_hz == pytest.approx(86.0, rel=0.01) and kept.has_force
    np.testing.assert_array_equal(kept.smooth_n, kept.bridged_n)
    np.testing.assert_array_equal(steps_in(kept), rounded(steps_in(whole)))


def test_a_bridged_gap_stays_a_gap_beside_its_bridge() -> None:
    force_n = samples().force_n.copy()
    force_n[5:8] = math.nan
    kept = table_of(replace(samples(), force_n=force_n))
    assert np.isnan(kept.force_n).sum() == 3 and kept.has_force
    np.testing.assert_array_equal(kept.bridged_n[5:8], rounded(samples().bridged_n[5:8]))


def test_backward_metres_go_on_where_the_net_way_goes_back() -> None:
    whole = samples()
    distance_m = np.where(whole.time_s > 3, whole.distance_m - 0.2, whole.distance_m)
    kept = table_of(replace(whole, distance_m=distance_m))
    assert np.abs(kept.backward_m - whole.backward_m).max() <= 1.01e-6
    assert np.abs(kept.distance_m - distance_m).max() <= 1.01e-6


def test_no_number_is_a_zero_below_zero() -> None:
    assert not np.signbit(rounded(np.array([-1e-9, -0.0, 0.0]))).any()
    assert rounded(np.array([-1.23456789]))[0] == -1.234568


def test_a_set_without_samples_has_a_table_too() -> None:
    kept = table_of(without_samples())
    assert (kept.duration_s, kept.rate_hz, kept.has_force) == (0.0, None, False)
    assert len(steps_in(kept)) == len(steps_in(without_samples())) == 0
    assert not differ(SetRow(set_id="s", rig_id="r", duration_s=9.0), kept)


@pytest.mark.parametrize(
    ("time_s", "rate_hz"), [([0.5], None), ([0.0, 0.25], 4.0), ([0, 0.1, 0.2, 0.9, 1.0], 10.0)]
)
def test_the_rate_is_the_usual_one(time_s: list[float], rate_hz: float | None) -> None:
    found = table(time_s)
    assert found.rate_hz == (None if rate_hz is None else pytest.approx(rate_hz))
    assert found.has_force == (len(time_s) > 1)


def test_a_pull_that_is_missing_anywhere_is_not_known() -> None:
    assert not table([0.0, 0.1, 0.2], bridged_n=[1.0, math.nan, 1.0]).has_force


ROW: dict[str, Any] = {"duration_s": 2.0, "backward_m": 1.8, "peak_speed_mps": 1.5, "peak_force_n": 90.0}


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        ({}, False), ({"peak_force_n": None}, False), ({"mean_force_n": 50.0}, False),
        *(({key: value + 0.0009}, False) for key, value in ROW.items()),
        *(({key: value - 0.0011}, True) for key, value in ROW.items()),
    ],
)  # fmt: skip
def test_a_row_is_of_other_samples_where_one_number_differs_by_a_thousandth(
    change: dict[str, Any], is_other: bool
) -> None:
    """Distance and peaks are backward metres and the highest values, not the last or the net ones."""
    found = table(
        [0.0, 1.0, 2.0], distance_m=[0.0, 1.8, 1.5], backward_m=[0.0, 1.8, 1.8], speed_mps=[0.0, 1.5, 0.2],
        force_n=[20.0, 90.0, math.nan], bridged_n=[20.0, 90.0, 80.0],
    )  # fmt: skip
    assert differ(SetRow(set_id="s", rig_id="r", **{**ROW, **change}), found) == is_other


def test_a_pull_that_is_not_known_is_compared_with_nothing() -> None:
    found = table([0.0, 1.0], speed_mps=[0.0, 1.5], backward_m=[0.0, 1.8], bridged_n=[math.nan] * 2)
    row = SetRow(
        set_id="s", rig_id="r", duration_s=1.0, backward_m=1.8, peak_speed_mps=1.5, peak_force_n=90.0
    )
    assert not differ(row, found)
