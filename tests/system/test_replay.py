"""Recordings through the real firmware on the virtual rig, over the serial link, into a library."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import retrorig
from retrorig.cli import run
from retrorig.library import Library
from retrorig.recording import Recording, read_recording
from rigcore.bounds import END_COUNTS

SHIPPED = Path(retrorig.__file__).parent / "recordings"
OURS = Path(__file__).parents[1] / "recordings" / "belts"
STEADY = SHIPPED / "wheel-push-steady.csv"
TREADMILL = SHIPPED / "treadmill-belt.csv"
VARIED = OURS / "wheel-push-varied.csv"
HAND_WHEELS = [OURS / "hand-wheel-reversals-1.csv", OURS / "hand-wheel-reversals-2.csv"]


def replayed(
    capsys: pytest.CaptureFixture[str], recording: Path, library: Path, *more: str
) -> tuple[list[dict], str]:
    """The sets that a replay prints as JSON, and what it says on stderr."""
    assert run(["replay", str(recording), "--library", str(library), "--json", *more]) == 0
    out, err = capsys.readouterr()
    return json.loads(out), err


def samples(library: Path, set_id: str, folder: Path) -> dict[str, np.ndarray]:
    """A set's exported CSV as columns."""
    path = folder / f"{set_id}.csv"
    assert run(["export", set_id, "--library", str(library), "--output", str(path)]) == 0
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key] or "nan") for row in rows]) for key in rows[0]}


def recorded_mean_n(recording: Recording, start_s: float, duration_s: float) -> float:
    """Mean force of the recording over a span, by fine summation."""
    t = np.linspace(start_s, start_s + duration_s, 200_001)
    return float(np.interp(t, recording.time_s, recording.force_n).mean())


def recorded_work_j(recording: Recording) -> float:
    """Work of the steady pushes by direct integration of the recording; we may claim 3 % on power."""
    position, force = np.array(recording.belt_m), np.array(recording.force_n)
    work_j = float(np.sum((force[1:] + force[:-1]) / 2 * np.diff(position)))
    assert work_j == pytest.approx(197.0, abs=0.1)
    return work_j


def climb(counts: Sequence[int]) -> int:
    """From the lowest place before the farthest one up to it."""
    farthest = counts.index(max(counts))
    return counts[farthest] - min(counts[: farthest + 1])


def assert_board_and_host_agree(library: Path, rows: list[dict]) -> None:
    """Both directions: the device's sums are what its samples climb from its start to its end.

    Board and host each place the ends; a belt that is drawn back right after the last step may have swayed over them:
    the set's metres are within 0.2 % or 5 mm of the samples' farthest place, and of each other.
    """
    with Library(library) as opened:
        for row in rows:
            raw = opened.raw(row["set_id"])
            assert raw.end and raw.lost_blocks == 0
            metres = raw.header["circumference_um"] / raw.header["counts_per_rev"] * 1e-6
            backward, forward = raw.end["backward_counts"], raw.end["forward_counts"]
            span = raw.header["start_us"], raw.end["end_us"]
            own = [
                count for t_us, count in zip(raw.t_us, raw.count, strict=True) if span[0] <= t_us <= span[1]
            ]
            assert forward == 0 and backward == pytest.approx(climb(own), abs=2 * END_COUNTS)
            assert backward * metres == pytest.approx(climb(raw.count) * metres, rel=0.002, abs=0.005)
            assert row["backward_m"] == pytest.approx(backward * metres, rel=0.002, abs=0.005)
            assert row["forward_m"] == pytest.approx(forward * metres, rel=0.002, abs=0.005)


def start_in_recording_s(recording: Recording, found: dict[str, np.ndarray]) -> float:
    """Where in the recording a set started: both belts pass the middle of the way at the same moment."""
    middle_m = found["distance_m"][-1] / 2
    in_set = found["time_s"][np.argmax(found["distance_m"] >= middle_m)]
    in_recording = recording.time_s[int(np.argmax(np.array(recording.belt_m) >= middle_m))]
    return float(in_recording - in_set)


GRADES = {STEADY: "A", VARIED: "C", TREADMILL: "B"}
"""A wheel's light pull has its zero from the rest beside it; the other one is braked, which no line can; on the belt
nobody pulls."""


