"""Backup, merge and import: exactly once, nobody mixed up with anybody, the other library untouched."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.libraries import fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.backup import backup
from retrorig.library.clocks import NO_ERA, Boot
from retrorig.library.editing import edit_sets
from retrorig.library.forgetting import forget
from retrorig.library.merge import Merged, merge
from retrorig.library.private_copy import copy_of
from rigcore.fields import pack
from rigcore.records import TYPE_NOTE, seal

BLOBS = {
    (no, label): walk(no, duration_s=1.0, athlete=label) for no in range(6) for label in ("a1", "a2", "x", "")
}


def take(folder: Path, other: Path, only: list[str] | None = None) -> Merged:
    with Library(folder, create=True) as library, copy_of(other) as source:
        return merge(library, source, only)


def people_of(folder: Path) -> dict[str, str | None]:
    with Library(folder) as library:
        return {row.set_id: row.athlete for row in library.sets()}


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(p.read_bytes() for p in sorted(folder.iterdir()))).hexdigest()


people = st.lists(st.sampled_from(["Anna", "Ben", "Cem"]), unique=True, max_size=2)
chosen = st.dictionaries(st.integers(0, 5), st.sampled_from(["a1", "a2", "x", ""]), max_size=5)


@settings(max_examples=25, deadline=None)
@given(people, chosen, people, chosen)
def test_merging_keeps_everybody_s_sets_with_them(
    here: list[str], ours: dict[int, str], there: list[str], theirs: dict[int, str]
) -> None:
    """Two laptops with their own labels, and sets that both have pulled."""
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder, "one"), Path(folder, "two")
        theirs = {
            no: ours.get(no, label) for no, label in theirs.items()
        }  # one set has one label, whoever pulls it
        fill(one, *(BLOBS[item] for item in ours.items()), people=tuple(here))
        fill(two, *(BLOBS[item] for item in theirs.items()), people=tuple(there))
        before, those, unchanged = people_of(one), people_of(two), digest(two)
        result = take(one, two)
        after = people_of(one)
        assert digest(two) == unchanged
        assert sorted(result.new) == sorted(set(those) - set(before))
        assert result.known_n == len(set(those) & set(before))
        assert set(after) == set(before) | set(those)
        assert {name: after[name] for name in before} == before
        known = {*here, *there}
        for name in result.new:
            if those[name] in known:
                assert after[name] == those[name]
            else:  # somebody that the other library has no name for is nobody who has one here
                assert (after[name] is None) == (those[name] is None) and after[name] not in known
        again = take(one, two)
        assert again.new == [] and people_of(one) == after


def test_notes_of_both_laptops_come_together_and_the_newest_counts(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        fill(folder, walk(1), walk(2))
    with Library(one) as library:
        edit_sets(library, [name_of(1)], {"load_kg": 10.0, "side": "left"})
    with Library(two) as library:
        library.people.label_for("Ben")
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), 0, 1_780_000_000_000, 100)
        edit_sets(library, [name_of(1)], {"load_kg": 12.0, "athlete": "Ben"})
    for _ in range(2):
        take(one, two)
        with Library(one) as library:
            row = library.set(name_of(1))
            assert (row.load_kg, row.side, row.athlete) == (12.0, "left", "Ben")
            assert len(library.db.rows("SELECT * FROM edits")) == 4


def test_a_set_that_differs_stays_as_it_is_here_and_is_told(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    fill(one, walk(1), walk(2, athlete="a1"), people=("Anna",))
    fill(two, walk(1, zero=1), walk(2, athlete="a1"), people=("Ben",))
    with Library(one) as library:
        before = library.sets()
    result = take(one, two)
    assert [("another one" in notice, "somebody else" in notice) for notice in result.notices] == [
        (True, False),
        (False, True),
    ]
    with Library(one) as library:
        assert library.sets() == before


def test_a_forgotten_person_s_sets_stay_away(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        fill(folder, walk(1, athlete="a1"), people=("Anna",))
    with Library(one) as library:
        forget(library, "Anna", delete_sets=True)
    result = take(one, two)
    assert result.new == [] and "was not taken again" in result.notices[0]
    assert people_of(one) == {}
    with Library(one) as library:
        assert library.people.all() == []


def test_a_forgotten_person_s_label_does_not_come_back_with_a_set_of_nobody(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    fill(one, walk(1, athlete="a1"), people=("Anna",))
    fill(two, walk(2, athlete="a1"))
    with Library(one) as library:
        forget(library, "Anna", delete_sets=True)
    assert take(one, two).new == [name_of(2)]
    with Library(one) as library:
        assert [row.label for row in library.sets()] != ["a1"]
        assert "a1" not in library.people.used_labels()


def test_a_backup_is_the_library_of_that_moment_and_sets_can_be_had_back_from_it(tmp_path: Path) -> None:
    folder, file = tmp_path / "library", tmp_path / "backup.sqlite3"
    names = fill(folder, walk(1, athlete="a1"), walk(2, athlete="a1"), people=("Anna",))
    old = os.umask(0)
    try:
        with Library(folder) as library, Library(folder) as other:
            edit_sets(library, names[:1], {"load_kg": 5.0})
            with other.db.transaction():  # somebody else is in the middle of writing
                other.add_set(walk(3))
                backup(library, file)
            with pytest.raises(InputError, match="there already"):
                backup(library, file)
            forget(library, "Anna", delete_sets=True)
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with copy_of(file) as kept:
        assert [row.set_id for row in kept.sets()] == names
    fresh = tmp_path / "fresh"
    assert take(fresh, file, [names[0]]).new == names[:1]
    with Library(fresh) as library:
        assert [(row.athlete, row.load_kg) for row in library.sets()] == [("Anna", 5.0)]
    with pytest.raises(InputError, match="no set"):
        take(fresh, file, ["none"])


def test_sets_without_a_name_there_are_not_given_to_whom_a_name_moved_to(tmp_path: Path) -> None:
    """Anna's label is taken here, and her new one is what a rig there calls somebody whom nobody has named."""
    one, two = tmp_path / "one", tmp_path / "two"
    fill(one, people=("Ben",))
    fill(two, walk(1, 1.0, athlete="a1"), walk(2, 1.0, athlete="a2"), people=("Anna",))
    take(one, two)
    assert people_of(one)[name_of(1)] == "Anna" and people_of(one)[name_of(2)] not in (None, "Anna", "Ben")


