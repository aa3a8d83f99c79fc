"""FIT activities, read by two readers we did not write, with every check they have turned into an error."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fitdecode
import numpy as np
import pytest
from fit_tool.fit_file import FitFile
from fit_tool.profile.profile_type import LapTrigger
from fit_tool.validation import STRICT_LEVELS, validate_fit_file
from garmin_fit_sdk import Decoder, Stream
from tests.export.libraries import NOON, fill, walk_blob
from tests.measure.walks import Gait

from retrorig.errors import InputError
from retrorig.export.fit_file import _averages, _lap
from retrorig.export.seconds import Track
from retrorig.library import Library
from retrorig.set_row import SetRow
from retrorig.vocabulary import END_REASONS

from .conftest import Shelf

FLOAT32 = 1e-6
"""Relative error of a single-precision number, and some."""


def decoded(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Messages by name, as fitdecode reads them."""
    found: dict[str, list[dict[str, Any]]] = {}
    options = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.RAISE}
    with fitdecode.FitReader(path, **options) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                found.setdefault(frame.name, []).append({field.name: field.value for field in frame.fields})
    return found


@pytest.fixture(scope="module")
def activity(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A FIT file of three sets with force and one without, named in disorder, and the sets' rows in order."""
    path = tmp_path_factory.mktemp("fit") / "session.fit"
    with Library(shelf.folder) as library:
        library.export([shelf.forceless, shelf.later, shelf.walk, shelf.recorded], "fit", path)
        return path, [library.set(i) for i in (shelf.walk, shelf.later, shelf.recorded, shelf.forceless)]


def test_sets_are_laps_with_rests_between(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    path, rows = activity
    laps = decoded(path)["lap"]
    assert [lap["intensity"] for lap in laps] == [
        "warmup",
        "rest",
        "active",
        "rest",
        "active",
        "rest",
        "cooldown",
    ]
    assert [lap["message_index"] for lap in laps] == list(range(7))
    for lap, row in zip(laps[::2], rows, strict=True):
        assert lap["total_elapsed_time"] == pytest.approx(row.duration_s, abs=0.001)
        assert lap["total_distance"] == pytest.approx(row.backward_m, abs=0.01)
        assert lap["avg_speed"] == pytest.approx(row.mean_speed_mps, abs=0.001)
        assert lap["max_speed"] == pytest.approx(row.peak_speed_mps, abs=0.001)
        if row.mean_force_n is not None:
            assert lap["mean_force"] == pytest.approx(row.mean_force_n, rel=FLOAT32)
            assert lap["peak_force"] == pytest.approx(row.peak_force_n, rel=FLOAT32)
            assert lap["avg_power"] == pytest.approx(row.mean_power_w, abs=0.5)
            assert lap["total_work"] == pytest.approx(row.work_j, abs=0.5)
    assert laps[0]["avg_cadence"] + laps[0]["avg_fractional_cadence"] == pytest.approx(
        rows[0].cadence_spm / 2, abs=1 / 128
    )
    for lap, after in pairwise(laps):
        assert lap["timestamp"] == after["start_time"]
    assert all(lap["total_distance"] == 0 for lap in laps[1::2])
    for rest, row, after in zip(laps[1::2], rows, rows[1:], strict=False):
        assert rest["total_elapsed_time"] == pytest.approx(
            _begin_s(after) - _begin_s(row) - row.duration_s, abs=0.002
        )


def _begin_s(row: dict[str, Any]) -> float:
    from datetime import datetime

    return datetime.fromisoformat(row.started_utc).timestamp()


def test_records_add_up_to_the_sets(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    path, rows = activity
    found = decoded(path)
    done_m = 0.0
    for lap, row in zip(found["lap"][::2], rows, strict=True):
        inside = [r for r in found["record"] if lap["start_time"] <= r["timestamp"] <= lap["timestamp"]]
        assert len(inside) == round((lap["timestamp"] - lap["start_time"]).total_seconds()) + 1
        assert inside[-1]["distance"] - done_m == pytest.approx(row.backward_m, abs=0.015)
        net_m = row.mean_speed_mps * row.duration_s
        assert inside[-1]["net_distance"] == pytest.approx(net_m, abs=1e-4)
        assert sum(r["speed"] for r in inside) == pytest.approx(row.backward_m, abs=0.0005 * len(inside))
        if row.work_j is None:
            assert all(r.get("power") is None and r.get("force") is None for r in inside)
        else:
            assert sum(r["power"] for r in inside) == pytest.approx(row.work_j, abs=0.5 * len(inside))
            assert sum(r["force"] for r in inside) == pytest.approx(row.impulse_ns, rel=1e-5)
        done_m += row.backward_m
    times = [r["timestamp"] for r in found["record"]]
    assert times == sorted(set(times))
    distances = [r["distance"] for r in found["record"]]
    assert distances == sorted(distances)


def test_the_session_is_the_sum(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    path, rows = activity
    found = decoded(path)
    (session,), (whole,), (kind,) = found["session"], found["activity"], found["file_id"]
    assert kind["type"] == "activity" and kind["manufacturer"] == "development"
    assert kind["time_created"] == session["start_time"] == found["lap"][0]["start_time"]
    assert session["num_laps"] == 7 and whole["num_sessions"] == 1
    assert session["total_distance"] == pytest.approx(sum(row.backward_m for row in rows), abs=0.01)
    assert session["total_work"] == pytest.approx(sum(row.work_j or 0 for row in rows), abs=0.5)
    assert session["max_speed"] == pytest.approx(max(row.peak_speed_mps for row in rows), abs=0.001)
    lasting_s = _begin_s(rows[-1]) + rows[-1].duration_s - _begin_s(rows[0])
    assert session["total_elapsed_time"] == pytest.approx(lasting_s, abs=0.001)
    assert sum(lap["total_elapsed_time"] for lap in found["lap"]) == pytest.approx(lasting_s, abs=0.01)
    assert session["start_time"] == NOON.replace(microsecond=0)
    assert (session["sport"], session["sub_sport"]) == ("walking", "indoor_walking")
    assert found["lap"][2]["sport"] == "training"


def test_all_that_tells_of_the_whole_begins_with_the_first_record_and_ends_with_the_last(
    activity: tuple[Path, list[dict[str, Any]]],
) -> None:
    """A program that lists activities reads no records."""
    path, rows = activity
    found = decoded(path)
    (session,), (whole,) = found["session"], found["activity"]
    begun, ended = (found["record"][at]["timestamp"] for at in (0, -1))
    assert [(one["event_type"], one["timestamp"]) for one in found["event"]] == [
        ("start", begun),
        ("stop_all", ended),
    ]
    assert (session["start_time"], session["timestamp"], whole["timestamp"]) == (begun, ended, ended)
    assert (session["message_index"], session["first_lap_index"]) == (0, 0)
    assert session["total_timer_time"] == whole["total_timer_time"] == session["total_elapsed_time"]
    assert session["total_moving_time"] == pytest.approx(sum(row.duration_s for row in rows), abs=0.001)
    assert session["max_power"] == round(max(row.peak_power_w or 0 for row in rows))


def test_older_and_newer_programs_read_the_same_of_each_lap_and_record(
    activity: tuple[Path, list[dict[str, Any]]],
) -> None:
    """The newer ones look for speed in wider fields of their own."""
    path, rows = activity
    found = decoded(path)
    for one in (*found["lap"], *found["session"], *found["record"]):
        for name in ("speed", "avg_speed", "max_speed"):
            assert one.get(f"enhanced_{name}") == pytest.approx(one.get(name), abs=0.001), name
    for lap, row in zip(found["lap"][::2], rows, strict=True):
        assert lap.get("max_power") == (None if row.peak_power_w is None else round(row.peak_power_w))
        assert lap["total_timer_time"] == lap["total_elapsed_time"]
        assert lap.get("rpe") == row.rpe
    for lap in found["lap"]:
        assert (lap["event"], lap["event_type"]) == ("lap", "stop")
    for rest in found["lap"][1::2]:
        assert (rest["lap_trigger"], rest["total_timer_time"]) == ("manual", rest["total_elapsed_time"])
        inside = [r for r in found["record"] if rest["start_time"] < r["timestamp"] < rest["timestamp"]]
        assert {r["power"] for r in inside} == {0} and len({r["distance"] for r in inside}) == 1


def test_the_sessions_means_are_over_the_time_of_the_sets_that_have_them(
    activity: tuple[Path, list[dict[str, Any]]],
) -> None:
    path, rows = activity
    (session,) = decoded(path)["session"]
    found = {
        "mean_speed_mps": (session["avg_speed"], 0.001),
        "mean_power_w": (session["avg_power"], 0.5),
        "cadence_spm": (2 * (session["avg_cadence"] + session["avg_fractional_cadence"]), 1 / 64),
    }
    for key, (mean, error) in found.items():
        known = [(row.value(key), row.duration_s) for row in rows if row.value(key) is not None]
        assert 0 < len(known) <= len(rows)
        values, lasting_s = zip(*known, strict=True)
        assert mean == pytest.approx(np.average(values, weights=lasting_s), abs=error), key


def test_a_rest_is_stood_through_to_the_second(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    """A program that draws lines between records shows speed in the sets alone."""
    found = decoded(activity[0])
    for rest in found["lap"][1::2]:
        inside = [r for r in found["record"] if rest["start_time"] < r["timestamp"] < rest["timestamp"]]
        assert [r["speed"] for r in inside] == [0, 0]
        edges = [inside[0]["timestamp"] - rest["start_time"], rest["timestamp"] - inside[-1]["timestamp"]]
        assert [edge.total_seconds() for edge in edges] == [1, 1]


@pytest.mark.parametrize(("zone", "hours"), [("UTC0", 0), ("XXX-5:30", 5.5), ("YYY8", -8)])
def test_the_local_time_is_that_of_the_place(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, hours: float
) -> None:
    with monkeypatch.context() as patch, Library(shelf.folder) as library:
        patch.setenv("TZ", zone)
        time.tzset()
        library.export([shelf.walk], "fit", tmp_path / "x.fit")
    time.tzset()
    (whole,) = decoded(tmp_path / "x.fit")["activity"]
    utc, local = (whole[name].replace(tzinfo=None) for name in ("timestamp", "local_timestamp"))
    assert (local - utc).total_seconds() == 3600 * hours


def test_both_readers_agree_without_a_warning(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    path, _ = activity
    assert Decoder(Stream.from_file(str(path))).check_integrity()
    messages, errors = Decoder(Stream.from_file(str(path))).read()
    assert errors == []
    ours = decoded(path)
    assert {f"{name}_mesgs": len(found) for name, found in ours.items()} == {
        k: len(v) for k, v in messages.items()
    }
    units = {field["field_name"]: field["units"] for field in messages["field_description_mesgs"]}
    assert units == {"force": "N", "net_distance": "m", "mean_force": "N", "peak_force": "N", "rpe": "of 10"}
    for theirs, mine in zip(messages["record_mesgs"], ours["record"], strict=True):
        assert theirs["timestamp"] == mine["timestamp"]
        own = theirs.get("developer_fields", {})
        for key, seen in (
            ("distance", theirs["distance"]),
            ("force", own.get(0)),
            ("net_distance", own.get(1)),
        ):
            assert seen == mine.get(key)


def test_it_keeps_the_profile_rules_of_an_activity(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    """Required fields, known values, messages that an activity must have, by fit-tool's own strictest check."""
    records = FitFile.from_file(str(activity[0])).records
    assert validate_fit_file(records, levels=STRICT_LEVELS).findings == []


def test_no_name_travels_in_the_file(activity: tuple[Path, list[dict[str, Any]]]) -> None:
    assert b"HYPERLINK" not in activity[0].read_bytes()


def test_sets_that_are_no_session_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "x.fit"
    walk = Gait(steps=8)
    ids = fill(
        tmp_path / "library",
        [
            walk_blob(1, 0.0, walk, athlete="a1"),
            walk_blob(2, 2.0, walk, athlete="a1"),
            walk_blob(3, 90_000.0, walk, athlete="a1"),
            walk_blob(4, 30.0, walk, athlete="a2"),
        ],
    )
    with Library(tmp_path / "library") as library:
        for chosen, word in (
            (ids[:2], "overlap"),
            ([ids[0], ids[2]], "more than a day"),
            ([ids[0], ids[3]], "athlete"),
        ):
            with pytest.raises(InputError, match=word):
                library.export(chosen, "fit", out)
    with Library(shelf.folder) as library, pytest.raises(InputError, match=f"{shelf.dateless} has no date"):
        library.export([shelf.walk, shelf.dateless], "fit", out)
    assert not out.exists()


def test_sets_a_breath_apart_keep_their_seconds(tmp_path: Path) -> None:
    """Two sets that share a second: nothing of either is lost, and time does not step back."""
    walk = Gait(steps=8, seed=3)
    first = fill(tmp_path / "one", [walk_blob(1, 0.0, walk)])
    with Library(tmp_path / "one") as library:
        gap_s = library.set(first[0]).duration_s + 0.2
    ids = fill(tmp_path / "two", [walk_blob(1, 0.0, walk), walk_blob(2, gap_s, walk)])
    with Library(tmp_path / "two") as library:
        library.export(ids, "fit", tmp_path / "x.fit")
        rows = [library.set(set_id) for set_id in ids]
    found = decoded(tmp_path / "x.fit")
    assert len(found["lap"]) == 2
    times = np.array([r["timestamp"].timestamp() for r in found["record"]])
    assert (np.diff(times) >= 0).all()
    assert found["record"][-1]["distance"] == pytest.approx(sum(row.backward_m for row in rows), abs=0.01)
    assert sum(r["power"] for r in found["record"]) == pytest.approx(sum(row.work_j for row in rows), abs=10)


def still_track(**known: Any) -> Track:
    """Ten seconds of a set of which this is known."""
    row = SetRow(machine="treadmill", kind="work", duration_s=10.0, **known)
    begun_s = 1_780_000_000
    ends_s = (float(begun_s), begun_s + 10.0, begun_s, begun_s + 10)
    return Track(SimpleNamespace(row=row), *ends_s, np.zeros(11), np.zeros(11), None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("cadence_spm", [60.0, 61.0, 62.0, 63.5, 101.0, 107.98, 119.99, 240.0])
def test_a_lap_s_cadence_is_its_whole_strides_and_the_rest_of_one(cadence_spm: float) -> None:
    """Strides a minute, half as many as steps."""
    track = still_track(cadence_spm=cadence_spm)
    for made in (_lap(track, 0), SimpleNamespace(**_averages([track.one.row]))):
        assert made.avg_cadence == int(cadence_spm / 2)
        assert 0 <= made.avg_fractional_cadence < 1
        assert made.avg_cadence + made.avg_fractional_cadence == pytest.approx(cadence_spm / 2, abs=1 / 128)


@pytest.mark.parametrize("reason", END_REASONS)
def test_only_a_reached_target_ends_a_lap_by_itself(reason: str) -> None:
    expected = LapTrigger.DISTANCE if reason == "target" else LapTrigger.MANUAL
    assert _lap(still_track(end_reason=reason), 0).lap_trigger == expected.value


def test_what_fit_has_no_field_for_stands_beside_with_its_unit_if_it_is_known() -> None:
    made = _lap(still_track(rpe=7, mean_force_n=120.5, peak_force_n=300.0), 0)
    found = {field.name: (field.get_value(0), field.units) for field in made.developer_fields}
    assert found == {"mean_force": (120.5, "N"), "peak_force": (300.0, "N"), "rpe": (7.0, "of 10")}
    assert _lap(still_track(), 0).developer_fields == []


def test_means_over_sets_are_weighted_by_their_time() -> None:
    rows = [
        SetRow(duration_s=10.0, mean_speed_mps=1.0, mean_power_w=50.0, cadence_spm=100.0),
        SetRow(duration_s=30.0, mean_speed_mps=0.6, mean_power_w=90.0, cadence_spm=None),
    ]
    found = _averages(rows)
    assert found["avg_speed"] == found["enhanced_avg_speed"] == pytest.approx(0.7)
    assert (found["avg_power"], found["avg_cadence"], found["avg_fractional_cadence"]) == (80, 50, 0)
    assert all(value is None for value in _averages([SetRow(duration_s=10.0)]).values())
