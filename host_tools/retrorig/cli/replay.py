"""`retrorig replay`: a recording through the virtual rig into a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retrorig.cli.options import JsonOption, LibraryOption, RigFileOption, SeedOption
from retrorig.cli.output import notify, progress
from retrorig.cli.set_table import print_new
from retrorig.library import Library
from retrorig.library.folders import follow_up
from retrorig.plans import read_plan
from retrorig.recording import read_recording
from retrorig.replay import ReplayResult, replay_recording


def replay(
    recording: Annotated[Path, typer.Argument(metavar="REC.csv", help="A belt: time_s,belt_m,force_n.")],
    library: LibraryOption = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="PLAN.toml", help="The session to follow, file or ready-made."),
    ] = None,
    rig: RigFileOption = None,
    athlete: Annotated[str | None, typer.Option("--athlete", metavar="NAME", help="Who walks.")] = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Play a recording through the real firmware on a virtual rig and keep the sets.

    Example: retrorig replay walk.csv --library sets --athlete anna
    """
    session = read_plan(plan) if plan else None
    belt = read_recording(recording)
    for notice in belt.notices:
        notify(notice)
    with Library(library, create=True) as opened:
        with progress("replaying") as report:
            result = replay_recording(
                belt,
                opened,
                rig_file=rig,
                athlete=athlete,
                plan=session,
                seed=seed,
                watch=lambda _, t_s: report(t_s, belt.end_s),
            )
        result.notices += follow_up(opened, result.new)
        for sentence in (*result.notices, *_known(result), _counts(result)):
            notify(sentence)
        print_new(opened, result.new, as_json)


def _known(result: ReplayResult) -> list[str]:
    return [f"In the library already: {result.known_n} of this replay's sets."] if result.known_n else []


def _counts(result: ReplayResult) -> str:
    if result.counts_lost == 0:
        return f"No count lost: belt and board both end at {result.belt_counts} counts."
    return f"Counts lost: {result.counts_lost}; the belt made {result.belt_counts}, the board {result.board_counts}."
