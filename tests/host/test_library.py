"""The library: private, idempotent, careful with versions and names."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.errors import InputError
from retrorig.library import Library


def walk(**header: object) -> bytes:
    return blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 50, 3.0, header=dict(header)))


def test_adding_twice_keeps_one(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        assert library.add_set(walk()) == ("rr-test-0003-00007", True)
        before = library.sets()
        assert library.add_set(walk()) == ("rr-test-0003-00007", False)
        assert library.sets() == before and len(before) == 1


def test_another_set_of_the_same_name_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        library.add_set(walk())
        before = library.sets()
        with pytest.raises(InputError, match="already"):
            library.add_set(walk(zero=1))
        assert library.sets() == before


def test_unreadable_bytes_are_no_set(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library, pytest.raises(ValueError):
        library.add_set(b"\0" * 100)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "library"
    old = os.umask(0)
    try:
        with Library(folder, create=True) as library:
            library.add_set(walk())
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    finally:
        os.umask(old)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes and set(modes.values()) == {0o600}, modes


def test_a_newer_library_is_refused(tmp_path: Path) -> None:
    with Library(tmp_path, create=True):
        pass
    with sqlite3.connect(tmp_path / "library.sqlite3") as db:
        db.execute("PRAGMA user_version=999")
    with pytest.raises(InputError, match="newer"):
        Library(tmp_path)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"not a database at all, but long enough to look" * 30)
    with pytest.raises(InputError, match="not a retrorig library"):
        Library(tmp_path)


def test_a_foreign_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "library.sqlite3") as db:
        db.execute("CREATE TABLE sets (a)")
    with pytest.raises(InputError, match="not a retrorig library"):
        Library(tmp_path, create=True)


def test_missing_library_and_impossible_places(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no library"):
        Library(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="can't be made"):
        Library(tmp_path / "file", create=True)


def test_names_stay_here_and_rigs_get_labels(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        assert library.people.label_for("Anna Müller") == "a1"
        assert library.people.label_for("Ben") == "a2"
        assert library.people.label_for("Anna Müller") == "a1"
        library.add_set(walk(no=1, athlete="a1"))
        library.add_set(walk(no=2, athlete="a2"))
        library.add_set(walk(no=3, athlete="x9"))
        library.add_set(walk(no=4, athlete=""))
        assert [row.athlete for row in library.sets()] == ["Anna Müller", "Ben", "x9", None]
        assert [row.set_id[-1] for row in library.sets(athlete="Ben")] == ["2"]
        assert [row.set_id[-1] for row in library.sets(athlete="a1")] == ["1"]
        assert [row.set_id[-1] for row in library.sets(athlete="anna MÜLLER")] == ["1"]
        for wrong, nearest in (("Anna Muller", "Anna Müller"), ("bem", "Ben"), ("x8", "x9")):
            with pytest.raises(InputError, match=f"nearest is {nearest}"):
                library.sets(athlete=wrong)


def test_since_compares_moments_not_texts(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        for no, unix_ms in ((1, 1_767_222_000_000), (2, 1_767_222_000_001), (3, None)):
            library.add_set(walk(no=no, start_unix_ms=unix_ms))
        moment = datetime.fromtimestamp(1_767_222_000)
        assert [row.set_id[-1] for row in library.sets(since=moment)] == ["1", "2"]
        assert library.sets(since=moment + timedelta(seconds=1)) == []
        assert [row.set_id[-1] for row in library.sets()] == ["1", "2", "3"]


def test_unknown_set(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        library.add_set(walk())
        assert library.set("RR-TEST-0003-00007").set_id == "rr-test-0003-00007"
        assert library.blob("RR-TEST-0003-00007") == walk()
        for ask in (library.set, library.raw, library.blob):
            with pytest.raises(InputError, match="no set xyz"):
                ask("xyz")


def test_what_another_program_writes_is_noticed(tmp_path: Path) -> None:
    """`--follow` publishes by it."""
    with Library(tmp_path, create=True) as ours, Library(tmp_path) as other:
        before = ours.db.version_seen()
        assert ours.db.version_seen() == before
        other.people.add("Anna")
        after = ours.db.version_seen()
        assert after != before and ours.db.version_seen() == after
