"""People: labels that never change hands, names in any script, and forgetting that leaves no byte."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.libraries import fill, name_of, walk

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.clocks import NO_ERA, Numbers
from retrorig.library.editing import edit_sets
from retrorig.library.forgetting import forget
from retrorig.library.sample_files import write_samples

NAMES = ("Zoë Ångström-Müller", "محمد الفاتح", "佐藤 美咲", "Дарья Иванова", "👩🏽‍🦽 Kim")


def bytes_of(folder: Path) -> bytes:
    """Everything that is in the folder's files, and their names."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in files)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("delete_sets", [True, False])
def test_nothing_is_left_of_a_person(tmp_path: Path, name: str, delete_sets: bool) -> None:
    blobs = [walk(1, athlete="a1"), walk(2, athlete="a2"), walk(3, athlete="a2")]
    names = fill(tmp_path, *blobs, people=(name, "Ben"))
    record = {"id": "c", "rig": "r", "kind": "belt", "made_utc": "2026-01-01T00:00:00Z", "person": name}
    with Library(tmp_path) as library:
        edit_sets(library, names[:1], {"notes": f"{name} was tired", "load_kg": 5.0})
        edit_sets(library, names[2:], {"athlete": name})
        library.calibrations.add(record)
        write_samples(library)
    assert name.encode() in bytes_of(tmp_path)
    with Library(tmp_path) as library:
        told = forget(library, name, delete_sets)
        assert told.sets_n == 2 and told.label == "a1"
        rows = {row.set_id: row for row in library.sets()}
        if delete_sets:
            assert list(rows) == names[1:2]
            with pytest.raises(InputError, match="no set"):
                library.blob(names[0])
        else:
            # the third is not Ben's again: the coach noted that he did not make it
            assert [rows[i].athlete for i in names] == [None, "Ben", None]
            assert rows[names[0]].notes is None and rows[names[0]].load_kg == 5.0
        assert library.calibrations.get("c") == {**record, "person": None}
    left = bytes_of(tmp_path)
    assert name.encode() not in left
    assert (
        names[0].encode() in b"".join(p.name.encode() for p in tmp_path.rglob("*.parquet"))
    ) != delete_sets


def test_deleted_sets_do_not_come_back_and_the_label_names_nobody(tmp_path: Path) -> None:
    import binascii

    blob = walk(1, athlete="a1")
    fill(tmp_path, blob, people=("Anna",))
    with Library(tmp_path) as library:
        forget(library, "Anna", delete_sets=True)
        assert library.holds(Numbers("RR-Test", NO_ERA), 1, len(blob), binascii.crc32(blob))
        assert library.add_set(blob) == (name_of(1), False)
        assert library.sets() == []
        library.add_set(walk(2, athlete="a1"))  # the rig still says a1
        assert [row.athlete for row in library.sets()] == [None]
        assert library.people.label_for("Cem") == "a2"
        with pytest.raises(InputError, match="stands or stood"):
            library.people.add("Dora", "a1")


def test_an_open_reader_makes_forgetting_say_that_bytes_may_remain(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("retrorig.library.database.BUSY_S", 0.05)
    fill(tmp_path, walk(1, athlete="a1"), people=("Anna", "Ben", "Cem"))
    with Library(tmp_path) as reader, Library(tmp_path) as library:
        rows = reader.db.connection.execute("SELECT * FROM athletes")
        next(rows)
        with pytest.raises(InputError, match="another program"):
            forget(library, "Anna", delete_sets=False)
        rows.close()
    with Library(tmp_path):
        pass
    assert b"Anna" not in bytes_of(tmp_path)


class Careless(sqlite3.Connection):
    """A connection as most builds of SQLite open it: what is deleted stays in the file. Debian's is careful unasked."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.execute("PRAGMA secure_delete=OFF")


def closed(folder: Path) -> bytes:
    """The folder's bytes once the last program has closed the library."""
    with Library(folder):
        pass
    return bytes_of(folder)


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Careless))


SECRET = "Zebediah " + "Quill" * 8


@pytest.mark.usefixtures("careless")
def test_a_name_that_was_corrected_is_overwritten(tmp_path: Path) -> None:
    fill(tmp_path, walk(1, athlete="a1"), people=(SECRET,))
    assert SECRET.encode() in closed(tmp_path)
    with Library(tmp_path) as library:
        library.people.rename(SECRET, "Ben")
    assert SECRET[:8].encode() not in closed(tmp_path)


