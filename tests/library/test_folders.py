"""Parquet folders: layout, types, values, and what happens when a set or a write changes its mind."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from pyarrow.dataset import dataset
from tests.host.sets import START_US
from tests.library.libraries import fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Library, SetRow, sample_files
from retrorig.library.clocks import NO_ERA, Boot, Numbers
from retrorig.library.editing import edit_sets
from retrorig.library.sample_files import follow_up, place_of, write_samples
from retrorig.measure.samples import sample_set

SCHEMA = [
    ("set_id", pa.string()),
    ("athlete", pa.string()),
    ("t_utc", pa.timestamp("us", tz="UTC")),
    *((name, pa.float64()) for name in ("time_s", "distance_m", "speed_mps", "force_n", "power_w")),
    *((name, pa.float64()) for name in ("bridged_n", "forward_m", "step_at_s")),
]
NOON_MS = 1_780_000_000_000  # 2026-05-28 20:26:40 UTC


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in (folder / "samples").rglob("*") if path.is_file())


def test_each_set_is_one_file_with_the_promised_columns(tmp_path: Path) -> None:
    blobs = (walk(1, athlete="a1", start_unix_ms=NOON_MS), walk(2, athlete=""), walk(3, scale_nn=None))
    names = fill(tmp_path, *blobs, people=("Anna",))
    with Library(tmp_path) as library:
        assert write_samples(library) == 3 and write_samples(library) == 0
        dated, undated = "samples/rig=RR-Test/date=2026-05-28", "samples/rig=RR-Test/date=unknown"
        places = [
            f"{dated}/{names[0]}.parquet",
            f"{undated}/{names[1]}.parquet",
            f"{undated}/{names[2]}.parquet",
        ]
        assert files(tmp_path) == places
        for name, place in zip(names, places):
            table = parquet.ParquetFile(tmp_path / place).read()
            assert [(field.name, field.type) for field in table.schema] == SCHEMA
            samples = sample_set(library.raw(name))
            assert set(table["set_id"].to_pylist()) == {name}
            assert np.allclose(table["distance_m"], samples.distance_m, rtol=0, atol=1e-6)
        first, second, third = (parquet.ParquetFile(tmp_path / place).read() for place in places)
    assert set(first["athlete"].to_pylist()) == {"a1"} and second["athlete"].null_count == len(second)
    assert third["force_n"].null_count == third["power_w"].null_count == len(third)  # not calibrated
    assert second["t_utc"].null_count == len(second)
    t_us = first["t_utc"].cast(pa.int64()).to_numpy()
    assert t_us[0] == NOON_MS * 1000
    assert np.abs(t_us - NOON_MS * 1000 - first["time_s"].to_numpy() * 1e6).max() < 0.5  # microseconds
    assert b"Anna" not in b"".join((tmp_path / place).read_bytes() for place in places)


def test_a_date_a_trim_or_another_person_makes_the_file_anew_and_the_old_one_go(tmp_path: Path) -> None:
    (name,) = fill(tmp_path, walk(athlete="a1"), people=("Anna", "Ben"))
    with Library(tmp_path) as library:
        write_samples(library)
        (old,) = files(tmp_path)
        edit_sets(library, [name], {"load_kg": 5.0})
        assert library.files.stale() == []  # nothing of that is in the file
        edit_sets(library, [name], {"athlete": "Ben", "trim_start_s": 1.0})
        assert library.files.stale() == [name]
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), START_US, NOON_MS, 100)
        library.put_row(library.computed(name))
        assert write_samples(library) == 1
        (new,) = files(tmp_path)
        table = parquet.ParquetFile(tmp_path / new).read()
        assert "date=2026-05-28" in new and new != old
        assert set(table["athlete"].to_pylist()) == {"a2"}
        assert table["time_s"].to_pylist()[-1] == pytest.approx(library.set(name).duration_s, abs=1e-4)


def test_sets_without_a_sample_or_without_force_have_a_file(tmp_path: Path) -> None:
    from tests.host.sets import MadeSet, header_of, ramped

    from rigcore.records import TYPE_HEADER, pack_header, seal

    empty = seal(
        TYPE_HEADER, 0, pack_header({**header_of(MadeSet(ramped(1, 3), lambda t: 0, 3.0)), "no": 9}), 9
    )
    names = fill(tmp_path, empty, walk(2, scale_nn=None))
    with Library(tmp_path) as library:
        rows = {row.set_id: row for row in library.sets()}
        assert rows[names[0]].samples == 0 and rows[names[0]].quality == "C"
        assert rows[names[1]].mean_force_n is None
        write_samples(library)
        sizes = {name: parquet.read_metadata(tmp_path / place_of(rows[name])).num_rows for name in names}
    assert sizes[names[0]] == 0 and sizes[names[1]] == rows[names[1]].samples


@pytest.mark.parametrize("rig", ["../../up", "a/b", "rig=x", "ü ß", ".", "a\\b", "..x", "_a"])
def test_no_name_of_a_rig_leads_out_of_the_folder(tmp_path: Path, rig: str) -> None:
    place = place_of(SetRow(rig_id=rig, set_id=f"{rig}-0001-00001"))
    assert len(place.parts) == 4 and ".." not in place.parts
    assert (tmp_path / place).resolve().is_relative_to(tmp_path / "samples")
    assert not place.name.startswith((".", "_"))  # which Spark would pass over


def test_a_file_of_an_odd_name_that_is_elsewhere_goes_too(tmp_path: Path) -> None:
    """A set that got its date has its file in another folder; the old one holds it twice."""
    (name,) = fill(tmp_path, walk(1, rig=".a b"))
    with Library(tmp_path) as library:
        write_samples(library)
        (place,) = files(tmp_path)
        old = tmp_path / "samples" / "rig=old" / "date=unknown" / Path(place).name
        old.parent.mkdir(parents=True)
        old.write_bytes(b"")
        assert library.files.remove_leftovers() == 1
        assert name.startswith(".a b") and files(tmp_path) == [place]


def test_a_write_that_breaks_off_leaves_no_file_and_the_next_one_cleans_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = fill(tmp_path, walk())
    with Library(tmp_path) as library:

        def full(file: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match="No space left"):
            write_samples(library)
        (notice,) = follow_up(library, [name])
        assert "stored, but not their Parquet files" in notice
        monkeypatch.undo()
        assert files(tmp_path) == [] and library.files.stale() == [name]
        write_samples(library)
        (good,) = files(tmp_path)
        place = (tmp_path / good).parent
        cut, running = place / ".retrorig-0.part", place / ".retrorig-1.part"
        for path in (cut, running):
            path.write_bytes(b"PAR1 half")
        os.utime(cut, (time.time() - 2 * sample_files.LEFTOVER_S,) * 2)
        elsewhere = place.with_name("date=1970-01-01") / f"{name}.parquet"
        elsewhere.parent.mkdir()
        elsewhere.write_bytes(b"old")
        assert library.files.remove_leftovers() == 2
        assert [path.exists() for path in (cut, running, elsewhere)] == [False, True, False]


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([(0, b"abc")], b"abc"),
        ([(0, b"abc"), (3, b"de")], b"abcde"),
        ([(3, b"de"), (0, b"abc")], b"abcde"),
        ([(0, b"abc"), (4, b"e")], b"abc"),
        ([(0, b"abc"), (2, b"cde")], b"abc"),
        ([(1, b"bc")], b""),
        ([(0, b"abc"), (0, b"xy")], b"xy"),
    ],
)
def test_a_pull_goes_on_behind_the_bytes_that_follow_each_other_from_the_first(
    tmp_path: Path, pieces: list[tuple[int, bytes]], whole: bytes
) -> None:
    numbers = Numbers("r", 1)
    with Library(tmp_path, create=True) as library:
        for offset, data in pieces:
            library.partials.keep(numbers, 5, 77, offset, data)
        assert library.partials.get(numbers, 5, 77) == whole
        for other in ((Numbers("r", 2), 5, 77), (Numbers("s", 1), 5, 77), (numbers, 6, 77), (numbers, 5, 78)):
            assert library.partials.get(*other) == b""


def test_a_reader_meets_no_file_that_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines take a folder's files but for those whose names begin with a dot or an underscore."""
    from retrorig.export import parquet_file

    fill(tmp_path, walk(1, athlete="a1", start_unix_ms=NOON_MS), walk(2, athlete="a1", start_unix_ms=NOON_MS))
    written, met = parquet_file.write_parquet, []

    def sets_met() -> int:
        table = dataset(tmp_path / "samples", partitioning="hive").to_table()
        return len(set(table["set_id"].to_pylist())) if table.num_rows else 0

    def write_slowly(sets: Any, file: BinaryIO) -> None:
        whole = io.BytesIO()
        written(sets, whole)
        file.write(whole.getvalue()[: len(whole.getvalue()) // 2])
        file.flush()
        met.append(sets_met())
        file.write(whole.getvalue()[len(whole.getvalue()) // 2 :])

    monkeypatch.setattr(parquet_file, "write_parquet", write_slowly)
    with Library(tmp_path) as library:
        write_samples(library)
        write_samples(library, [row.set_id for row in library.sets()])
    assert met == [0, 1, 2, 2] and sets_met() == 2


def test_without_the_package_a_pull_goes_on_and_the_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = fill(tmp_path, walk())
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    monkeypatch.setattr(sample_files, "find_spec", lambda name: None)
    with Library(tmp_path) as library:
        assert follow_up(library, [name]) == []
        with pytest.raises(InputError, match=r"pip install .*pyarrow"):
            write_samples(library)


def test_a_set_of_hours_is_written_whole(tmp_path: Path) -> None:
    from tests.host.sets import MadeSet, blob_of, ramped

    hours_s = 3 * 3600.0
    plan = MadeSet(ramped(0.8, hours_s), lambda t: 90.0, hours_s, rate_hz=2.0, header={"rate_mhz": 2000})
    (name,) = fill(tmp_path, blob_of(plan))
    with Library(tmp_path) as library:
        write_samples(library)
        row = library.set(name)
        table = parquet.ParquetFile(tmp_path / place_of(row)).read()
    assert row.backward_m == pytest.approx(
        0.8 * (hours_s - 0.5), abs=0.05
    )  # two readings a second see the ends so well
    assert len(table) == row.samples > 2 * hours_s
    assert name == name_of(7)
