"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from retrorig.errors import InputError

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        envvar="RETRORIG_LIBRARY",
        show_envvar=False,
        help="Folder of the library; default: RETRORIG_LIBRARY, or your user data.",
    ),
]
PortOption = Annotated[
    str | None, typer.Option("--port", metavar="URL", help="Port of the rig; default: the one rig found.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON alone on stdout.")]
AthleteOption = Annotated[str | None, typer.Option("--athlete", metavar="NAME", help="Whose sets.")]
RigFileOption = Annotated[
    Path | None, typer.Option("--rig", metavar="RIG.toml", help="What the virtual rig is made of.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Everything random follows from it.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only sets from this date on.")
]
RigIdOption = Annotated[str | None, typer.Option("--rig", metavar="ID", help="Only sets of this rig.")]
SetArgument = Annotated[str, typer.Argument(metavar="SET", help="A set's id, as `retrorig sets` lists it.")]


def parse_since(text: str | None) -> datetime | None:
    """A date or a moment in ISO form, local time unless it says otherwise."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone()  # which the ends of the calendar have no room for
    except (ValueError, OverflowError):
        raise InputError(f"--since {text!r} is no date: write it like 2026-11-22.") from None
    return moment


def parse_choice(option: str, text: str | None, choices: tuple[str, ...]) -> str | None:
    """One of the words that an option knows, in any case of letters."""
    known = {choice.lower(): choice for choice in choices}
    if text is None or text.lower() in known:
        return text and known[text.lower()]
    raise InputError(f"{option} {text!r} is unknown: it is {', '.join(choices[:-1])} or {choices[-1]}.")
