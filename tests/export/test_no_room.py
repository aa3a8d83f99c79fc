"""A disk that is full or read-only: every command and function that writes ends in one sentence and leaves no part."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from retrorig.calibration import write_backup
from retrorig.cli import run
from retrorig.desk.settings import DeskSettings, write_settings
from retrorig.desk.shortcut import make_shortcut
from retrorig.errors import InputError
from retrorig.flash.file_backup import Keeper
from retrorig.flash.sums import Sums
from retrorig.library import Library
from retrorig.library.calibration_record import checked_record, id_of
from retrorig.logs import logging_to
from retrorig.plans.own import keep_plan
from retrorig.plans.reader import ready_made
from retrorig.report.pdf import write_pdf
from retrorig.virtual.parts.flash import FlashImage

from .conftest import Shelf

ROOM_BYTES = 20
CHROMIUM = """#!/bin/sh
ulimit -f unlimited
for word; do case $word in --print-to-pdf=*) head -c 999 /dev/zero > "${word#*=}" ;; esac; done
"""
"""Stands for the browser: prints 999 bytes to where it is told, and no limit on the size of files binds it."""
VALUES = {
    "counts_per_rev": 2400, "circumference_um": 250_000, "zero": 35_000, "scale_nn": 465_766, "direction": 1,
    "made_s": 1_790_000_000,
}  # fmt: skip
RECORD = {
    **VALUES, "id": id_of(VALUES), "rig": "5feceb66ffc8", "kind": "belt", "made_utc": "2026-09-21T14:13:20Z",
    "person": None, "replaces": None, "evidence": {},
}  # fmt: skip


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond ROOM_BYTES: the operating system refuses, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    sys.dont_write_bytecode, before = (
        True,
        sys.dont_write_bytecode,
    )  # a module met here would be cached cut off
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = before


@contextmanager
def nobody() -> Iterator[None]:
    """Not the superuser, whom no folder refuses."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@dataclass(frozen=True)
class Place:
    """library: one of its own for this test; folder: where there is no room; shelf: another library, only read."""

    library: Path
    folder: Path
    shelf: Shelf


def command(words: str) -> Callable[[Place], None]:
    """A command line, which must end in status 2 and one line; on the place's library, if it names none."""

    def call(place: Place) -> None:
        names = {"folder": place.folder, "shelf": place.shelf.folder, "set": place.shelf.recorded}
        arguments = [word.format(**names) for word in words.split()]
        if "--library" not in arguments:
            arguments += ["--library", str(place.library)]
        told = StringIO()
        with redirect_stderr(told), redirect_stdout(StringIO()):
            status = run(arguments)
        assert (status, told.getvalue().count("\n")) == (2, 1), told.getvalue()
        raise InputError(told.getvalue().strip())

    return call


def log(place: Place) -> None:
    import logging

    with logging_to(place.folder / "cable.log"):
        for _ in range(100):
            logging.getLogger("retrorig.link").debug("a line")


