"""`retrorig sim`: the virtual rig as a serial device."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig.cli.options import RigFileOption, SeedOption
from retrorig.cli.output import notify
from retrorig.simulate import simulate


def sim(
    recording: Annotated[
        Path | None, typer.Argument(metavar="REC.csv", help="Default: a built-in walker.")
    ] = None,
    link: Annotated[
        Path | None, typer.Option("--link", metavar="PATH", help="Make PATH a link to the port.")
    ] = None,
    rate: Annotated[float, typer.Option("--rate", metavar="X", min=0.01, help="1 is real time.")] = 1.0,
    flash: Annotated[
        Path | None, typer.Option("--flash", metavar="FILE", help="File that holds the flash.")
    ] = None,
    rig: RigFileOption = None,
    seed: SeedOption = 0,
) -> None:
    """Run the virtual rig as a serial device until Ctrl-C; its port is the first line on stdout."""
    simulate(recording, link=link, rate=rate, flash=flash, rig_file=rig, seed=seed, announce=_print_port)


def _print_port(name: str) -> None:
    print(name, flush=True)
    notify("The virtual rig runs; Ctrl-C ends it.")