@pytest.mark.parametrize(("here_n", "there_n"), [(0, 1), (1, 0), (1, 1), (0, 0), (1, 2)])
def test_of_a_set_that_has_grown_the_longer_form_counts_wherever_it_is(
    tmp_path: Path, here_n: int, there_n: int
) -> None:
    """What the athlete answered later is added to a set that is stored already."""
    blob, grown = walk(1, 1.0), []
    for n in (0, 1, 2):
        blob += seal(TYPE_NOTE, 90 + n, pack({"rpe": n}), 1) if n else b""
        grown.append(blob)
    fill(tmp_path / "one", grown[here_n])
    fill(tmp_path / "two", grown[there_n])
    result = take(tmp_path / "one", tmp_path / "two")
    assert (result.new, result.known_n, result.notices) == ([], 1, [])
    most = max(here_n, there_n)
    with Library(tmp_path / "one") as library:
        assert library.blob(name_of(1)) == grown[most] and library.set(name_of(1)).rpe == (most or None)
        assert not any(fault.is_damage for fault in library.check(is_thorough=True))


def test_what_is_no_library_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello, I am no library at all" * 100)
    for path, sentence in (
        (tmp_path / "none", "no library at"),
        (tmp_path / "text", "can't be read|not a retrorig"),
    ):
        with pytest.raises(InputError, match=sentence):
            take(tmp_path / "mine", path)
        assert not (tmp_path / "mine").exists()
    with (
        Library(tmp_path / "mine", create=True) as library,
        pytest.raises(InputError, match="can't be written"),
    ):
        backup(library, tmp_path / "no" / "such" / "place")


def test_a_label_that_is_free_moves_with_its_person(tmp_path: Path) -> None:
    """A rig goes on sending it: under another one her next sets would be nobody's."""
    with Library(tmp_path / "one", create=True) as library:
        library.people.add("Anna", "anna")
        library.add_set(walk(1, athlete="anna"))
    take(tmp_path / "two", tmp_path / "one")
    with Library(tmp_path / "two") as library:
        library.add_set(walk(2, athlete="anna"))
        assert [row.athlete for row in library.sets()] == ["Anna", "Anna"]


