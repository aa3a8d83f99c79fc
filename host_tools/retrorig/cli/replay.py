"""`retrorig replay`: a recording through the virtual rig into a library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrorig import InputError, Library, read_plan
from retrorig.cli.options import JsonOption, LibraryOption, RigFileOption, SeedOption
from retrorig.cli.output import notify, progress
from retrorig.cli.set_table import print_new
from retrorig.cli.walkers import LIST, WalkerOption, chosen_walker, print_walkers
from retrorig.library.sample_files import follow_up
from retrorig.playback import Plan, ReplayResult, replay_recording, replay_walker
from retrorig.recording import Recording, read_recording

if TYPE_CHECKING:
    from retrorig.virtual.walkers.catalogue import Combination


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
    person = chosen_walker(walker, seed) if walker else None
    session = read_plan(plan) if plan else None
    belt = read_recording(recording) if recording else None
    for notice in belt.notices if belt else ():
        notify(notice)
    who: dict[str, Any] = {"rig_file": rig, "athlete": athlete, "seed": seed}
    with Library(library, create=True) as opened:
        with progress("replaying") as report:
            result = _play(belt, person, session, opened, report, who)
        result.notices += follow_up(opened, result.new)
        for sentence in (*result.notices, *_known(result), _counts(result)):
            notify(sentence)
        print_new(opened, result.new, as_json)


def _play(
    belt: Recording | None,
    person: Combination | None,
    session: Plan | None,
    library: Library,
    report: Callable[[float, float], None],
    who: dict[str, Any],
) -> ReplayResult:
    """A recording; or a walker, who looks at the display if there is a plan to follow."""
    if person and session:
        return replay_walker(person, library, session, **who)
    played = belt or (person.walk().recording() if person else None)
    assert played
    return replay_recording(
        played, library, plan=session, watch=lambda _, t_s: report(t_s, played.end_s), **who
    )


def _known(result: ReplayResult) -> list[str]:
    return [f"In the library already: {result.known_n} of this replay's sets."] if result.known_n else []


def _counts(result: ReplayResult) -> str:
    if result.counts_lost == 0:
        return f"No count lost: belt and board both end at {result.belt_counts} counts."
    return f"Counts lost: {result.counts_lost}; the belt made {result.belt_counts}, the board {result.board_counts}."
