"""Which files to write for the sets that were asked for."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from retrorig.errors import InputError
from retrorig.export.csv_file import DIALECTS, Dialect, write_csv, write_sets
from retrorig.export.fit_file import write_fit
from retrorig.export.json_file import write_json
from retrorig.export.parquet_file import write_parquet
from retrorig.export.sheet_file import write_table, write_xlsx
from retrorig.export.sources import ExportedSet
from retrorig.set_row import SetRow
from retrorig.writing import file_name, replacing

Writer = Callable[[Sequence[ExportedSet], BinaryIO], None]


FORMATS: dict[str, Writer] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "fit": write_fit,
    "json": write_json,
}


AS_TEXT = ("csv", "json")
STDOUT = "-"


def writer_of(file_format: str) -> Writer:
    """The function that writes a format; InputError for one that is not known."""
    if file_format not in FORMATS:
        names = ", ".join(FORMATS)
        raise InputError(f"This version can't write {file_format!r} files: --format is one of {names}.")
    return FORMATS[file_format]


def format_for(file_format: str | None, output: Path) -> str:
    """The format given, or that of the file's ending, or CSV; InputError when the two contradict."""
    ending = output.suffix.lower().removeprefix(".")
    if file_format is None:
        return ending if ending in FORMATS else "csv"
    writer_of(file_format)
    if ending in FORMATS and ending != file_format:
        raise InputError(
            f"{output.name} ends like {ending}, and --format says {file_format}: leave one of them out."
        )
    return file_format


def export_sets(
    sets: Sequence[ExportedSet], file_format: str | None, output: Path, dialect: str = "standard"
) -> list[Path]:
    """Write sets with their samples and return the files.

    `output` is the file to write, with all the sets in it. If it is a folder, or of several sets a name without an
    ending, it is the folder (made when missing) that gets a file a set. `-` is standard output, for csv and json.
    Without a format the ending says which. InputError for an unknown format, no set, or a place that can't be written.
    """
    file_format = format_for(file_format, output)
    write = _in_dialect(file_format, dialect)
    if not sets:
        raise InputError("No set was named: `retrorig sets` lists them.")
    if str(output) == STDOUT:
        return _to_stdout(file_format, lambda file: write(sets, file))
    if os.path.isdir(output) or (len(sets) > 1 and not output.suffix):
        _make_folder(output)
        files = {output / f"{file_name(one.set_id)}.{file_format}": [one] for one in sets}
    else:
        files = {output: sets}
    for path, content in files.items():
        with replacing(path) as file:
            write(content, file)
    return list(files)


def export_summary(
    rows: Iterable[SetRow], output: Path, file_format: str | None = None, dialect: str = "standard"
) -> list[Path]:
    """Write a table of sets, a row each, without samples, as CSV or a workbook; returns the file."""
    file_format = format_for(file_format, output)
    if file_format not in ("csv", "xlsx"):
        raise InputError(f"--summary writes csv or xlsx: the {file_format} of sets has it all without that.")
    how = _dialect(file_format, dialect)

    def write(file: BinaryIO) -> None:
        write_sets(rows, file, how) if file_format == "csv" else write_table(rows, file)

    if str(output) == STDOUT:
        return _to_stdout(file_format, write)
    with replacing(output) as file:
        write(file)
    return [output]


def _in_dialect(file_format: str, dialect: str) -> Writer:
    how = _dialect(file_format, dialect)
    return partial(write_csv, dialect=how) if file_format == "csv" else writer_of(file_format)


def _dialect(file_format: str, name: str) -> Dialect:
    if name not in DIALECTS:
        raise InputError(f"--dialect {name!r} is unknown: it is {', '.join(DIALECTS)}.")
    if name != "standard" and file_format != "csv":
        raise InputError(f"--dialect is for csv, and this is {file_format}.")
    return DIALECTS[name]


def _to_stdout(file_format: str, write: Callable[[BinaryIO], None]) -> list[Path]:
    if file_format not in AS_TEXT:
        raise InputError(f"{file_format} is no text: name a file with --output.")
    file = io.BytesIO()
    write(file)
    sys.stdout.buffer.write(file.getvalue())
    return []


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(
            f"{folder} is a file without an ending: name a folder for a file a set, or end the name like set.csv."
        ) from None
    except OSError as error:
        raise InputError(
            f"The folder {folder} can't be made ({error.strerror}): choose another --output."
        ) from None
