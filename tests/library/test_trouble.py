"""Libraries in trouble: old, damaged, full, read-only, written by two. One sentence, and nothing is lost."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk
from tests.library.test_clocks import NOON_MS

from retrorig.errors import InputError
from retrorig.library import Choice, Library, schema
from retrorig.library.checking import check
from retrorig.library.editing import edit_sets
from retrorig.library.folders import write_samples
from retrorig.library.recompute import recompute
from sets import START_US

VERSION_1 = """
CREATE TABLE sets (set_id PRIMARY KEY, rig_id, athlete, started_utc, backward_m, quality_reasons, uncertainty);
CREATE INDEX sets_by_start ON sets (started_utc);
CREATE INDEX sets_by_athlete ON sets (athlete);
CREATE TABLE frames (set_id TEXT PRIMARY KEY, rig TEXT NOT NULL, no INTEGER NOT NULL, crc32 INTEGER NOT NULL,
    boot INTEGER NOT NULL, bytes INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX frames_by_no ON frames (rig, no);
CREATE TABLE partials (rig TEXT, no INTEGER, crc32 INTEGER, offset INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (rig, no, crc32, offset));
CREATE TABLE athletes (label TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE anchors (rig TEXT, boot INTEGER, board_us INTEGER, utc_ms REAL NOT NULL, half_rtt_us REAL NOT NULL,
    PRIMARY KEY (rig, boot, board_us));
PRAGMA application_id=0x52455452;
PRAGMA user_version=1;
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A library as version 1 wrote it, with fewer quantities than are known now."""
    import binascii

    blob = walk(athlete="a1")
    with closing(sqlite3.connect(tmp_path / "library.sqlite3")) as file:
        file.executescript(VERSION_1)
        row = (name_of(7), "RR-Test", "a1", "2026-01-01T00:00:00.000Z", 2.5, "[]", '{"backward_m": 0.01}')
        file.execute("INSERT INTO sets VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        frame = (name_of(7), "RR-Test", 7, binascii.crc32(blob), 3, len(blob), blob)
        file.execute("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?)", frame)
        file.execute("INSERT INTO athletes VALUES ('a1', 'Anna')")
        file.execute("INSERT INTO anchors VALUES ('RR-Test', 3, ?, ?, 1000.0)", (START_US, NOON_MS))
        file.commit()
    return tmp_path


def test_an_old_library_is_moved_on_after_a_copy(old: Path) -> None:
    with Library(old) as library:
        (row,) = library.sets()
        assert (row["athlete"], row["backward_m"], row["uncertainty"]) == ("Anna", 2.5, {"backward_m": 0.01})
        assert row["tags"] == [] and row["peak_speed_mps"] is None
        assert library.blob(name_of(7)) == walk(athlete="a1")
        assert [json.loads(text) for text in library.sets_json(Choice())] == [row]
        assert [clock["boot"] for clock in library.clocks()] == [3]
        recompute(library, [name_of(7)])
        assert library.set(name_of(7))["started_utc"] == "2026-11-22T12:00:00.000Z"
        assert library.set(name_of(7))["peak_speed_mps"] is not None
        edit_sets(library, [name_of(7)], {"load_kg": 5.0})
    copy = old / "library.sqlite3.version-1"
    assert copy.stat().st_mode & 0o77 == 0
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (1,)
        assert file.execute("SELECT set_id, backward_m FROM sets").fetchall() == [(name_of(7), 2.5)]
        assert file.execute("SELECT data FROM frames").fetchall() == [(walk(athlete="a1"),)]
    made = copy.stat().st_mtime_ns
    with Library(old) as library:  # the second time there is nothing to do
        assert library.set(name_of(7))["load_kg"] == 5.0
    assert copy.stat().st_mtime_ns == made


def test_a_move_that_fails_leaves_the_old_library_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {**schema.STEPS, 2: schema.STEPS[2] + "; INSERT INTO nowhere VALUES (1)"}
    monkeypatch.setattr("retrorig.library.migrate.STEPS", steps)
    with pytest.raises(InputError, match="nowhere"):
        Library(old)
    with closing(sqlite3.connect(old / "library.sqlite3")) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (1,)
        assert file.execute("SELECT count(*) FROM frames").fetchone() == (1,)
    monkeypatch.undo()
    with Library(old) as library:
        assert len(library.sets()) == 1


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
        with pytest.raises(InputError, match="disk is full"):
            for no in range(2, 40):
                library.add_set(walk(no))
        kept = library.sets()
        assert all(library.blob(row["set_id"]) for row in kept)
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
        one.note(name_of(1), "load_kg", 3.0)
        with Library(tmp_path) as two:
            assert len(two.sets()) == 1
            with pytest.raises(InputError, match="another program"):
                two.add_set(walk(2))
    with Library(tmp_path) as library:
        assert library.edits(name_of(1)) == {"load_kg": 3.0} and len(library.sets()) == 1


def test_check_finds_each_kind_of_trouble_and_recompute_mends_what_can_be(tmp_path: Path) -> None:
    names = fill(tmp_path, *(walk(no) for no in range(6)))
    with Library(tmp_path) as library:
        write_samples(library)
        assert check(library) == []
        blob = bytearray(library.blob(names[0]))
        blob[len(blob) // 2] ^= 1
        library.db.rows("UPDATE frames SET data = ? WHERE set_id = ?", (bytes(blob), names[0]))
        library.db.rows("UPDATE sets SET backward_m = 99 WHERE set_id = ?", (names[1],))
        library.db.rows("DELETE FROM sets WHERE set_id = ?", (names[2],))
        library.db.rows("DELETE FROM frames WHERE set_id = ?", (names[3],))
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
