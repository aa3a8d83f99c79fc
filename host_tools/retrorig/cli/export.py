"""`retrorig export`: files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import LibraryOption
from retrorig.cli.output import notify
from retrorig.errors import InputError
from retrorig.library import Choice, Library


def _print_schema(wanted: bool) -> None:
    if wanted:
        from retrorig.export.json_schema import schema_text

        print(schema_text(), end="")
        raise typer.Exit


@choosing()
def export(
    chosen: Chosen,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="PATH", help="The file, or a folder.")
    ] = None,
    library: LibraryOption = None,
    file_format: Annotated[
        str, typer.Option("--format", metavar="csv|xlsx|parquet|fit|json", help="Kind of file.")
    ] = "csv",
    summary: Annotated[
        bool,
        typer.Option(
            "--summary", help="A CSV with a row a set, no samples; without SET all sets of the library."
        ),
    ] = False,
    schema: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--schema", is_eager=True, callback=_print_schema, help="Print the JSON Schema of json files."
        ),
    ] = False,
) -> None:
    """Write sets with their samples to files for other programs.

    PATH is one file with all the sets in it; the csv of several has their ids in its last column. A PATH that is a
    folder, or of several sets a name without an ending, gets one file a set. A file at PATH is replaced once the new
    one is whole.

    Example: retrorig export 5feceb66ffc8-1c9a44-00001 --format xlsx --output set.xlsx
    """
    if output is None:
        raise InputError("Name the file to write with --output.")
    if summary and file_format != "csv":
        raise InputError(
            "--summary writes csv: the workbook of --format xlsx has such a sheet, and json has it all."
        )
    if not summary:
        from retrorig.export import writer_of  # mathematics is loaded only where it is used

        writer_of(file_format)
    with Library(library) as opened:
        if not summary:
            written = opened.export(chosen.ids(opened, must_name=True), file_format, output)
        elif chosen.words:
            written = [opened.export_summary(Choice(ids=chosen.ids(opened)), output)]
        else:
            written = [opened.export_summary(chosen.choice, output)]
    for path in written:
        notify(f"Wrote {path}.")
