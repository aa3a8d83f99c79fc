"""`retrorig pull`: sets from a rig into the library."""

from __future__ import annotations

from retrorig import Library, connect
from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, progress
from retrorig.cli.set_table import print_new


def pull(port: PortOption = None, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Fetch every set since last time, exactly once.

    Example: retrorig pull --library sets
    """
    with connect(port) as rig, Library(library, create=True) as opened:
        with progress("pulling") as report:
            result = rig.pull(opened, report)
        for notice in result.notices:
            notify(notice)
        print_new(opened, result.new, as_json)
