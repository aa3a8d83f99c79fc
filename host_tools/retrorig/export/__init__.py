"""Files for other programs, one module a format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from retrorig.errors import InputError
from retrorig.export.csv_file import write_csv
from retrorig.library import Library
from retrorig.measure.samples import Samples, sample_set

FORMATS: dict[str, Callable[[Samples, Path], None]] = {"csv": write_csv}


def export_sets(library: Library, set_ids: Sequence[str], file_format: str, output: Path) -> list[Path]:
    """Write each set's samples in `file_format` to `output`: a file, or with several sets a folder of them.

    Returns the files written; InputError for an unknown format or set, or a path that can't be written.
    """
    if file_format not in FORMATS:
        raise InputError(
            f"This version can't write {file_format!r} files: --format is one of {', '.join(FORMATS)}."
        )
    raws = {set_id.lower(): library.raw(set_id) for set_id in set_ids}
    paths = {set_id: output / f"{set_id}.{file_format}" if len(raws) > 1 else output for set_id in raws}
    try:
        if len(raws) > 1:
            output.mkdir(parents=True, exist_ok=True)
        for set_id, raw in raws.items():
            FORMATS[file_format](sample_set(raw), paths[set_id])
    except OSError as error:
        raise InputError(f"{error.filename or output} can't be written ({error.strerror}).") from None
    return list(paths.values())