@pytest.mark.usefixtures("careless")
def test_forgetting_that_is_killed_after_the_person_is_gone_has_left_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, walk(1, athlete="a1"), people=(SECRET, "Ben"))
    assert SECRET.encode() in closed(tmp_path)
    monkeypatch.setattr("retrorig.library.forgetting._overwrite", Mock(side_effect=KeyboardInterrupt))
    with Library(tmp_path) as library, pytest.raises(KeyboardInterrupt):
        forget(library, SECRET, delete_sets=False)
    assert SECRET.encode() not in closed(tmp_path)


def test_forgetting_reaches_what_another_program_had_left_in_the_file(tmp_path: Path) -> None:
    fill(tmp_path, walk(1, athlete="a1"), people=("Zeb", "Ben"))
    with closing(Careless(tmp_path / "library.sqlite3", isolation_level=None)) as other:
        other.execute("UPDATE athletes SET name = ? WHERE label = 'a1'", (SECRET,))
        other.execute("UPDATE athletes SET name = 'Zeb' WHERE label = 'a1'")
    assert SECRET.encode() in closed(tmp_path)
    with Library(tmp_path) as library:
        forget(library, "Zeb", delete_sets=False)
    assert SECRET.encode() not in closed(tmp_path)


name = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=200)


@settings(max_examples=25, deadline=None)
@given(st.lists(name, min_size=1, max_size=8, unique=True))
def test_each_name_has_one_label_and_each_label_one_name(people: list[str]) -> None:
    import tempfile
    import unicodedata

    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), create=True) as library:
        labels = {person: library.people.label_for(person) for person in people}
        different = {unicodedata.normalize("NFC", person) for person in people}
        assert len(set(labels.values())) == len(different)
        assert {person["name"] for person in library.people.all()} == different
        assert all(library.people.known_label(person) == label for person, label in labels.items())


