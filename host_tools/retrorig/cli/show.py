"""`retrorig show`: one set."""

from __future__ import annotations

from retrorig.cli.options import JsonOption, LibraryOption, SetArgument
from retrorig.cli.output import print_facts, print_json
from retrorig.library import Library


def show(set_id: SetArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show everything about one set."""
    with Library(library) as opened:
        found = opened.set(set_id)
    print_json(found) if as_json else print_facts(found)
