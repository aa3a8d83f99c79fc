"""Walks without hardware: a recording, or a walker from physics, through the real firmware into a library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.query import Moment, parse_moment
from retrorig.library.sample_files import follow_up
from retrorig.plans import read_plan
from retrorig.playback import ReplayResult, replay_recording, replay_walker
from retrorig.recording import Recording, read_recording

if TYPE_CHECKING:
    from retrorig.virtual.walkers.catalogue import Combination

Progress = Callable[[float, float], None]
"""Called with the belt's time and its end, seconds."""

NOON = time(12)
SEEDS = 1000
"""More than there are walkers: each seed gives each of them other chance."""


def walkers() -> list[tuple[str, str]]:
    """Name and description of each walker from physics. InputError where the virtual rig can't run."""
    from retrorig.virtual.walkers.catalogue import listing

    return listing()


def walker_named(name: str, seed: int = 0) -> Combination:
    """The walker of a name like "limping/2", with other chance for another seed; InputError names those there are."""
    from retrorig.virtual.walkers.catalogue import find

    found = find(name)
    return found.with_seed(found.variation.seed + SEEDS * seed)


def replay(
    recording: str | Path | Recording | None,
    library: Library,
    *,
    walker: str | None = None,
    plan: str | Path | Mapping[str, Any] | None = None,
    rig: str | Path | None = None,
    athlete: str | None = None,
    seed: int = 0,
    date: Moment | None = None,
    progress: Progress = lambda done_s, end_s: None,
) -> ReplayResult:
    """Play a recording, or a walker in its place, through the firmware on a virtual rig, in virtual time.

    Its sets go into the library. `date`: when the belt began to move; a day means noon of it, None what the recording's
    own times say, else that the belt ends now. A walker with a plan looks at the display and does what it asks.
    InputError for what can't be used; MissingPackageError without the extra `virtual`.
    """
    if (recording is None) == (walker is None):
        raise InputError("Name one thing to play: a recording, or a walker.")
    session = None if plan is None else dict(plan) if isinstance(plan, Mapping) else read_plan(plan)
    person = walker_named(walker, seed) if walker else None
    how: dict[str, Any] = {
        "rig_file": Path(rig) if rig else None,
        "athlete": athlete,
        "seed": seed,
        "began": None if date is None else _moment(date),
    }
    if person and session:
        result = replay_walker(person, library, session, **how)
    else:
        belt = recording if isinstance(recording, Recording) else _belt(recording, person)
        end_s = belt.end_s
        if date is None and belt.start_unix_s is not None:
            how["began"] = datetime.fromtimestamp(belt.start_unix_s, UTC)
        result = replay_recording(
            belt, library, plan=session, watch=lambda _, t_s: progress(t_s, end_s), **how
        )
        if belt is not recording:
            result.notices[:0] = belt.notices
    result.notices += follow_up(library, result.new)
    return result


def _belt(recording: str | Path | None, person: Combination | None) -> Recording:
    if person:
        return person.walk().recording()
    assert recording is not None
    return read_recording(recording)


def _moment(given: Moment) -> datetime:
    """The moment in this computer's zone."""
    found = parse_moment("--date", given)
    return (found if isinstance(found, datetime) else datetime.combine(found, NOON)).astimezone()
