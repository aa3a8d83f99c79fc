"""`retrorig delete`: practice sets out of the library."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig import Library
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import LibraryOption
from retrorig.cli.output import notify
from retrorig.library import DELETED


@choosing()
def delete(
    chosen: Chosen,
    library: LibraryOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bring deleted sets back.")] = False,
) -> None:
    """Remove sets, such as those of a trial; until `retrorig library compact` they can be had back with --undo.

    Example: retrorig delete last
    """
    with Library(library) as opened:
        if undo:
            set_ids = chosen.only(removed=DELETED).ids(opened, must_name=True)
            opened.restore(set_ids)
        else:
            set_ids = chosen.ids(opened, must_name=True)
            opened.delete(set_ids)
    which = ", ".join(set_ids)
    notify(
        f"Back in the lists: {which}."
        if undo
        else f"Deleted: {which}; --undo brings them back until `retrorig library compact`."
    )