@pytest.mark.parametrize("path", [STEADY, VARIED, TREADMILL], ids=lambda path: path.stem)
def test_distance_and_force_reach_the_promised_numbers(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = read_recording(path)
    sets, said = replayed(capsys, path, tmp_path / "library")
    backward_m = sum(row["backward_m"] for row in sets)
    assert backward_m == pytest.approx(recording.backward_m, rel=0.002, abs=0.005)
    assert "No count lost" in said
    for row in sets:
        found = samples(tmp_path / "library", row["set_id"], tmp_path)
        expected_n = recorded_mean_n(recording, start_in_recording_s(recording, found), row["duration_s"])
        assert row["mean_force_n"] == pytest.approx(expected_n, rel=0.01, abs=0.2)
        assert row["samples_lost"] == 0 and row["quality"] == GRADES[path]
        assert row["samples"] == len(found["time_s"])
    if path == STEADY:
        assert sets[0]["work_j"] == pytest.approx(recorded_work_j(recording), rel=0.01)
    if path == VARIED:
        assert_board_and_host_agree(tmp_path / "library", sets)


@pytest.mark.parametrize("path", HAND_WHEELS, ids=lambda path: path.stem)
@pytest.mark.timeout(300)
def test_reversals_and_standstills_lose_no_count(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = read_recording(path)
    _, said = replayed(capsys, path, tmp_path)
    counts = int(said.rsplit(" counts.", 1)[0].rsplit(" ", 1)[1])
    assert "No count lost" in said
    assert counts * 250 / 2400 == pytest.approx(recording.net_m * 1000, abs=0.11)  # to within a count


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4 m backward in 5 s, with 80 N; after it nothing."""
    path = tmp_path_factory.mktemp("short") / "short.csv"
    t = np.arange(0, 5.001, 0.01)
    belt = 4 * (t / 5 - np.sin(2 * np.pi * t / 5) / (2 * np.pi))
    rows = "".join(f"{a:.3f},{b:.6f},{80 if 0 < a < 5 else 0}\n" for a, b in zip(t, belt, strict=True))
    path.write_text("time_s,belt_m,force_n\n" + rows)
    return path


def test_a_long_gap_is_told_with_its_line_and_splits_the_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two bouts of 6 s at 1 m/s with steps, of Unix milliseconds, with nothing recorded for 20 s between them."""
    t = np.arange(0, 12, 0.01)
    way = np.cumsum(0.01 * np.clip(2 * np.minimum(t % 6, 6 - t % 6), 0, 1) * (1 + 0.3 * np.sin(11 * t)))
    stamp = 1000 * (1_790_000_000 + t + 20 * (t >= 6))
    rows = "".join(f"{a:.0f},{b:.5f},{80 + 20 * np.sin(11 * c):.1f}\n" for a, b, c in zip(stamp, way, t))
    path = tmp_path / "gap.csv"
    path.write_text("time_s,belt_m,force_n\n" + rows)
    sets, said = replayed(capsys, path, tmp_path / "library")
    assert "gap.csv, line 602: nothing was recorded for 20.0 s" in said and "Unix times" in said
    assert [row["started_utc"][:17] for row in sets] == ["2026-09-21T14:13:"] * 2
    assert sum(row["backward_m"] for row in sets) == pytest.approx(way[-1] - way[0], abs=0.02)


def test_a_library_takes_a_replay_once(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = replayed(capsys, short, tmp_path / "one")
    again, said = replayed(capsys, short, tmp_path / "one")
    other, _ = replayed(capsys, short, tmp_path / "two")
    assert len(first) == 1 and again == [] and "already" in said
    for row in (*first, *other):
        row.pop("started_utc")
    assert first == other
    with Library(tmp_path / "one") as one, Library(tmp_path / "two") as two:
        assert one.blob(first[0]["set_id"]) == two.blob(first[0]["set_id"])


def test_board_and_host_agree_on_every_number_they_share(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets, _ = replayed(capsys, short, tmp_path)
    assert_board_and_host_agree(tmp_path, sets)


def test_a_name_never_reaches_the_rig(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,), _ = replayed(capsys, short, tmp_path, "--athlete", "Gundula Weber")
    assert row["athlete"] == "Gundula Weber"
    with Library(tmp_path) as library:
        blob = library.blob(row["set_id"])
        label = library.raw(row["set_id"]).header["athlete"]
    assert b"Gundula" not in blob and label == "a1"


def test_people_seeds_and_rigs_make_different_sets(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text("circumference_mm = 250.0\n[calibration]\ncircumference_um = 255000\n")
    rows = []
    for options in ([], ["--athlete", "B"], ["--seed", "7"], ["--rig", str(rig)]):
        rows += replayed(capsys, short, tmp_path / "library", *options)[0]
    assert len({row["set_id"] for row in rows}) == len({row["rig_id"] for row in rows}) == 4
    assert rows[3]["backward_m"] == pytest.approx(rows[0]["backward_m"] * 1.02, rel=1e-4)
    assert rows[3]["calibration_id"] != rows[0]["calibration_id"]


def test_a_bad_rig_description_is_status_2(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text("wheels = 4\n")
    assert run(["replay", str(short), "--library", str(tmp_path), "--rig", str(rig)]) == 2
    err = capsys.readouterr().err
    assert "wheels" in err and err.count("\n") == 1
