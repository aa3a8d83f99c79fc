"""Where files go, and that they appear whole or not at all."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sys
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export.libraries import fill, header_blob

from retrorig.cli import run
from retrorig.errors import InputError, MissingPackageError
from retrorig.export import FORMATS, export_sets
from retrorig.extras import bringing
from retrorig.library import Library
from retrorig.writing import replacing

from .conftest import Shelf
from .test_fit import decoded


def test_a_broken_writer_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "x") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_only_files_are_replaced(shelf: Shelf, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "target.csv")
    with Library(shelf.folder) as library:
        with pytest.raises(InputError, match="no file"):
            library.export([shelf.walk], "csv", pipe)
        (tmp_path / "target.csv").write_text("old")
        library.export([shelf.walk], "csv", link)
        (tmp_path / "bare").write_text("old")
        with pytest.raises(InputError, match="is a file"):
            library.export([shelf.walk, shelf.later], "csv", tmp_path / "bare")
    assert link.is_symlink() and (tmp_path / "target.csv").read_text().startswith("time_s,")


@pytest.mark.parametrize("place", ["there", "missing"])
def test_a_folder_gets_a_file_a_set_in_each_format(shelf: Shelf, tmp_path: Path, place: str) -> None:
    chosen = [shelf.walk, shelf.later, shelf.walk.upper()]
    for file_format in FORMATS:
        folder = tmp_path / file_format
        if place == "there":
            folder.mkdir()
        with Library(shelf.folder) as library:
            written = library.export(chosen, file_format, folder)
        assert written == [folder / f"{set_id}.{file_format}" for set_id in chosen[:2]]
        assert sorted(folder.iterdir()) == sorted(written)


@pytest.mark.parametrize("file_format", list(FORMATS))
def test_a_name_with_an_ending_becomes_one_file_with_all_sets(
    shelf: Shelf, tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / f"all.{file_format}"
    with Library(shelf.folder) as library:
        assert library.export([shelf.walk, shelf.later], file_format, path) == [path]
    assert list(tmp_path.iterdir()) == [path] and path.is_file()


def table_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_csv_of_several_sets_tells_them_apart(shelf: Shelf, tmp_path: Path) -> None:
    with Library(shelf.folder) as library:
        (both,) = library.export([shelf.later, shelf.walk], "csv", tmp_path / "both.csv")
        alone = [
            library.export([name], "csv", tmp_path / f"{name}.csv")[0] for name in (shelf.later, shelf.walk)
        ]
    head, *rows = table_of(both)
    assert head == ["time_s", "distance_m", "speed_mps", "force_n", "power_w", "set_id"]
    assert rows == [[*row, path.stem] for path in alone for row in table_of(path)[1:]]


def test_no_library_and_no_backup_is_ever_overwritten(shelf: Shelf, tmp_path: Path) -> None:
    """The name of the library is a tab's press away from that of a new file, and years of sets are in it."""
    backup = tmp_path / "backup"
    shutil.copy(shelf.folder / "library.sqlite3", backup)
    before = backup.read_bytes()
    with Library(shelf.folder) as library:
        for file_format in FORMATS:
            with pytest.raises(InputError, match="never overwritten"):
                library.export([shelf.walk], file_format, backup)
    assert backup.read_bytes() == before and list(tmp_path.iterdir()) == [backup]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--output", "x.csv"], "Name the sets"),
        (["{walk}"], "--output"),
        (["{walk}", "--summary", "--format", "fit", "--output", "x"], "--summary writes csv"),
        (["{walk}", "--format", "csv", "--output", "x.xlsx"], "ends like xlsx"),
        (["{walk}", "--format", "fit", "--dialect", "excel", "--output", "x"], "--dialect is for csv"),
        (["{walk}", "--dialect", "word", "--output", "x.csv"], "standard, excel, semicolon"),
        (["{walk}", "--format", "parquet", "--output", "-"], "no text"),
        (["{walk}", "--format", "doc", "--output", "x"], "csv, xlsx, parquet, fit, json"),
        (["{walk}", "--output", "nowhere/x.csv"], "can't be written"),
        (["--summary", "--output", "."], "no file"),
        (["{dateless}", "--format", "fit", "--output", "x.fit"], "no date"),
    ],
)
def test_wrong_use_is_one_sentence(
    shelf: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    word: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [a.format(walk=shelf.walk, dateless=shelf.dateless) for a in arguments]
    assert run(["export", "--library", str(shelf.folder), *names]) == 2
    out, err = capsys.readouterr()
    assert out == "" and word in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file_format", "module", "extra"),
    [("xlsx", "xlsxwriter", "sheets"), ("parquet", "pyarrow", "parquet"), ("fit", "fit_tool", "fit")],
)
def test_a_missing_package_is_one_sentence(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str, module: str, extra: str
) -> None:
    class Missing:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> None:
            if name.partition(".")[0] == module:
                raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])
    with (
        Library(shelf.folder) as library,
        pytest.raises(MissingPackageError, match=re.escape(f"`{bringing(extra)}` brings it")),
    ):
        library.export([shelf.walk], file_format, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_other_formats_work_without_any_extra(shelf: Shelf, tmp_path: Path) -> None:
    """CSV and JSON need nothing beyond the base install."""
    import subprocess

    extras = ["pyarrow", "xlsxwriter", "fit_tool", "jinja2", "matplotlib"]
    blocked = f"import sys; sys.modules.update(dict.fromkeys({extras}))"
    for file_format in ("csv", "json"):
        call = ["export", shelf.walk, "--library", str(shelf.folder), "--format", file_format, "--output"]
        code = f"{blocked}; from retrorig.cli import run; sys.exit(run({[*call, str(tmp_path / file_format)]!r}))"
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        assert (tmp_path / file_format).stat().st_size > 10_000


def test_a_set_without_a_sample_becomes_a_file_in_each_format(tmp_path: Path) -> None:
    import json

    import openpyxl
    import pyarrow.parquet as pq

    (set_id,) = fill(tmp_path / "library", [header_blob(1, 0.0)])
    with Library(tmp_path / "library") as library:
        paths = {name: library.export([set_id], name, tmp_path / f"set.{name}")[0] for name in FORMATS}
    assert paths["csv"].read_text() == "time_s,distance_m,speed_mps,force_n,power_w\n"
    assert openpyxl.load_workbook(paths["xlsx"])[set_id].max_row == 1
    assert pq.read_table(paths["parquet"]).num_rows == 0
    assert json.loads(paths["json"].read_text())["sets"][0]["columns"]["time_s"] == []
    laps = decoded(paths["fit"])["lap"]
    assert [(lap["total_distance"], lap["total_elapsed_time"]) for lap in laps] == [(0, 0)]


def test_the_ending_says_the_format(shelf: Shelf, tmp_path: Path) -> None:
    with Library(shelf.folder) as library:
        for ending, begins in (("xlsx", b"PK"), ("json", b"{"), ("parquet", b"PAR1"), ("csv", b"time_s,")):
            (path,) = library.export([shelf.walk], None, tmp_path / f"x.{ending.upper()}")
            assert path.read_bytes().lstrip(b"[ \n").startswith(begins)


def test_text_goes_to_the_screen_on_demand(shelf: Shelf, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["export", shelf.walk, "--library", str(shelf.folder), "--output", "-"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"time_s,distance_m")


@pytest.mark.parametrize("name", ["+10 kg.csv", "--.csv", "(1).csv", "~.csv"])
def test_no_other_name_is_taken_for_the_screen(shelf: Shelf, tmp_path: Path, name: str) -> None:
    with Library(shelf.folder) as library, chdir(tmp_path):
        assert library.export([shelf.walk], "csv", Path(name)) == [Path(name)]
        library.export_summary(None, Path("all" + name))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "all" + name])


def test_no_set_is_written_outside_the_folder_that_was_named(shelf: Shelf, tmp_path: Path) -> None:
    """A library of somebody else may name its sets as it likes."""
    folder = tmp_path / "named"
    with Library(shelf.folder) as library:
        sets = [
            replace(one, row=replace(one.row, set_id=f"../../{n}/../x"))
            for n, one in enumerate(library.exported(shelf.all[:2]))
        ]
        written = export_sets(sets, "json", folder)
    assert {path.parent for path in written} == {folder} and list(tmp_path.iterdir()) == [folder]
