"""What a set's samples hold: which conversions are lost, which gaps in the pull are bridged, which columns it has."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.measure.samples import Samples, sample_set
from rigcore.decode import RawSet, decode_set
from rigcore.force import FAULT_DESYNC, FAULT_SATURATED, NO_CONVERSION

FIRST = 150
"""Number of a conversion well inside a set of 3 s."""


@cache
def walked() -> RawSet:
    return decode_set(blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 60 + 20 * math.sin(4 * t), 3.0)))


def changed(codes: dict[int, int], without: slice | None = None) -> Samples:
    """The samples of a walk in which these conversions have other codes and some were never read."""
    raw = decode_set(
        blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 60 + 20 * math.sin(4 * t), 3.0, faults=codes))
    )
    if without is not None:
        for column in (raw.t_us, raw.count, raw.code):
            del column[without]
    return sample_set(raw)


def places_of_the_set() -> tuple[int, int]:
    """Numbers of the first and the last reading inside the walk."""
    samples = sample_set(walked())
    t_s = samples.motion.t_s
    inside = np.flatnonzero((t_s >= 0) & (t_s <= samples.duration_s))
    return int(inside[0]), int(inside[-1])


@pytest.mark.parametrize("by", [-3, -2, -1, 1, 2, 3])
def test_a_conversion_that_is_missing_is_lost_where_the_set_was_under_way(by: int) -> None:
    """Up to the last reading inside it, and none before the first movement or after the last one."""
    first, last = places_of_the_set()
    assert changed({}, slice(first + by, first + by + 1)).lost_n == (by > 0)
    assert changed({}, slice(last - by, last - by + 1)).lost_n == (by > 0)


@pytest.mark.parametrize("by", [-2, -1, 0, 1, 2])
def test_a_faulty_conversion_is_lost_from_the_first_to_the_last_of_the_set(by: int) -> None:
    first, last = places_of_the_set()
    assert changed({first + by: FAULT_DESYNC}).lost_n == (by >= 0)
    assert changed({last - by: FAULT_DESYNC}).lost_n == (by >= 0)


@pytest.mark.parametrize("n", [0, 1])
def test_without_a_converter_every_reading_is_without_a_conversion(n: int) -> None:
    raw = decode_set(blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 9, 3.0)))
    raw.code = [NO_CONVERSION if number >= n else code for number, code in enumerate(raw.code)]
    samples = sample_set(raw)
    assert samples.lost_n == len(raw.t_us) - n and samples.rate_hz is None
    assert not samples.has_force and len(samples.time_s) > 200
    assert np.isnan(samples.force_n[1:]).all() and np.isnan(samples.raw_n[1:]).all()


@pytest.mark.parametrize(("gap_n", "is_bridged"), [(1, True), (18, True), (23, False)])
def test_a_gap_of_a_quarter_second_is_bridged_and_no_longer_one(gap_n: int, is_bridged: bool) -> None:
    """At 82.9 a second: 19 conversions' time is 0.229 s, 24 are 0.290 s."""
    whole, gapped = sample_set(walked()), changed(dict.fromkeys(range(FIRST, FIRST + gap_n), FAULT_DESYNC))
    assert gapped.has_force == is_bridged
    assert np.isnan(gapped.force_n).sum() == np.isnan(gapped.raw_n).sum() == gap_n
    assert len(gapped.time_s) == len(whole.time_s) and gapped.lost_n == gap_n
    if is_bridged:
        silent = np.isnan(gapped.force_n)
        assert gapped.bridged_n[silent] == pytest.approx(whole.force_n[silent], abs=1.5)
        np.testing.assert_array_equal(gapped.bridged_n[~silent], gapped.force_n[~silent])


@pytest.mark.parametrize(("stops_n", "is_bridged"), [(2, True), (4, False)])
def test_a_pull_beyond_the_range_is_never_bridged(stops_n: int, is_bridged: bool) -> None:
    """A peak that was cut off is no gap; two end stops are a spike, which is."""
    stops = dict.fromkeys(range(FIRST, FIRST + stops_n), FAULT_SATURATED)
    assert changed(stops).has_force == is_bridged


def test_where_the_converter_was_silent_the_readings_are_the_instants() -> None:
    """Ten times without a conversion, of which the belt's counts were read all the same."""
    silent = slice(FIRST, FIRST + 10)
    gapped, whole = changed(dict.fromkeys(range(FIRST, FIRST + 10), NO_CONVERSION)), sample_set(walked())
    t_s = gapped.motion.t_s[silent]
    assert np.isin(t_s[3:-3], gapped.time_s).all() and (np.diff(gapped.time_s) > 0).all()
    assert np.diff(gapped.time_s).max() < 2.6 / 82.9
    assert gapped.speed_mps == pytest.approx(
        np.interp(gapped.time_s, whole.time_s, whole.speed_mps), abs=0.01
    )
    assert np.isnan(gapped.force_n[np.isin(gapped.time_s, t_s)]).all()


def test_a_frame_has_the_columns_by_their_names() -> None:
    samples = sample_set(walked())
    frame = samples.to_pandas()
    assert list(frame.columns) == ["time_s", "distance_m", "speed_mps", "force_n", "power_w"]
    for name in frame.columns:
        np.testing.assert_array_equal(frame[name], getattr(samples, name))
    assert np.ptp(samples.force_n) > 10 and not np.allclose(samples.force_n, samples.raw_n, atol=1e-3)


def test_each_conversions_own_force_is_by_its_code() -> None:
    """Smoothing is for force_n alone."""
    samples = sample_set(walked())
    inside = slice(1, -1)
    logged = np.interp(samples.time_s, samples.logged_s, samples.logged_n)
    assert samples.raw_n[inside] == pytest.approx(logged[inside], abs=1e-9)
    assert np.std(samples.raw_n - samples.force_n) > 0.003


def test_peaks_are_the_highest_that_is_known() -> None:
    whole = sample_set(walked())
    top_s = whole.time_s[whole.force_top]
    number = int(np.argmin(np.abs(whole.logged_s - top_s)))
    torn = changed({number: FAULT_DESYNC})
    assert np.isnan(torn.force_n).sum() == 1
    assert torn.force_n[torn.force_top] == np.nanmax(torn.force_n)
    assert torn.power_w[torn.power_top] == np.nanmax(torn.power_w)


@pytest.mark.parametrize("n", [1, 2])
def test_a_log_of_one_or_two_conversions_is_read(n: int) -> None:
    """All that a damaged log has left of the load cell."""
    raw = decode_set(blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 60, 3.0)))
    raw.code = [
        code if FIRST <= number < FIRST + n else NO_CONVERSION for number, code in enumerate(raw.code)
    ]
    samples = sample_set(raw)
    assert np.count_nonzero(~np.isnan(samples.force_n)) == n
    assert np.nanmax(samples.force_n) == pytest.approx(60, abs=0.2) and not samples.has_force
