"""CSV and workbook: what they hold is what was measured, read back by programs we did not write."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrorig.export.columns import SET_COLUMNS, flat_row
from retrorig.export.csv_file import DIALECTS, write_sets
from retrorig.export.sheet_file import sheet_names
from retrorig.library import Library
from retrorig.measure.samples import sample_set
from retrorig.set_row import KEYS, SetRow
from retrorig.writing import replacing

from .conftest import NAME, Shelf

COLUMNS = ["time_s", "distance_m", "speed_mps", "force_n", "power_w"]


def check_samples(found: pandas.DataFrame, library: Library, set_id: str) -> None:
    """The table holds the set's samples to the micrometre, and is empty where nothing was measured.

    Its power is the product of its own force and speed.
    """
    samples = sample_set(library.raw(set_id))
    assert list(found.columns) == COLUMNS and len(found) == len(samples.time_s) > 500
    measured = {name: getattr(samples, name) for name in COLUMNS[:-1]}
    product_w = found["force_n"].to_numpy(dtype=float) * found["speed_mps"].to_numpy(dtype=float)
    for name, wanted in {**measured, "power_w": product_w}.items():
        values = found[name].to_numpy(dtype=float)
        np.testing.assert_allclose(values, wanted, atol=0.51e-6, rtol=0, equal_nan=True)
    np.testing.assert_allclose(product_w, samples.power_w, atol=1e-3, rtol=0, equal_nan=True)
    assert found["time_s"][0] == 0


def test_csv_is_what_was_measured(shelf: Shelf, tmp_path: Path) -> None:
    with Library(shelf.folder) as library:
        for set_id in (shelf.recorded, shelf.forceless):
            library.export([set_id], "csv", tmp_path / "one.csv")
            raw = (tmp_path / "one.csv").read_bytes()
            assert raw.startswith(b"time_s,distance_m,speed_mps,force_n,power_w\r\n0.000000,")
            assert raw.count(b"\n") == raw.count(b"\r\n") and raw.isascii()
            check_samples(pandas.read_csv(tmp_path / "one.csv"), library, set_id)
    assert raw.splitlines()[5].endswith(b",,")


def test_summary_is_the_list_of_sets(shelf: Shelf, tmp_path: Path) -> None:
    with Library(shelf.folder) as library:
        library.export_summary(None, tmp_path / "sets.csv")
        rows = library.sets()
    with (tmp_path / "sets.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["set_id"] for row in found] == shelf.all
    for cells, row in zip(found, rows, strict=True):
        for key in set(KEYS) & set(cells):
            if isinstance(row.value(key), int | float):
                assert float(cells[key]) == row.value(key), key
            elif row.value(key) is None:
                assert cells[key] == "", key
        for key, value in {**row.gait, **row.session}.items():
            assert key in cells and (cells[key] == "") == (value in (None, {})), key
        for key, plus_minus in row.uncertainty.items():
            assert float(cells[f"plus_minus_{key}"]) == plus_minus
        assert cells["athlete"] == f"'{NAME}", "a spreadsheet would run it"
        assert all(reason in cells["quality_reasons"] for reason in row.quality_reasons)
        assert cells["null_reasons"].count(": ") >= len(row.null_reasons)
    assert {"mean_force_n", "work_j"} <= {key for key in found[3] if found[3][key] == ""}


def test_moments_are_utc_and_local(shelf: Shelf, tmp_path: Path) -> None:
    with Library(shelf.folder) as library:
        library.export_summary(None, tmp_path / "sets.csv", ids=[shelf.later, shelf.dateless])
    dated, dateless = pandas.read_csv(tmp_path / "sets.csv").to_dict("records")
    assert dated["started_utc"] == "2026-11-22T12:01:01.045Z"
    assert re.search(r"[+-]\d\d:\d\d$", dated["started_local"])
    assert datetime.fromisoformat(dated["started_local"]) == datetime.fromisoformat(dated["started_utc"])
    assert pandas.isna(dateless["started_utc"]) and pandas.isna(dateless["started_local"])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_sign_that_runs_a_text_leaves_at_a_cells_beginning(tmp_path: Path, sign: str) -> None:
    row = SetRow(set_id="x", name=f"{sign}1+1", notes=f"a;{sign}1+1", quality_reasons=[f"{sign}cmd"])
    path = tmp_path / "texts.csv"
    with replacing(path) as file:
        write_sets([row], file)
    with path.open(encoding="utf-8", newline="") as text:
        (cells,) = csv.DictReader(text)
    assert cells["athlete"] == f"'{sign}1+1"
    assert cells["quality_reasons"] == f"'{sign}cmd"
    if sign in "=+-@":  # the others begin no cell where a semicolon parts cells
        assert cells["notes"] == f"a;'{sign}1+1"


@given(name=st.text(), notes=st.text(max_size=300))
def test_any_text_survives_and_none_is_run(
    tmp_path_factory: pytest.TempPathFactory, name: str, notes: str
) -> None:
    assume(not re.search(r"[;,\t]\s*[=+@-]", name + "\0" + notes))  # the test above has signs within a text
    row = SetRow(set_id="x", name=name, notes=notes, quality_reasons=[notes, "b"])
    path = tmp_path_factory.getbasetemp() / "texts.csv"
    with replacing(path) as file:
        write_sets([row], file)
    with path.open(encoding="utf-8", newline="") as text:
        (cells,) = csv.DictReader(text)
    for key, was in (("athlete", name), ("notes", notes)):
        readable = was.encode(errors="replace").decode()  # half a surrogate pair is no text
        is_run = readable.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert cells[key] == (f"'{readable}" if is_run else readable)
    assert list(cells) == list(SET_COLUMNS)


def test_a_cadence_that_was_asked_is_two_numbers_beside_its_text() -> None:
    row = SetRow(set_id="x")
    assert flat_row(row)["cadence_asked_low_spm"] is None
    row.session["cadence_asked_spm"] = [90, 100]
    cells = flat_row(row)
    assert (cells["cadence_asked_low_spm"], cells["cadence_asked_high_spm"]) == (90, 100)
    assert cells["cadence_asked_spm"] == "90; 100"


def test_a_workbook_holds_numbers_and_a_chart(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "sets.xlsx"
    chosen = [shelf.recorded, shelf.walk, shelf.forceless, shelf.dateless]
    with Library(shelf.folder) as library:
        assert library.export(chosen, "xlsx", path) == [path]
        rows = [library.set(set_id) for set_id in chosen]
        for set_id in chosen:
            check_samples(pandas.read_excel(path, sheet_name=set_id), library, set_id)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["sets", *chosen]
    assert all(len(book[name]._charts) == 1 for name in chosen)
    assert all(sheet.freeze_panes == "B2" for sheet in book)
    header, *cells = book["sets"].iter_rows()
    assert [cell.value for cell in header] == list(SET_COLUMNS)
    for line, row in zip(cells, rows, strict=True):
        found = dict(zip(SET_COLUMNS, line, strict=True))
        for name, value in flat_row(row).items():
            if isinstance(value, int | float):
                assert found[name].data_type in "nb" and found[name].value == pytest.approx(value)
        assert found["athlete"].data_type == "s" and found["athlete"].value == NAME
    assert book["sets"]["F3"].value == datetime(2026, 11, 22, 12, 0, 0, 345000)
    assert book["sets"]["F5"].value is None


def test_a_chart_shows_the_samples_it_names(shelf: Shelf, tmp_path: Path) -> None:
    """Every sample, speed and force over time, from the cells below the column's own name."""
    path = tmp_path / "sets.xlsx"
    with Library(shelf.folder) as library:
        library.export([shelf.recorded, shelf.walk], "xlsx", path)
        samples = {name: sample_set(library.raw(name)) for name in (shelf.recorded, shelf.walk)}
    book = openpyxl.load_workbook(path)
    for name, of in samples.items():
        (chart,) = book[name]._charts
        named = {cells(book, one.tx.strRef.f)[0]: one for part in chart._charts for one in part.series}
        assert list(named) == ["speed_mps", "force_n"]
        for column, one in named.items():
            for shown, wanted in ((one.xVal, of.time_s), (one.yVal, getattr(of, column))):
                found = np.array(cells(book, shown.numRef.f), dtype=float)
                np.testing.assert_allclose(found, wanted, atol=0.51e-6, rtol=0, equal_nan=True)


