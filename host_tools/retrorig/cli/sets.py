"""`retrorig sets`: the list of sets."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig import Choice
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify, print_json_entries
from retrorig.cli.set_table import print_sets

RemovedOption = Annotated[
    str | None,
    typer.Option(
        "--removed", metavar="deleted|hidden", help="Sets that were taken out of the lists instead."
    ),
]

ColumnsOption = Annotated[
    str | None,
    typer.Option(
        "--columns", metavar="KEY,KEY", help="Show these keys of --json instead, as set_id,load_kg,rpe,notes."
    ),
]


@choosing()
def sets(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    removed: RemovedOption = None,
    as_json: JsonOption = False,
    columns: ColumnsOption = None,
) -> None:
    """List the sets in a library, oldest first.

    Example: retrorig sets --athlete Anna --since 2026-11-01 --kind work
    """
    chosen = chosen.only(removed=removed)
    with reading(library) as opened:
        choice = Choice(ids=chosen.ids(opened), removed=removed) if chosen.words else chosen.choice
        if as_json:
            print_json_entries(opened.catalogue.as_json(choice))
        else:
            print_sets(opened, choice, columns)
            for sentence in opened.told_in_no_set(choice):
                notify(sentence)
