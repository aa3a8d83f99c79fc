"""`retrorig replay`: a recording through the virtual rig into a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig import InputError, Library, ReplayResult, read_plan, read_recording
from retrorig import replay as play
from retrorig.cli.options import JsonOption, LibraryOption, RigFileOption, SeedOption
from retrorig.cli.output import notify, progress
from retrorig.cli.set_table import print_new
from retrorig.cli.walkers import LIST, WalkerOption, print_walkers


def replay(
    recording: Annotated[
        Path | None, typer.Argument(metavar="REC.csv", help="A belt: time_s,belt_m,force_n.")
    ] = None,
    library: LibraryOption = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="PLAN.toml", help="The session to follow, file or ready-made."),
    ] = None,
    rig: RigFileOption = None,
    athlete: Annotated[str | None, typer.Option("--athlete", metavar="NAME", help="Who walks.")] = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
    walker: WalkerOption = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="DATE", help="When it began, as 2026-11-22T18:30; default: it ends now."
        ),
    ] = None,
) -> None:
    """Play a recording, or a walker, through the real firmware on a virtual rig and keep the sets.

    Example: retrorig replay walk.csv --library sets --athlete anna
    """
    if walker == LIST:
        print_walkers()
        return
    if (recording is None) == (walker is None):
        raise InputError(
            "Name one thing to play: a recording REC.csv, or a walker with --walker NAME (see --help)."
        )
    session = read_plan(plan) if plan else None
    belt = read_recording(recording) if recording else None
    for notice in belt.notices if belt else ():
        notify(notice)
    with Library(library, create=True) as opened:
        with progress("replaying") as report:
            result = play(
                belt,
                opened,
                walker=walker,
                plan=session,
                rig=rig,
                athlete=athlete,
                seed=seed,
                date=date,
                progress=report,
            )
        for sentence in (*result.notices, *_known(result), _counts(result)):
            notify(sentence)
        print_new(opened, result.new, as_json)


def _known(result: ReplayResult) -> list[str]:
    return [f"In the library already: {result.known_n} of this replay's sets."] if result.known_n else []


def _counts(result: ReplayResult) -> str:
    if result.counts_lost == 0:
        return f"No count lost: belt and board both end at {result.belt_counts} counts."
    return f"Counts lost: {result.counts_lost}; the belt made {result.belt_counts}, the board {result.board_counts}."
