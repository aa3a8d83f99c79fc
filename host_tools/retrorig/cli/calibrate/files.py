"""The calibration in force on a rig: to a file, back from it, and to another board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from retrorig import Library, Rig, connect
from retrorig.cli.options import LibraryOption, PortOption
from retrorig.cli.output import notify

FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]


def backup(file: FileArgument, port: PortOption = None, library: LibraryOption = None) -> None:
    """Save the calibration in force on the rig to a file.

    Example: retrorig calibrate backup my-rig.json
    """
    from retrorig.calibration import write_backup

    with opened_rig(port, library) as (rig, opened):
        found = rig.calibration(opened)
    write_backup(file, found)
    notify(f"Wrote calibration {found['calibration']['id']} of rig {found['rig']} to {file}.")


def restore(file: FileArgument, port: PortOption = None, library: LibraryOption = None) -> None:
    """Put a saved calibration in force again.

    Example: retrorig calibrate restore my-rig.json
    """
    from retrorig.calibration import read_backup

    found = read_backup(file)
    with opened_rig(port, library) as (rig, opened):
        values = rig.restore_calibration(opened, found)
    notify(f"Calibration {values['id']} is in force.")


def copy(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="Port of the board that shall have it.")],
    port: PortOption = None,
    library: LibraryOption = None,
) -> None:
    """Give another board the calibration of this one, as when a board is replaced on the same machine.

    Example: retrorig calibrate copy --port /dev/ttyUSB0 --to /dev/ttyUSB1
    """
    with opened_rig(port, library) as (rig, opened):
        found = rig.calibration(opened)
    with opened_rig(to, library) as (rig, opened):
        values = rig.restore_calibration(opened, found)
    notify(f"Calibration {values['id']} is in force.")


@contextmanager
def opened_rig(port: str | None, library: Path | None) -> Iterator[tuple[Rig, Library]]:
    """The rig on that port and the library, which is made when there is none."""
    with connect(port) as rig, Library(library, create=True) as opened:
        yield rig, opened
