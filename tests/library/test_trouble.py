"""Libraries in trouble: old, damaged, full, read-only, written by two. One sentence, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.cli import run
from retrorig.errors import DiskFullError, InputError
from retrorig.library import Library, schema
from retrorig.library.checking import check
from retrorig.library.clocks import NO_ERA, Numbers
from retrorig.library.editing import edit_sets
from retrorig.library.recompute import recompute
from retrorig.library.sample_files import write_samples


@pytest.mark.parametrize(("version", "said"), [(schema.VERSION + 1, "newer retrorig"), (0, "no version")])
def test_a_library_of_another_version_is_refused_and_left_as_it_is(
    tmp_path: Path, version: int, said: str
) -> None:
    big_library(tmp_path)
    file = tmp_path / "library.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute(f"PRAGMA user_version={version}")
    before = file.read_bytes()
    with pytest.raises(InputError, match=said):
        Library(tmp_path)
    assert file.read_bytes() == before


def test_a_confirmed_set_survives_the_laptops_loss_of_power(tmp_path: Path) -> None:
    """Of a write-ahead log only FULL (2) or EXTRA (3) reach the disk at each commit (sqlite.org/pragma.html)."""
    with Library(tmp_path, create=True) as new:
        assert new.db.row("PRAGMA synchronous") in ((2,), (3,))
    with Library(tmp_path) as old:
        assert old.db.row("PRAGMA synchronous") in ((2,), (3,))


def test_a_page_of_a_new_library_holds_what_lists_show_of_many_sets(tmp_path: Path) -> None:
    """So that a long list is half as long to read; SQLite passes over a size that is no power of two."""
    with Library(tmp_path, create=True) as library:
        assert library.db.row("PRAGMA page_size") == (16_384,)


def big_library(folder: Path) -> list[str]:
    return fill(folder, *(walk(no) for no in range(12)))


def test_damage_is_told_and_nothing_is_made_worse(tmp_path: Path) -> None:
    big_library(tmp_path)
    file = tmp_path / "library.sqlite3"
    data = bytearray(file.read_bytes())
    for page in range(2, len(data) // 16_384):
        data[page * 16_384 : page * 16_384 + 64] = os.urandom(64)
    file.write_bytes(data)
    with Library(tmp_path) as library:
        assert any("damaged" in finding.what for finding in check(library))
        with pytest.raises(InputError, match="damaged and was left as it is"):
            library.sets()
    assert file.read_bytes() == data


def test_a_library_without_its_end_is_told(tmp_path: Path) -> None:
    big_library(tmp_path)
    file = tmp_path / "library.sqlite3"
    half = file.read_bytes()[: file.stat().st_size // 2]
    file.write_bytes(half)
    with pytest.raises(InputError, match="damaged"), Library(tmp_path) as library:
        library.sets()
    assert file.read_bytes()[100:] == half[100:]


def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    fill(tmp_path, walk(1))
    with Library(tmp_path) as library:
        (pages,) = library.db.row("PRAGMA page_count") or (0,)
        library.db.rows(f"PRAGMA max_page_count={pages}")
        with pytest.raises(DiskFullError, match="disk is full"):
            for no in range(2, 40):
                library.add_set(walk(no))
        kept = library.sets()
        assert all(library.blob(row.set_id) for row in kept)
        library.db.rows(f"PRAGMA max_page_count={pages * 100}")
        assert library.add_set(walk(99))[1]
        assert check(library) == []
        assert len(library.sets()) == len(kept) + 1


def test_a_read_only_library_can_be_read_and_says_so_when_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, walk(1))
    real = os.access  # tests may run as root, whom no rights stop
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    with Library(tmp_path) as library:
        assert len(library.sets()) == 1
        with pytest.raises(InputError, match="read-only"):
            library.add_set(walk(2))
        with pytest.raises(InputError, match="read-only"):
            edit_sets(library, [name_of(1)], {"load_kg": 1.0})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library.sqlite3"]


def test_a_read_only_library_that_was_not_closed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path, create=True) as library:
        library.add_set(walk(1))
        real = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
        with pytest.raises(InputError, match="was not closed"):
            Library(tmp_path)


def test_two_pulls_at_once_store_each_set_once(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as one, Library(tmp_path) as two:
        news = [(one if no % 2 else two).add_set(walk(no // 2))[1] for no in range(8)]
        assert news == [True, False] * 4
        assert len(one.sets()) == len(two.sets()) == 4


def test_readers_never_wait_and_a_second_writer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.library.database.BUSY_S", 0.05)
    fill(tmp_path, walk(1))
    with Library(tmp_path) as one, one.db.transaction():
        one.notes.add(name_of(1), "load_kg", 3.0)
        with Library(tmp_path) as two:
            assert len(two.sets()) == 1
            with pytest.raises(InputError, match="another program"):
                two.add_set(walk(2))
    with Library(tmp_path) as library:
        assert library.notes.of(name_of(1)) == {"load_kg": 3.0} and len(library.sets()) == 1


def test_check_finds_each_kind_of_trouble_and_recompute_mends_what_can_be(tmp_path: Path) -> None:
    names = fill(tmp_path, *(walk(no) for no in range(6)))
    with Library(tmp_path) as library:
        write_samples(library)
        assert check(library) == []
        blob = bytearray(library.blob(names[0]))
        blob[len(blob) // 2] ^= 1
        library.db.rows("UPDATE raw_sets SET data = ? WHERE set_id = ?", (bytes(blob), names[0]))
        library.db.rows("UPDATE sets SET backward_m = 99 WHERE set_id = ?", (names[1],))
        library.db.rows("DELETE FROM sets WHERE set_id = ?", (names[2],))
        library.db.rows("DELETE FROM raw_sets WHERE set_id = ?", (names[3],))
        paths = [tmp_path / path for (path,) in library.db.rows("SELECT path FROM parquet ORDER BY set_id")]
        paths[4].write_bytes(paths[4].read_bytes()[:-20])
        paths[5].unlink()
        stray = paths[5].with_name("rr-test-0009-00001.parquet")
        stray.write_bytes(b"?")
        found = {(finding.where, finding.is_damage): finding.what for finding in check(library)}
        assert "not those that were stored" in found.pop((names[0], True))
        assert "otherwise" in found.pop((names[1], True))
        assert "missing in the catalogue" in found.pop((names[2], True))
        assert "bytes are missing" in found.pop((names[3], True))
        assert "is damaged" in found.pop((str(paths[4].relative_to(tmp_path)), True))
        assert "missing or old" in found.pop((names[5], False))
        assert "no set" in found.pop((str(stray.relative_to(tmp_path)), True))
        assert found == {}
        assert recompute(library, names[1:3]).sets_n == 2
        assert {finding.where for finding in check(library) if finding.is_damage} & set(names[1:3]) == set()


def test_an_empty_file_is_no_library_without_sets(tmp_path: Path) -> None:
    """What a full disk or a lost battery leaves; "nothing is lost or wrong" would be a lie."""
    (tmp_path / "library.sqlite3").touch()
    with pytest.raises(InputError, match="empty file"):
        Library(tmp_path)
    with Library(tmp_path, create=True) as library:  # who pulls starts anew
        assert library.sets() == []


def test_check_of_many_sets_computes_some_anew_and_sees_each_changed_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.library.checking.RECOMPUTED_N", 2)
    names = fill(tmp_path, *(walk(no) for no in range(1, 6)))
    with Library(tmp_path) as library:
        assert check(library) == []
        computed = Mock(side_effect=library.computed)
        monkeypatch.setattr(library, "computed", computed)
        for name in names:
            library.db.rows("UPDATE sets SET work_j = work_j + 1 WHERE set_id = ?", (name,))
        assert {fault.where for fault in check(library)} == set(names) and computed.call_count == 2
        computed.reset_mock()
        assert len(check(library, is_thorough=True)) == computed.call_count == len(names)


def test_parts_of_a_broken_run_are_called_parts(tmp_path: Path) -> None:
    names = fill(tmp_path, walk(1))
    with Library(tmp_path) as library:
        write_samples(library)
        (path,) = library.files.current()
        path.with_name(f".{names[0]}.parquet.x1.part").write_bytes(b"half")
        library.partials.keep(Numbers("RR-Test", NO_ERA), 2, 77, 0, b"half")
        found = check(library)
        assert [fault.is_damage for fault in found] == [False, False]
        assert "part of a file" in found[0].what and "set 2 has arrived in part (4 bytes)" in found[1].what


def test_what_fails_leaves_no_empty_library_and_what_came_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = tmp_path / "walk.csv"
    recording.write_text("time_s,belt_m,force_n\n0,0,0\n5,5,80\n", encoding="utf-8")
    for there in (False, True):
        folder = tmp_path / f"library-{there}"
        if there:
            fill(folder, walk(1))
        for wrong in (["--plan", "none.toml"], ["--date", "22.11."], ["--rig", str(recording)]):
            assert run(["replay", str(recording), "--library", str(folder), *wrong]) == 2
            assert folder.exists() == there
        with pytest.raises(KeyboardInterrupt), Library(folder, create=True) as library:
            library.add_set(walk(2))
            raise KeyboardInterrupt
        with Library(folder) as library:
            assert len(library.sets()) == 1 + there


@pytest.mark.parametrize("is_there", [False, True])
def test_a_library_that_can_not_be_made_leaves_nothing_and_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """An empty file that was there before is not this program's to remove."""
    folder, full = tmp_path / "library", Mock(side_effect=InputError("The disk is full."))
    if is_there:
        folder.mkdir()
        (folder / "library.sqlite3").touch()
    monkeypatch.setattr("retrorig.library.database.Database._check_version", full)
    with pytest.raises(InputError, match="disk is full"):
        Library(folder, create=True)
    assert (folder / "library.sqlite3").exists() == folder.exists() == is_there


def test_an_empty_library_that_another_program_has_open_is_left_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with pytest.raises(InputError), Library(folder, create=True) as library:
        other = Library(folder)
        assert other.sets() == []
        library.people.label_of("nobody")
    other.add_set(walk(1))
    other.close()
    with Library(folder) as library:
        assert len(library.sets()) == 1