def test_one_name_in_two_forms_of_unicode_is_one_person(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        assert (
            library.people.label_for("Zoë")
            == library.people.label_for("Zoe\u0308")
            == library.people.label_for(" Zoë ")
        )


@pytest.mark.parametrize("bad", ["", "   ", "two\x00parts", "x" * 10_000, "\u202eevil"])
def test_what_is_no_name_is_one_sentence(tmp_path: Path, bad: str) -> None:
    with Library(tmp_path, create=True) as library:
        with pytest.raises(InputError, match="name"):
            library.people.label_for(bad)
        assert library.people.all() == []


def test_renaming_keeps_sets_and_refuses_to_merge_people(tmp_path: Path) -> None:
    fill(tmp_path, walk(1, athlete="a1"), people=("Ana", "Ben"))
    with Library(tmp_path) as library:
        library.people.rename("Ana", "Anna")
        assert [row.athlete for row in library.sets(athlete="Anna")] == ["Anna"]
        with pytest.raises(InputError, match="can't share"):
            library.people.rename("Anna", "Ben")
        with pytest.raises(InputError, match="Nobody here"):
            library.people.rename("Ana", "Any")
        assert library.people.all()[0]["sets"] == 1


def test_a_name_that_was_corrected_goes_from_calibrations_and_is_told_where_it_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = fill(tmp_path, walk(1, athlete="a1"), walk(2, athlete="a2"), people=("Ana Quill", "Ben"))
    record = {
        "id": "c",
        "rig": "r",
        "kind": "belt",
        "made_utc": "2026-01-01T00:00:00Z",
        "person": "ana  QUILL",
    }
    with Library(tmp_path) as library:
        library.calibrations.add(record)
        edit_sets(library, names[1:], {"notes": "beside ANA QUILL"})
    assert run(["athlete", "rename", "Ana Quill", "Anna", "--library", str(tmp_path)]) == 0
    assert names[1] in capsys.readouterr().err
    with Library(tmp_path) as library:
        assert library.calibrations.get("c")["person"] == "Anna"
        edit_sets(library, names[1:], {}, undo=["notes"])
        library.notes.drop(names[1])
    assert b"quill" not in closed(tmp_path).lower()


@pytest.mark.parametrize("delete_sets", [True, False])
def test_other_spellings_the_label_and_parts_go_too_and_what_stays_is_told(
    tmp_path: Path, delete_sets: bool
) -> None:
    with Library(tmp_path, create=True) as library:
        library.people.add("Zoë Quill", "quill")
    names = fill(tmp_path, walk(1, athlete="quill"), walk(2, athlete="a2"), people=("Ben",))
    record = {"rig": "r", "kind": "belt", "made_utc": "2026-01-01T00:00:00Z"}
    with Library(tmp_path) as library:
        for number, person in enumerate(("ZOË QUILL", "Zoe\u0308 Quill", "Quill")):
            library.calibrations.add({**record, "id": f"c{number}", "person": person})
        edit_sets(library, names[1:], {"notes": "with zoë quill"})
        write_samples(library)
        (path, _) = library.files.current()
        path.with_name(f".{names[0]}.x.part").write_bytes(b"quill")
        (tmp_path / ".retrorig-0011.part").write_bytes(b"quill")
        library.partials.keep(Numbers("RR-Test", NO_ERA), 9, 77, 0, walk(9, athlete="quill")[:200])
        told = forget(library, "zoë QUILL", delete_sets)
        assert any(names[1] in sentence for sentence in told.left)
        assert any("hold the label" in sentence for sentence in told.left) != delete_sets
        edit_sets(library, names[1:], {}, undo=["notes"])
        library.notes.drop(names[1])
        assert library.add_set(walk(3, athlete="quill")) and library.set(name_of(3)).athlete is None
        with pytest.raises(InputError, match="stands or stood"):
            library.people.add("Dora", "quill")
        library.raw_sets.forget(
            [name_of(3), *([] if delete_sets else names[:1])]
        )  # bytes of the rig, told above
        library.db.rows("VACUUM")
    assert b"quill" not in closed(tmp_path).lower()


def test_a_label_that_a_rig_has_sent_is_given_to_nobody_else(tmp_path: Path) -> None:
    fill(tmp_path, walk(1, athlete="a5"))
    with Library(tmp_path) as library:
        assert library.people.label_for("Anna") == "a6"
        assert library.people.add("Ben", "ben") == "ben"
        for label in ("", "two words", "x" * 13, "é"):
            with pytest.raises(InputError, match="label"):
                library.people.add("Cem", label)


@pytest.mark.parametrize(
    ("other", "is_hers"),
    [("Anna Berg", True), (" ANNA  berg", True), ("Anna", False), ("Anna Bergs", False), ("Zoe", False),
     ("Aaron", False), ("", False), (None, False), (7, False)],
)  # fmt: skip
def test_only_what_bears_the_name_is_renamed_and_forgotten(
    tmp_path: Path, other: object, is_hers: bool
) -> None:
    record = {"id": "c", "rig": "r", "kind": "belt", "made_utc": "2026-01-01T00:00:00Z", "person": other}
    with Library(tmp_path, create=True) as library:
        library.people.add("Anna Berg", "berg")
        library.calibrations.add(record)
        library.people.rename("Anna Berg", "Eva Tal")
        assert library.calibrations.get("c")["person"] == ("Eva Tal" if is_hers else other)
        forget(library, "Eva Tal", delete_sets=False)
        assert library.calibrations.get("c")["person"] == (None if is_hers else other)


def test_a_name_in_other_letters_means_whoever_alone_bears_it(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        labels = {name: library.people.add(name) for name in ("Anna", "ANNA", "Ben")}
        for ask in (library.people.known_label, library.people.label_of):
            assert [ask(name) for name in ("Anna", "ANNA", "ben")] == list(labels.values())
            with pytest.raises(InputError, match=r"^anna may be ANNA, Anna: write the name as one of these"):
                ask("anna")


@pytest.mark.parametrize(
    ("used", "label"),
    [((), "a1"), (("b7", "c", "7"), "a1"), (("a", "a2", "ab9"), "a3"), (("a09", "a1"), "a10")],
)
def test_the_next_label_is_one_behind_the_highest_of_its_kind(
    tmp_path: Path, used: tuple[str, ...], label: str
) -> None:
    with Library(tmp_path, create=True) as library:
        for number, other in enumerate(used):
            library.people.add(f"Somebody {number}", other)
        assert library.people.add("Anna") == label


def test_names_and_labels_go_as_far_as_a_rig_can_show_and_a_person_can_read(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        assert library.people.add("x" * 200, "b" * 12) == "b" * 12
        with pytest.raises(InputError, match="at most 200"):
            library.people.add("y" * 201)
        with pytest.raises(InputError, match="1 to 12 plain letters"):
            library.people.add("Cem", "c" * 13)
        assert library.people.add("نرگس\u200cخاتون") == "a1", "joiners are part of names"
        with pytest.raises(InputError, match="no name"):
            library.people.add("\u200c\u200d")


def test_a_label_is_as_good_as_a_name(tmp_path: Path) -> None:
    """Who replays or merges for "ben" means the one whom rigs know so, not somebody new."""
    with Library(tmp_path, create=True) as library:
        library.people.add("Ben Example", "ben")
        assert library.people.label_for("ben") == library.people.label_for("Ben Example") == "ben"
        assert library.people.label_for("Benedict") == "a1"
        assert [person["name"] for person in library.people.all()] == ["Ben Example", "Benedict"]


def test_forgetting_tells_of_words_that_stay_with_kept_sets(tmp_path: Path) -> None:
    names = fill(tmp_path, walk(1, athlete="a1"), walk(2, athlete="a1"), people=("Anna",))
    with Library(tmp_path) as library:
        edit_sets(library, names[:1], {"attachment": "Anna's belt"})
        assert any("attachment and tags" in sentence for sentence in forget(library, "Anna", False).left)


def test_a_disk_too_full_to_rebuild_the_file_does_not_deny_the_forgetting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, walk(1, athlete="a1"), people=("Anna",))
    with Library(tmp_path) as library:
        rows = library.db.rows

        def full(sql: str, values: tuple = ()) -> list:
            if sql == "VACUUM":
                raise InputError("The disk is full.")
            return rows(sql, values)

        monkeypatch.setattr(library.db, "rows", full)
        with pytest.raises(InputError, match=r"is forgotten, but .* The disk is full\. Merging"):
            forget(library, "Anna", delete_sets=False)
        assert library.people.all() == []


def test_files_with_the_name_are_told_when_somebody_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the library's folder and where the command is run, which may be a checkout whose git ignores them."""
    work, folder = tmp_path / "checkout", tmp_path / "library"
    (work / "practice").mkdir(parents=True)
    fill(folder, walk(1, athlete="a1"), walk(2, athlete="a2"), people=("Zoë Quill & Co", "Ben"))
    monkeypatch.chdir(work)
    own = ("--library", str(folder))
    assert run(["export", "--summary", "--output", "practice/sets.xlsx", *own]) == 0
    assert run(["export", "--summary", "--output", "sets.csv", *own]) == 0
    assert run(["report", "--athlete", "a1", "--output", "practice/report.html", *own]) == 0
    assert run(["library", "backup", "before.sqlite3", *own]) == 0
    assert run(["export", "--summary", "--athlete", "Ben", "--output", "ben.csv", *own]) == 0
    assert run(["export", "1", "--output", "practice/one.parquet", *own]) == 0
    (folder / "plans").mkdir()
    (folder / "plans" / "hers.toml").write_text("# for ZOE\u0308 QUILL & co", encoding="utf-8")
    os.mkfifo(work / "pipe.csv")
    with Library(folder) as library:
        write_samples(library)
    capsys.readouterr()
    assert run(["athlete", "forget", "a1", "--delete-sets", *own]) == 0
    (naming,) = [line for line in capsys.readouterr().err.splitlines() if "until you delete them" in line]
    for name in ("practice/sets.xlsx", "sets.csv", "practice/report.html", "before.sqlite3"):
        assert str(work / name) in naming
    assert str(folder / "plans" / "hers.toml") in naming and "ben.csv" not in naming
    assert "library/library.sqlite3" not in naming and "pipe" not in naming


def test_what_can_not_be_looked_into_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "library", walk(1, athlete="a1"), people=("Anna",))
    (tmp_path / "anna.pdf").write_bytes(b"%PDF")
    with Library(tmp_path / "library") as library:
        write_samples(library)
        left = forget(library, "Anna", delete_sets=False).left
    (told,) = [sentence for sentence in left if "can't be told" in sentence]
    assert str(tmp_path / "anna.pdf") in told and "samples" not in told
