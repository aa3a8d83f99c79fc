"""`retrorig hide`: sets out of every list, though kept."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import LibraryOption
from retrorig.cli.removing import bring_back, take_out
from retrorig.library import HIDDEN


@choosing()
def hide(
    chosen: Chosen,
    library: LibraryOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="Show hidden sets again.")] = False,
) -> None:
    """Take sets out of every list and sum and keep them; --undo shows them again.

    Example: retrorig hide 5feceb66ffc8-1c9a44-00001
    """
    if undo:
        bring_back(chosen, library, HIDDEN)
    else:
        take_out(chosen, library, HIDDEN, "Hidden: {}; --undo shows them again.")
