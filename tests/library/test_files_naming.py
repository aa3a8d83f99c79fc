"""Which files are looked into for a forgotten person's name: people's own, not those that programs keep."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from retrorig.library import files_naming as looked
from retrorig.library.files_naming import BYTES_MAX, DEPTH_MAX, files_naming

NAME = "Zoë Quill"


def written(path: Path, text: str = f"for {NAME}.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def told(place: Path, *own: Path) -> list[Path]:
    return files_naming(NAME, [place], own)[0]


@pytest.mark.parametrize("folder", ["", "sets", ".hidden/..", "a/b/c", "node_module", "my build"])
def test_a_persons_own_folders_are_looked_into(tmp_path: Path, folder: str) -> None:
    (tmp_path / ".hidden").mkdir()
    path = written((tmp_path / folder).resolve() / "note.txt")
    assert told(tmp_path) == [path]


@pytest.mark.parametrize("folder", [".git", "a/.cache", "build", "node_modules", "a/__pycache__", "dist"])
def test_folders_of_programs_are_not(tmp_path: Path, folder: str) -> None:
    written(tmp_path / folder / "note.txt")
    assert told(tmp_path) == []


def test_the_librarys_own_files_and_folders_are_not(tmp_path: Path) -> None:
    beside = written(tmp_path / "b.json")
    own = [written(tmp_path / "a.json"), written(tmp_path / "samples" / "c.json").parent]
    assert told(tmp_path, *own) == [beside]


def test_what_lies_deeper_than_people_file_is_not(tmp_path: Path) -> None:
    reached = [written(tmp_path.joinpath(*"abcdef"[:depth]) / "note.txt") for depth in range(DEPTH_MAX + 2)]
    assert told(tmp_path) == reached[: DEPTH_MAX + 1]


def test_a_file_in_two_places_is_told_once(tmp_path: Path) -> None:
    path = written(tmp_path / "sets" / "a.csv")
    assert files_naming(NAME, [tmp_path, path.parent], [])[0] == [path]


@pytest.mark.parametrize("bytes_n", [BYTES_MAX, BYTES_MAX + 1])
def test_a_file_as_large_as_no_report_is_left_out_and_no_smaller_one(tmp_path: Path, bytes_n: int) -> None:
    path = written(tmp_path / "a.csv", NAME)
    with path.open("ab") as file:
        file.truncate(bytes_n)
    assert told(tmp_path) == [path] * (bytes_n <= BYTES_MAX)


def test_of_many_files_as_many_are_looked_into_as_a_person_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [written(tmp_path / f"{number}.csv") for number in range(6)]
    size = paths[0].stat().st_size
    monkeypatch.setattr(looked, "ALL_BYTES_MAX", 4 * size)
    assert told(tmp_path) == paths[:4]
    monkeypatch.setattr(looked, "FILES_MAX_N", 3)
    assert told(tmp_path) == paths[:3]


def test_a_workbook_is_opened_and_one_that_is_none_ends_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.XLSX", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/other.xml", "nobody")
        book.writestr("xl/sharedStrings.xml", "<t>ZO&#203; QUILL</t>")
    written(tmp_path / "b.xlsx")
    assert told(tmp_path) == [tmp_path / "a.XLSX"]


def damaged(path: Path) -> None:
    """Packed bytes that can't be unpacked."""
    data = bytearray(path.read_bytes())
    at = data.index(b"a.xml") + len("a.xml")
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)


def locked(path: Path) -> None:
    """With the mark of a password on each part."""
    data = bytearray(path.read_bytes())
    for head, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(head) + flags] |= 1
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


@pytest.mark.parametrize("harm", [damaged, locked, cut_off])
def test_a_workbook_that_can_not_be_opened_ends_nothing(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a.xml", f"<t>{NAME}</t>" * 50)
    assert told(tmp_path) == [path]
    harm(path)
    beside = written(tmp_path / "b.csv")
    assert told(tmp_path) == [beside]


def test_a_file_that_is_gone_or_not_to_be_read_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may tidy up meanwhile, and a folder may hold what is another user's."""
    (tmp_path / "a.csv").symlink_to(tmp_path / "nowhere")
    closed, beside = written(tmp_path / "b.csv"), written(tmp_path / "c.csv")
    read = Path.read_bytes

    def read_ours(path: Path) -> bytes:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_ours)
    assert told(tmp_path) == [beside]


def test_forms_in_which_no_name_can_be_looked_for_are_told_apart(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.PARQUET", "c.png"):
        written(tmp_path / name)
    assert files_naming(NAME, [tmp_path], []) == ([], [tmp_path / "a.pdf", tmp_path / "b.PARQUET"])
