"""`retrorig hide`: sets out of every list, though kept."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig import Library
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import LibraryOption
from retrorig.cli.output import notify
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
    with Library(library) as opened:
        if undo:
            set_ids = chosen.only(removed=HIDDEN).ids(opened, must_name=True)
            opened.restore(set_ids)
        else:
            set_ids = chosen.ids(opened, must_name=True)
            opened.hide(set_ids)
    which = ", ".join(set_ids)
    notify(f"Back in the lists: {which}." if undo else f"Hidden: {which}; --undo shows them again.")
