"""A workbook: a sheet of all sets, then a sheet a set with its samples and a chart. Numbers are numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, BinaryIO

from retrorig.errors import InputError
from retrorig.export.columns import SAMPLE_COLUMNS, SET_COLUMNS, Cell, flat_row, sample_columns
from retrorig.export.sources import ExportedSet
from retrorig.extras import require
from retrorig.scratch import scratch_folder
from retrorig.set_row import SetRow

SUMMARY = "sets"
ROWS_MAX_N = 1_048_575
"""Rows of a sheet below its header."""

CHART_MAX_N = 32_000
"""Points of a chart that every spreadsheet program draws."""

_TEXT_MAX_N = 32_767
_NAME_MAX_N = 31
_FORMATS = {
    "time_s": "0.000",
    "distance_m": "0.000",
    "speed_mps": "0.000",
    "force_n": "0.0",
    "power_w": "0.0",
}


def write_xlsx(sets: Sequence[ExportedSet], file: BinaryIO) -> None:
    """Write sets; InputError if one has more samples than a sheet has rows."""
    with _workbook(file) as workbook:
        _write_summary(workbook, [one.row for one in sets])
        for one, name in zip(sets, sheet_names([one.set_id for one in sets]), strict=True):
            _write_set(workbook, one, name)


def write_table(rows: Iterable[SetRow], file: BinaryIO) -> None:
    """Write the sheet of all sets alone; InputError for more sets than a sheet has rows."""
    with _workbook(file) as workbook:
        _write_summary(workbook, rows)


@contextmanager
def _workbook(file: BinaryIO) -> Iterator[Any]:
    """A workbook that is complete in the file when the block ends well."""
    xlsxwriter = require("xlsxwriter", "sheets")
    with scratch_folder() as folder:  # rows go there at once: a set of hours does not fill the memory
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": str(folder)})
        try:
            yield workbook
            workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from None  # the OSError that it was
        finally:
            _close_rows(workbook)


def _close_rows(workbook: Any) -> None:
    """Close the temporary files of a workbook that was given up."""
    for sheet in workbook.worksheets():
        with suppress(OSError):
            sheet.row_data_fh.close()


def sheet_names(set_ids: Sequence[str]) -> list[str]:
    """A legal name for each set's sheet, no two alike: the set's own, or its end, which tells sets of a rig apart."""
    names: list[str] = []
    taken = {SUMMARY, "history"}  # Excel keeps the latter to itself
    for set_id in set_ids:
        legal = "".join("_" if c in "[]:*?/\\'" else c for c in set_id)
        name, number = legal[-_NAME_MAX_N:], 2
        while name.lower() in taken or not name:
            mark = f"_{number}"
            name, number = legal[-(_NAME_MAX_N - len(mark)) :] + mark, number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _write_summary(workbook: Any, rows: Iterable[SetRow]) -> None:
    sheet = workbook.add_worksheet(SUMMARY)
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(SET_COLUMNS) - 1, 17)
    _write_header(workbook, sheet, SET_COLUMNS)
    number = 0
    for number, row in enumerate(rows, 1):
        if number > ROWS_MAX_N:
            raise InputError("There are more sets than a sheet has rows: write them as csv.")
        for column, (name, cell) in enumerate(flat_row(row).items()):
            if name == "started_utc" and cell is not None:
                sheet.write_datetime(
                    number, column, datetime.fromisoformat(str(cell)).replace(tzinfo=None), moment
                )
            else:
                _write_cell(sheet, number, column, cell)
    sheet.autofilter(0, 0, number, len(SET_COLUMNS) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:_TEXT_MAX_N])  # never a formula, whatever it begins with
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _write_set(workbook: Any, one: ExportedSet, name: str) -> None:
    columns = sample_columns(one.samples())
    n = len(columns["time_s"])
    if n > ROWS_MAX_N:
        raise InputError(
            f"Set {one.set_id} has {n} samples, more than a sheet has rows: export it as csv or parquet."
        )
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for number, column in enumerate(SAMPLE_COLUMNS):
        sheet.set_column(number, number, 13, workbook.add_format({"num_format": _FORMATS[column]}))
    _write_header(workbook, sheet, SAMPLE_COLUMNS)
    for number, values in enumerate(zip(*(column.tolist() for column in columns.values()), strict=True), 1):
        for column, value in enumerate(values):
            if not math.isnan(value):
                sheet.write_number(number, column, value)
    if 1 < n <= CHART_MAX_N:
        sheet.insert_chart("G2", _chart(workbook, name, n), {"x_scale": 1.8, "y_scale": 1.4})


def _write_header(workbook: Any, sheet: Any, names: Sequence[str]) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    for number, name in enumerate(names):
        sheet.write_string(0, number, name, bold)


def _chart(workbook: Any, name: str, n: int) -> Any:
    """Speed on the left scale and force on the right one, over time."""
    chart = workbook.add_chart({"type": "scatter", "subtype": "straight"})
    for column, colour, right in (("speed_mps", "#1f6f8b", False), ("force_n", "#b5472f", True)):
        number = SAMPLE_COLUMNS.index(column)
        chart.add_series(
            {
                "name": [name, 0, number],
                "categories": [name, 1, 0, n, 0],
                "values": [name, 1, number, n, number],
                "line": {"color": colour, "width": 1},
                "y2_axis": right,
            }
        )
    chart.set_title({"name": f"Set {name}"})
    chart.set_x_axis({"name": "time, s", "min": 0, "num_format": "0", "major_gridlines": {"visible": False}})
    chart.set_y_axis({"name": "speed, m/s", "num_format": "0.0"})
    chart.set_y2_axis({"name": "force, N", "num_format": "0"})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    return chart