def test_of_a_damaged_library_the_sets_that_are_whole_are_saved(tmp_path: Path) -> None:
    names = fill(tmp_path / "one", *(walk(no, 40.0, athlete="a1") for no in range(12)), people=("Anna",))
    file = tmp_path / "one" / "library.sqlite3"
    whole = file.read_bytes()
    with Library(tmp_path / "one") as library:
        blobs = {name: library.blob(name) for name in names}
    page = whole.index(blobs[names[6]][200:260]) // 16_384 * 16_384
    cut_off, holed = whole[: page + 100], whole[:page] + bytes(16_384) + whole[page + 16_384 :]
    for number, data in enumerate((cut_off, holed)):
        file.write_bytes(data)
        told: list[str] = []
        new = tmp_path / f"new-{number}"
        with Library(new, create=True) as library, copy_of(file, told.append) as other:
            saved = merge(library, other).new
        assert 0 < len(saved) < 12 and file.read_bytes() == data
        with Library(new) as library:
            assert all(library.blob(name) == blobs[name] for name in saved)
            assert {row.athlete for row in library.sets()} <= {"Anna", "a1"}
        assert {name for name in names if any(name in sentence for sentence in told)} <= set(names) - set(
            saved
        )
        assert "damaged" in told[0]


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A library of which the index of the list is damaged, so that SQLite calls the file broken; all else is whole."""
    names = fill(
        tmp_path / "torn", *(walk(no, 1.0, athlete="a1") for no in range(1, 6)), people=("Anna", "Ben")
    )
    with Library(tmp_path / "torn") as library:
        edit_sets(library, names, {"load_kg": 5.0})
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), 5, 1_780_000_000_000, 100)
        library.delete(names[:1])
        library.compact()
        (root,) = library.db.row("SELECT rootpage FROM sqlite_master WHERE name = 'sets_in_order'") or (0,)
    file = tmp_path / "torn" / "library.sqlite3"
    data = bytearray(file.read_bytes())
    data[(root - 1) * 16_384 : (root - 1) * 16_384 + 8] = bytes(8)
    file.write_bytes(data)
    return file


def test_of_a_damaged_library_everything_that_is_whole_is_saved(tmp_path: Path, torn: Path) -> None:
    told: list[str] = []
    with Library(tmp_path / "new", create=True) as library, copy_of(torn, told.append) as other:
        assert [len(told), told[0][:42]] == [1, "That library is damaged; whole sets: 4. No"]
        assert other.raw_sets.forgotten() == {name_of(1)}
        assert merge(library, other).notices == []
        assert [(row.set_id, row.athlete, row.load_kg) for row in library.sets()] == [
            (name_of(no), "Anna", 5.0) for no in (2, 3, 4, 5)
        ]
        assert library.people.names() == {"a1": "Anna"} and other.people.names() == {
            "a1": "Anna",
            "a2": "Ben",
        }
        assert len(list(library.clocks.exchanges())) == 1


@pytest.mark.parametrize("data", [b"no set", None], ids=["shorter", "as long"])
def test_of_a_damaged_library_a_set_whose_bytes_changed_is_told_and_left_out(
    tmp_path: Path, torn: Path, data: bytes | None
) -> None:
    with closing(sqlite3.connect(torn)) as file, file:
        if data is None:
            (blob,) = file.execute("SELECT data FROM raw_sets WHERE set_id = ?", (name_of(3),)).fetchone()
            data = blob[:-1] + bytes([blob[-1] ^ 1])
        file.execute("UPDATE raw_sets SET data = ? WHERE set_id = ?", (data, name_of(3)))
    told: list[str] = []
    with copy_of(torn, told.append) as other:
        assert other.raw_sets.ids() == [name_of(no) for no in (2, 4, 5)]
    assert told[1:] == [f"Set {name_of(3)} is damaged there and was left out."]


def test_a_backup_of_a_damaged_library_is_no_good_news(tmp_path: Path) -> None:
    fill(tmp_path / "one", *(walk(no) for no in range(12)))
    file = tmp_path / "one" / "library.sqlite3"
    data = bytearray(file.read_bytes())
    data[4 * 16_384 : 4 * 16_384 + 64] = bytes(64)
    file.write_bytes(data)
    with Library(tmp_path / "one") as library, pytest.raises(InputError, match="so is this copy"):
        backup(library, tmp_path / "copy")
    assert (tmp_path / "copy").is_file()


def test_sentences_about_another_library_name_its_own_place(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA application_id=1380275282")  # a library of the future
        other.execute("PRAGMA user_version=99")
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(InputError, match=str(file)):
        take(tmp_path / "mine", file)
