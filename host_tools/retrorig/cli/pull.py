"""`retrorig pull`: sets from a rig into the library."""

from __future__ import annotations

from contextlib import closing

from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, progress
from retrorig.cli.set_table import print_new
from retrorig.library import Library
from retrorig.library.sample_files import follow_up
from retrorig.link.client import RigClient
from retrorig.link.pull import connect
from retrorig.link.pull import pull as pull_sets
from retrorig.link.rig_port import open_rig


def pull(port: PortOption = None, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Fetch every set since last time, exactly once.

    Example: retrorig pull --library sets
    """
    with closing(RigClient(open_rig(port))) as client, Library(library, create=True) as opened:
        hello = connect(client, opened)
        with progress("pulling") as report:
            result = pull_sets(client, opened, hello, report)
        result.notices += follow_up(opened, result.new)
        for notice in result.notices:
            notify(notice)
        print_new(opened, result.new, as_json)
