"""`retrorig export`: files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig import Choice, InputError
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import ReadLibraryOption, reading
from retrorig.cli.output import notify


def _print_schema(wanted: bool) -> None:
    if wanted:
        from retrorig.export import schema_text

        print(schema_text(), end="")
        raise typer.Exit


@choosing()
def export(
    chosen: Chosen,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="PATH", help="The file, or a folder; - is the screen.")
    ] = None,
    library: ReadLibraryOption = None,
    file_format: Annotated[
        str | None,
        typer.Option("--format", metavar="csv|xlsx|parquet|fit|json", help="Default: as PATH ends, or csv."),
    ] = None,
    dialect: Annotated[
        str,
        typer.Option(
            "--dialect", metavar="standard|excel|semicolon", help="CSV for the spreadsheet you have."
        ),
    ] = "standard",
    summary: Annotated[
        bool,
        typer.Option("--summary", help="A csv or xlsx with a row a set, no samples; without SET all sets."),
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
        raise InputError("Name the file to write with --output, or - for the screen.")
    from retrorig.export import format_for  # mathematics is loaded only where it is used

    format_for(file_format, output)
    with reading(library) as opened:
        if not summary:
            needs_name = not (output.suffix.lower() == ".xlsx" or file_format == "xlsx")
            written = opened.export(chosen.ids(opened, must_name=needs_name), file_format, output, dialect)
        else:
            choice = Choice(ids=chosen.ids(opened)) if chosen.words else chosen.choice
            written = opened.export_summary(choice, output, file_format=file_format, dialect=dialect)
    for path in written:
        notify(f"Wrote {path}.")
