"""`retrorig flash`: from a bare board to a running rig."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig.cli.options import PortOption
from retrorig.cli.output import progress

ImageOption = Annotated[
    Path | None, typer.Option("--image", metavar="FILE.bin", help="MicroPython's image, as a file.")
]
DownloadOption = Annotated[
    bool, typer.Option("--download", help="Fetch MicroPython's image from micropython.org.")
]
VersionOption = Annotated[
    str | None,
    typer.Option(
        "--version", metavar="X.Y.Z", help="Which to fetch; default: the newest whose sum is known."
    ),
]
SumOption = Annotated[
    str | None, typer.Option("--sha256", metavar="SUM", help="The sum that the image must have.")
]
ChipOption = Annotated[
    str | None,
    typer.Option("--chip", metavar="CHIP", help="Insist on esp32 or esp32s3; default: what is found."),
]
BaudOption = Annotated[
    int | None, typer.Option("--baud", metavar="N", help="Speed of writing MicroPython; default: 460800.")
]
FirmwareOnlyOption = Annotated[
    bool,
    typer.Option("--firmware-only", help="Update the firmware; leave MicroPython and partitions alone."),
]
SetsPulledOption = Annotated[
    bool, typer.Option("--sets-pulled", help="Sets that the board keeps in files may go: they are pulled.")
]
PinsOption = Annotated[
    Path | None,
    typer.Option(
        "--pins", metavar="FILE", help="Lines such as `PIN_BUZZER = 14`, for a rig that is wired otherwise."
    ),
]
BareOption = Annotated[bool, typer.Option("--bare", help="Files on a board that doesn't answer may go.")]


def flash(
    port: PortOption = None,
    image: ImageOption = None,
    download: DownloadOption = False,
    version: VersionOption = None,
    sha256: SumOption = None,
    chip: ChipOption = None,
    baud: BaudOption = None,
    firmware_only: FirmwareOnlyOption = False,
    sets_pulled: SetsPulledOption = False,
    pins: PinsOption = None,
    bare: BareOption = False,
) -> None:
    """Make a bare board a rig, or update one; settings, calibration and sets stay.

    Interrupted anywhere, simply give the same command again.

    Example: retrorig flash --port /dev/ttyUSB0 --download

    Example: retrorig flash --firmware-only --pins my-pins.toml
    """
    from retrorig.flash import flash_board

    steps = flash_board(
        port,
        progress,
        image=image,
        download=download,
        version=version,
        sha256=sha256,
        chip=chip,
        baud=baud,
        firmware_only=firmware_only,
        sets_pulled=sets_pulled,
        pins=pins,
        is_bare=bare,
    )
    for step, evidence in steps:
        print(f"{step:<12} {evidence}", flush=True)
