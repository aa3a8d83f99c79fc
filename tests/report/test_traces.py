"""The lines of a set, stretch by stretch: what is seen between two places, in whose units, and where the coast lies."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace as Facts
from typing import Any

import numpy as np
import pytest
from tests.export.libraries import walk_blob
from tests.host.sets import MadeSet, blob_of, ramped
from tests.measure.walks import Gait

from retrorig.errors import InputError
from retrorig.measure.samples import sample_set
from retrorig.progress.pace import pace_of
from retrorig.report import Units
from retrorig.report.splits import _mean, splits_of
from retrorig.report.traces import Span, Traced
from rigcore.decode import decode_set

WALKED = sample_set(decode_set(walk_blob(1, None, Gait(steps=20))))
SAMPLES = sample_set(decode_set(blob_of(MadeSet(ramped(1.0, 8.0), lambda t: 100.0, 8.0))))


def test_a_stretch_is_seen_from_its_start_to_its_stop_and_a_sample_beyond() -> None:
    traced = Traced(SAMPLES)
    whole = traced.between("time")
    assert (whole.start, whole.stop) == (whole.first, whole.last) == (SAMPLES.time_s[0], SAMPLES.time_s[-1])
    part = traced.between("time", 2.0, 4.0)
    assert (part.first, part.last, part.start, part.stop) == (whole.first, whole.last, 2.0, 4.0)
    assert 1.9 < part.speed.along[0] <= 2.0 and 4.0 <= part.speed.along[-1] < 4.1
    assert traced.between("time", -5.0, 99.0) == whole
    assert traced.between("time", 4.0, 2.0).stop == 4.0, "never before its start"
    with pytest.raises(InputError, match="nothing to draw along"):
        traced.between("force")


@pytest.mark.parametrize("along", ["time", "distance"])
def test_every_number_is_in_the_users_unit(along: str) -> None:
    traces = Traced(SAMPLES).between(along, 1.0, 3.0)
    units = Units(distance="yd", speed="km/h", force="lbf")
    shown = traces.as_dict(along, units)
    place = 1 / 0.9144 if along == "distance" else 1.0
    assert [shown[key] for key in ("first", "last", "start", "stop")] == pytest.approx(
        [each * place for each in (traces.first, traces.last, traces.start, traces.stop)]
    )
    for key, factor in (("speed", 3.6), ("force", 1 / 4.4482216), ("power", 1.0)):
        line = getattr(traces, key)
        assert shown[key]["along"] == pytest.approx([each * place for each in line.along])
        assert shown[key]["values"] == pytest.approx([each * factor for each in line.values], rel=1e-6)
    assert shown["steps"] == pytest.approx([each * place for each in traces.steps])


@pytest.mark.parametrize(("along", "place"), [("time", 1.0), ("distance", 1 / 0.9144)])
def test_what_is_marked_on_a_line_is_in_the_users_unit(along: str, place: float) -> None:
    traces = replace(Traced(SAMPLES).between(along, 1.0, 3.0), spans=[Span("coast", 1.5, 2.5)])
    (shown,) = traces.as_dict(along, Units(distance="yd"))["spans"]
    assert shown == {"kind": "coast", "start": pytest.approx(1.5 * place), "stop": pytest.approx(2.5 * place)}


@pytest.mark.parametrize(("along", "more"), [("time", 1.5), ("distance", 0.7)])
def test_what_is_seen_goes_on_to_the_end_of_the_coast_unless_the_end_was_trimmed(
    along: str, more: float
) -> None:
    row: Any = Facts(coast_s=1.5, coast_m=0.7, trim_end_s=None, cadence_spm=None)
    plain, coasting = Traced(SAMPLES).between(along), Traced(SAMPLES, row).between(along)
    assert coasting.last == pytest.approx(plain.last + more)
    (coast,) = (span for span in coasting.spans if span.kind == "coast")
    assert (coast.start, coast.stop) == pytest.approx((plain.last, plain.last + more))
    row.trim_end_s = 1.0
    trimmed = Traced(SAMPLES, row).between(along)
    assert trimmed.last == plain.last and "coast" not in {span.kind for span in trimmed.spans}


@pytest.mark.parametrize("every_m", [0.5, 2.0, 3.0, 100.0])
def test_splits_are_of_one_length_but_for_the_last_and_make_up_the_set(every_m: float) -> None:
    splits = splits_of(SAMPLES, every_m)
    whole_m = float(SAMPLES.distance_m.max())
    assert [split.to_m for split in splits[:-1]] == pytest.approx(
        [every_m * n for n in range(1, len(splits))]
    )
    assert splits[0].from_m == 0 and splits[-1].to_m == pytest.approx(whole_m)
    assert 0 < splits[-1].to_m - splits[-1].from_m <= every_m
    assert sum(split.time_s for split in splits) == pytest.approx(SAMPLES.time_s[-1] - SAMPLES.time_s[0])
    for split in splits[1:-1]:
        assert split.mean_speed_mps == pytest.approx(1.0, abs=0.03) and split.mean_force_n == pytest.approx(
            100, rel=0.02
        )


def test_splits_that_are_none_or_too_many_are_a_sentence() -> None:
    for every_m, words in ((0.0, "above 0"), (-1.0, "above 0"), (0.001, "more than 1000")):
        with pytest.raises(InputError, match=words):
            splits_of(SAMPLES, every_m)


@pytest.mark.parametrize("along", ["time", "distance"])
def test_the_whole_set_has_every_sample_and_a_stretch_those_within_it(along: str) -> None:
    traced, n = Traced(SAMPLES), len(SAMPLES.time_s)
    place = SAMPLES.time_s if along == "time" else np.maximum.accumulate(SAMPLES.distance_m)
    whole = traced.between(along, points_n=n)
    assert len(whole.speed.along) == len(whole.force.along) == len(whole.power.along) == n
    assert whole.speed.along == pytest.approx(place.tolist())
    assert whole.speed.values == pytest.approx(SAMPLES.speed_mps.tolist())
    for start, stop in (
        (place[0], place[n // 2]),
        (place[n // 3], place[n // 2]),
        (place[n // 2], place[-1]),
    ):
        part = traced.between(along, float(start), float(stop), points_n=n)
        within = place[(place > start) & (place < stop)]
        assert set(within.tolist()) <= set(part.speed.along)
        assert len(part.speed.along) <= len(place[(place >= start) & (place <= stop)]) + 2


def test_strokes_are_within_what_is_seen_and_keep_their_foot() -> None:
    traced = Traced(WALKED)
    whole = traced.between("time")
    assert len(whole.steps) > 8 and whole.feet == [number % 2 for number in range(len(whole.steps))]
    start, stop = whole.steps[2], whole.steps[6]
    part = traced.between("time", start, stop)
    assert part.steps == whole.steps[2:7] and part.feet == whole.feet[2:7]


@pytest.mark.parametrize("length_s", [20.0, 60.0])
def test_the_steady_part_lies_where_the_pace_says(length_s: float) -> None:
    walked = sample_set(decode_set(walk_blob(1, None, Gait(steps=round(1.8 * length_s)))))
    pace = pace_of(walked, 108.0)
    row: Any = Facts(coast_s=None, coast_m=None, trim_end_s=None, cadence_spm=108.0)
    steady = [span for span in Traced(walked, row).between("time").spans if span.kind == "steady"]
    assert [(span.start, span.stop) for span in steady] == (
        [(pytest.approx(pace.start_s), pytest.approx(pace.end_s))] if pace else []
    )
    far = [span for span in Traced(walked, row).between("distance").spans if span.kind == "steady"]
    for span, metres in zip(steady, far, strict=True):
        ends = np.interp([span.start, span.stop], walked.time_s, np.maximum.accumulate(walked.distance_m))
        assert (metres.start, metres.stop) == pytest.approx(tuple(ends), abs=1e-6)


@pytest.mark.parametrize(("from_s", "to_s"), [(3.0, 3.5), (0.0, 8.0)])
def test_a_split_with_a_gap_in_its_pull_has_no_force_and_the_others_have(from_s: float, to_s: float) -> None:
    line = np.where((SAMPLES.time_s > from_s) & (SAMPLES.time_s < to_s), np.nan, 100.0)
    samples: Any = Facts(
        time_s=SAMPLES.time_s, distance_m=SAMPLES.distance_m, speed_mps=SAMPLES.speed_mps, bridged_n=line
    )
    splits = splits_of(samples, 1.0)
    reached_s = np.cumsum([0.0, *(split.time_s for split in splits)])
    for split, start_s, stop_s in zip(splits, reached_s, reached_s[1:]):
        is_whole = stop_s <= from_s or start_s >= to_s
        assert (split.mean_force_n is None, split.mean_power_w is None) == (not is_whole, not is_whole)
        if is_whole:
            assert split.mean_force_n == pytest.approx(100)
            assert split.mean_power_w == pytest.approx(100 * split.mean_speed_mps, rel=0.02)


def test_a_mean_over_no_time_is_none() -> None:
    assert _mean(np.array([0.0, 1.0]), np.array([1.0, 1.0]), 0.5, 0.5) is None
    assert _mean(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 4.0]), 0.5, 2.0) == pytest.approx(13 / 6)