def cells(book: openpyxl.Workbook, reference: str) -> list:
    """What a workbook holds at 'sheet'!$A$2:$A$9."""
    sheet, place = reference.rsplit("!", 1)
    found = book[sheet.strip("'")][place.replace("$", "")]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


@given(st.lists(st.text(min_size=1, max_size=60), max_size=12))
def test_names_of_sheets_are_legal_and_unique(set_ids: list[str]) -> None:
    names = sheet_names(set_ids)
    assert len(names) == len(set_ids)
    assert len({name.lower() for name in names} | {"sets", "history"}) == len(names) + 2
    for name in names:
        assert 1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\'")


@pytest.mark.parametrize("name", ["standard", "excel", "semicolon"])
def test_each_dialect_is_read_by_whom_it_is_for(tmp_path: Path, name: str) -> None:
    dialect = DIALECTS[name]
    row = SetRow(set_id="x", name="Müller; =1+1", backward_m=1234.5, notes="a;b,c")
    path = tmp_path / "x.csv"
    with replacing(path) as file:
        write_sets([row], file, dialect)
    assert path.read_bytes().startswith("\ufeff".encode()) == (name != "standard")
    with path.open(encoding="utf-8-sig", newline="") as text:
        (cells,) = csv.DictReader(text, delimiter=dialect.delimiter)
    assert float(cells["backward_m"].replace(dialect.point, ".")) == 1234.5
    assert cells["athlete"] == "Müller; '=1+1" and cells["notes"] == "a;b,c"
