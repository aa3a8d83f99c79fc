"""`retrorig sets`: the list of sets."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig.cli.options import AthleteOption, JsonOption, LibraryOption, parse_since
from retrorig.cli.output import print_json, print_sets
from retrorig.library import Library


def sets(
    library: LibraryOption = None,
    athlete: AthleteOption = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only sets from this date on.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the sets in a library, oldest first."""
    moment = parse_since(since)
    with Library(library) as opened:
        found = opened.sets(athlete, moment)
    print_json(found) if as_json else print_sets(found)
