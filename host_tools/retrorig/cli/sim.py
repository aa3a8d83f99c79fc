"""`retrorig sim`: the virtual rig as a serial device."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig import InputError, read_recording, serve_virtual_rig
from retrorig.cli.options import RigFileOption, SeedOption
from retrorig.cli.output import notify
from retrorig.cli.walkers import LIST, WalkerOption, print_walkers


def sim(
    recording: Annotated[
        Path | None,
        typer.Argument(metavar="REC.csv", help="Default: a built-in walker, who looks at the display."),
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
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="PLAN.toml", help="The session to follow, file or ready-made."),
    ] = None,
    mirror: Annotated[
        bool, typer.Option("--mirror", help="Show the display here; keys are its buttons.")
    ] = False,
    walker: WalkerOption = None,
) -> None:
    """Run the virtual rig as a serial device until Ctrl-C; its port is the first line on stdout.

    Example: retrorig sim --link rig --plan light-sled --mirror
    """
    if walker == LIST:
        print_walkers()
        return
    if recording and walker:
        raise InputError(
            "Name one thing to play: a recording REC.csv, or a walker with --walker NAME (see --help)."
        )
    belt = read_recording(recording) if recording else None
    for notice in belt.notices if belt else ():
        notify(notice)
    serve_virtual_rig(
        belt,
        walker=walker,
        announce=_print_port,
        link=link,
        rate=rate,
        flash=flash,
        rig=rig,
        seed=seed,
        plan=plan,
        mirror=mirror,
    )


def _print_port(name: str) -> None:
    print(name, flush=True)
    notify("The virtual rig runs; Ctrl-C ends it.")
