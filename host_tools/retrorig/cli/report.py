"""`retrorig report`: a page about a session."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import ReadLibraryOption, reading
from retrorig.cli.output import notify


@choosing()
def report(
    chosen: Chosen,
    output: Annotated[Path, typer.Option("--output", metavar="FILE.html", help="The page to write.")],
    library: ReadLibraryOption = None,
    pdf: Annotated[
        Path | None,
        typer.Option("--pdf", metavar="FILE.pdf", help="Print it to a PDF too; needs Chromium or Chrome."),
    ] = None,
    no_names: Annotated[
        bool,
        typer.Option("--no-names", help="Letters instead of names; notes and other free text are left out."),
    ] = False,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Heading of the page.")] = None,
) -> None:
    """Write a page about a session: one file with plots that opens anywhere, also without a network.

    Without SET it is about all sets of the last day on which there is one, or the last day of one athlete.

    Example: retrorig report --output session.html --pdf session.pdf
    """
    from retrorig.report import write_report  # plots are loaded only where they are drawn

    with reading(library) as opened:
        written = write_report(
            opened, output, chosen.words, chosen.choice, title=title, has_names=not no_names, pdf=pdf
        )
    for path in written:
        notify(f"Wrote {path}.")
