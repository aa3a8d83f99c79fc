"""Which files to write for the sets that were asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from retrorig.errors import InputError
from retrorig.export.csv_file import write_csv, write_sets
from retrorig.export.fit_file import write_fit
from retrorig.export.json_file import write_json
from retrorig.export.parquet_file import write_parquet
from retrorig.export.sheet_file import write_xlsx
from retrorig.export.sources import ExportedSet
from retrorig.set_row import SetRow
from retrorig.writing import replacing

Writer = Callable[[Sequence[ExportedSet], BinaryIO], None]


FORMATS: dict[str, Writer] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "fit": write_fit,
    "json": write_json,
}


def writer_of(file_format: str) -> Writer:
    """The function that writes a format; InputError for one that is not known."""
    if file_format not in FORMATS:
        names = ", ".join(FORMATS)
        raise InputError(f"This version can't write {file_format!r} files: --format is one of {names}.")
    return FORMATS[file_format]


def export_sets(sets: Sequence[ExportedSet], file_format: str, output: Path) -> list[Path]:
    """Write sets with their samples and return the files.

    `output` is the file to write, with all the sets in it. If it is a folder, or of several sets a name without an
    ending, it is the folder (made when missing) that gets a file a set. InputError for an unknown format, no set, or
    a place that can't be written.
    """
    write = writer_of(file_format)
    if not sets:
        raise InputError("No set was named: `retrorig sets` lists them.")
    if os.path.isdir(output) or (len(sets) > 1 and not output.suffix):
        _make_folder(output)
        files = {output / f"{one.set_id}.{file_format}": [one] for one in sets}
    else:
        files = {output: sets}
    for path, content in files.items():
        with replacing(path) as file:
            write(content, file)
    return list(files)


def export_summary(rows: Iterable[SetRow], output: Path) -> Path:
    """Write a table of sets as CSV, a row each, without samples."""
    with replacing(output) as file:
        write_sets(rows, file)
    return output


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
