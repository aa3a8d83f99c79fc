"""`retrorig export`: files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig.cli.options import LibraryOption
from retrorig.cli.output import notify
from retrorig.export import export_sets
from retrorig.library import Library


def export(
    set_ids: Annotated[
        list[str], typer.Argument(metavar="SET...", help="Set ids, as `retrorig sets` lists them.")
    ],
    output: Annotated[
        Path, typer.Option("--output", metavar="PATH", help="The file; with several sets a folder.")
    ],
    library: LibraryOption = None,
    file_format: Annotated[str, typer.Option("--format", metavar="csv", help="Kind of file.")] = "csv",
) -> None:
    """Write the samples of sets to files."""
    with Library(library) as opened:
        written = export_sets(opened, set_ids, file_format, output)
    for path in written:
        notify(f"Wrote {path}.")