def pdf(place: Place) -> None:
    """The browser could print; the place for the PDF is full or read-only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrorig.report.pdf.find_browser", lambda: str(place.folder.parent / "chromium"))
        write_pdf(place.library / "page.html", place.folder / "x.pdf")


TO_FILES: dict[str, Callable[[Place], object]] = {
    **{
        f"export to {form}": command(f"export {{set}} --output {{folder}}/x.{form}")
        for form in ("csv", "xlsx", "parquet", "fit", "json")
    },
    "export into a folder": command("export {set} --format csv --output {folder}"),
    **{
        f"summary to {form}": command(f"export --summary --output {{folder}}/x.{form}")
        for form in ("csv", "xlsx")
    },
    "report": command("report {set} --output {folder}/x.html"),
    "report as PDF": pdf,
    "picture": command("day --on 2026-11-22 --plot {folder}/x.svg"),
    "certificate": command(f"calibrate certificate {RECORD['id']} --output {{folder}}/x.html"),
    "backup": command("library backup {folder}/x.sqlite3"),
    "log": log,
    "new library": command("athlete add Anna --library {folder}/new"),
    "backup of a calibration": lambda place: write_backup(place.folder / "x.json", {"x": "x" * 300}),
    "settings of the desk": lambda place: write_settings(place.folder, DeskSettings()),
    "shortcut": lambda place: make_shortcut(place.library, desktop=place.folder),
    "plan": lambda place: keep_plan(place.folder, ready_made()["gentle-knee"].read_text(encoding="utf-8")),
    "sum of an image": lambda place: Sums(place.folder).remember("x" * 200, "0" * 64),
    "a board's files": lambda place: Keeper("00:11", place.folder)._write(place.folder / "x", b"x" * 300),
    "flash of the virtual rig": lambda place: FlashImage(4096, place.folder / "flash.bin").deliver(),
}
"""Whatever makes a file that a person named, or that is kept beside the library."""
TO_THE_LIBRARY = {
    words: command(words)
    for words in (
        "library merge {shelf}", "library import {shelf} {set}", "library compact", "library samples",
        "library recompute last --zero 34000", "edit last --rpe 3", "hide last", "delete last", "athlete add Ben",
        "athlete rename a1 Ben", "athlete forget a1 --delete-sets",
    )
}  # fmt: skip


@pytest.fixture
def place(shelf: Shelf, tmp_path: Path) -> Place:
    for part in tmp_path.parents:  # which are the user's alone
        if part.name.startswith(("pytest-", "popen-")):
            part.chmod(0o755)
    tmp_path.chmod(0o755)
    library = tmp_path / "library"
    library.mkdir()
    shutil.copy(shelf.folder / "library.sqlite3", library)
    with Library(library) as opened:
        opened.calibrations.add(checked_record(RECORD))
    (tmp_path / "folder").mkdir()
    (tmp_path / "chromium").write_text(CHROMIUM)
    (tmp_path / "chromium").chmod(0o755)
    return Place(library, tmp_path / "folder", shelf)


@contextmanager
def open_library(place: Place) -> Iterator[None]:
    """Another program has it open, so that SQLite's shared memory, 32 KB, is there already."""
    with Library(place.library) as library:
        library.sets()
        yield


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(call: Callable[[Place], object], place: Place) -> str:
    """The one sentence in which the call ends."""
    with pytest.raises(InputError) as caught:
        call(place)
    sentence = str(caught.value)
    assert "\n" not in sentence and "bug" not in sentence and sentence.endswith((".", "`")), sentence
    return sentence


@pytest.mark.parametrize("name", TO_FILES)
def test_a_full_disk_is_one_sentence_and_leaves_what_was_there(name: str, place: Place) -> None:
    library = dump(place.library)
    with open_library(place), full_disk():
        told(TO_FILES[name], place)
    left = content(place.folder)
    if name == "log":  # is added to, line by line
        assert all(size <= ROOM_BYTES for size in map(len, left.values()))
    else:
        assert left == {}
    assert dump(place.library) == library


@pytest.mark.parametrize("name", TO_FILES)
def test_a_read_only_folder_is_one_sentence(name: str, place: Place) -> None:
    place.folder.chmod(0o555)
    for path in (place.shelf.folder, place.library):
        path.chmod(0o755)
        (path / "library.sqlite3").chmod(0o644)
    with nobody():
        told(TO_FILES[name], place)
    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize("words", TO_THE_LIBRARY)
def test_a_library_on_a_full_or_read_only_disk_stays_what_it_was(words: str, place: Place) -> None:
    before = dump(place.library)
    with open_library(place), full_disk():
        told(TO_THE_LIBRARY[words], place)
    assert dump(place.library) == before
    assert list(content(place.library)) == ["library.sqlite3"]
    (place.library / "library.sqlite3").chmod(0o444)
    place.library.chmod(0o555)
    place.shelf.folder.chmod(0o755)
    (place.shelf.folder / "library.sqlite3").chmod(0o644)
    with nobody():
        assert "read-only" in told(TO_THE_LIBRARY[words], place)
    assert dump(place.library) == before


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "library.sqlite3")) as file:
        return list(file.iterdump())
