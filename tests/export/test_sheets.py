"""A workbook is laid out to be read: named scales, headings that stay, a filter over all rows, room for rows."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import range_to_tuple

from retrorig.errors import InputError
from retrorig.export import columns, sheet_file
from retrorig.export.columns import SAMPLE_COLUMNS, SET_COLUMNS, flat_row
from retrorig.export.sheet_file import write_table
from retrorig.library import Library
from retrorig.set_row import SetRow

from .conftest import Shelf


def title(axis: object) -> str:
    return "".join(run.t for paragraph in axis.title.tx.rich.p for run in paragraph.r or [])  # type: ignore[attr-defined]


def test_speed_has_the_left_scale_and_force_the_right_one(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "set.xlsx"
    with Library(shelf.folder) as library:
        library.export([shelf.walk], "xlsx", path)
    (chart,) = openpyxl.load_workbook(path)[shelf.walk]._charts
    assert title(chart.x_axis) == "time, s"
    named = {
        title(part.y_axis): (range_to_tuple(one.tx.strRef.f)[1][:2], part.y_axis.crosses)
        for part in chart._charts
        for one in part.series
    }
    column = {name: SAMPLE_COLUMNS.index(name) + 1 for name in ("speed_mps", "force_n")}
    assert len(chart._charts) == 2, "two scales"
    corner, opposite = chart.anchor._from, chart.anchor.to
    assert corner.col == len(SAMPLE_COLUMNS) + 1 and corner.row == 1, "beside the samples"
    assert opposite.row - corner.row >= 15 and opposite.col - corner.col >= 8, "large enough to be read"
    assert named["speed, m/s"][0] == (column["speed_mps"], 1)
    assert named["force, N"] == ((column["force_n"], 1), "max"), "at the far end"
    assert named["speed, m/s"][1] != "max"


def test_a_set_s_numbers_are_shown_with_the_digits_that_they_have(shelf: Shelf, tmp_path: Path) -> None:
    """Milliseconds, millimetres, tenths of newtons and watts, in columns wide enough; a moment with its seconds."""
    path = tmp_path / "set.xlsx"
    with Library(shelf.folder) as library:
        library.export([shelf.recorded], "xlsx", path)
    book = openpyxl.load_workbook(path)
    sheet = book[shelf.recorded]
    shown = {cell.value: below.number_format for cell, below in zip(sheet[1], sheet[3], strict=True)}
    digits = dict(zip(SAMPLE_COLUMNS, ("0.000", "0.000", "0.000", "0.0", "0.0"), strict=True))
    assert shown == digits and sheet.freeze_panes == "B2"
    assert all(8 < sheet.column_dimensions[letter].width < 26 for letter in "ABCDE")
    assert [cell.font.bold for cell in sheet[1]] == [True] * 5
    sets = book["sets"]
    moment = sets.cell(2, SET_COLUMNS.index("started_utc") + 1)
    assert moment.is_date and moment.number_format == "yyyy-mm-dd hh:mm:ss"


LONG = "".join(map(chr, range(ord("!"), ord("!") + 60))).translate(dict.fromkeys(map(ord, "[]:*?/\\'"), "_"))


@pytest.mark.parametrize(
    ("set_ids", "expected"),
    [
        (["rr-1", "rr-1", "RR-1", "rr-2"], ["rr-1", "rr-1_2", "RR-1_3", "rr-2"]),
        (["sets", "History", ""], ["sets_2", "History_2", "_2"]),
        (["a/b", "a:b", "a_b_2"], ["a_b", "a_b_2", "a_b_2_2"]),
        ([LONG, LONG, LONG[-31:]], [LONG[-31:], LONG[-29:] + "_2", LONG[-29:] + "_3"]),
        (
            ["x" * 40] * 11,
            ["x" * 31, *(f"{'x' * 29}_{n}" for n in range(2, 10)), "x" * 28 + "_10", "x" * 28 + "_11"],
        ),
    ],
)
def test_a_sheet_has_its_sets_name_as_far_as_it_may_and_no_other_has_it(
    set_ids: list[str], expected: list[str]
) -> None:
    """The end of a long one is what tells sets apart; Excel takes capitals for small letters."""
    assert sheet_file.sheet_names(set_ids) == expected
    assert all(1 <= len(name) <= 31 for name in expected)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_every_set_is_within_the_filter_and_below_headings_that_stay(tmp_path: Path, n: int) -> None:
    path = tmp_path / "sets.xlsx"
    with path.open("wb") as file:
        write_table([SetRow(set_id=f"s{number}") for number in range(n)], file)
    sheet = openpyxl.load_workbook(path)["sets"]
    last = openpyxl.utils.get_column_letter(len(SET_COLUMNS))
    assert sheet.auto_filter.ref in (f"A1:{last}{n + 1}", f"A1:{last}1" if not n else None)
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions["A"].width > len("0123456789ab-0001-00001"), "an id can be read"
    assert [cell.font.bold for cell in sheet[1]] == [True] * len(SET_COLUMNS)
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [f"s{number}" for number in range(n)]


@pytest.mark.parametrize("n", [2, 3])
def test_as_many_sets_as_a_sheet_has_rows_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    assert sheet_file.ROWS_MAX_N == (1 << 20) - 1, "Excel's rows below the first"
    monkeypatch.setattr(sheet_file, "ROWS_MAX_N", 2)
    rows = [SetRow(set_id=f"s{number}") for number in range(n)]
    with (tmp_path / "sets.xlsx").open("wb") as file:
        if n == 2:
            write_table(rows, file)
        else:
            with pytest.raises(InputError, match="more sets than a sheet has rows"):
                write_table(rows, file)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (["a", "b"], "a; b"),
        ([], None),
        ({"x": 1, "y": 2}, "x: 1; y: 2"),
        ({}, None),
        (1.5, 1.5),
        (None, None),
        (True, True),
    ],
)
def test_a_value_is_one_cell(value: object, cell: object) -> None:
    assert columns._text(value) == cell
    assert flat_row(SetRow(session={"remarks": value}))["remarks"] == cell


def test_a_folder_that_can_not_be_made_is_one_sentence(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file.csv").touch()
    (tmp_path / "plain").touch()
    with Library(shelf.folder) as library:
        for sets, place, words in (
            ([shelf.walk], "file.csv/below/deeper.csv", "can't be written"),
            ([shelf.walk, shelf.later], "file.csv/below/deeper", "can't be made"),
            ([shelf.walk, shelf.later], "plain", "is a file without an ending"),
        ):
            with pytest.raises(InputError, match=words) as raised:
                library.export(sets, "csv", tmp_path / place)
            assert "\n" not in str(raised.value)
