"""`retrorig delete`: practice sets out of the library."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import LibraryOption
from retrorig.cli.removing import bring_back, take_out
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
    if undo:
        bring_back(chosen, library, DELETED)
    else:
        take_out(
            chosen, library, DELETED, "Deleted: {}; --undo brings them back until `retrorig library compact`."
        )
