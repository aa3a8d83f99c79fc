"""`retrorig edit`: notes beside sets."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig import Library
from retrorig.cli.changes import print_changes
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, LibraryOption
from retrorig.cli.output import notify

_Text = str | None
_Number = float | None
_Words = list[str] | None

_Athlete = Annotated[_Text, typer.Option("--athlete", metavar="NAME", help="Who made it.")]
_Note = Annotated[_Text, typer.Option("--note", metavar="TEXT", help="Anything worth knowing.")]
_Side = Annotated[_Text, typer.Option("--side", metavar="left|right|both", help="Leg that worked.")]
_FirstFoot = Annotated[
    _Text, typer.Option("--first-foot", metavar="left|right", help="Foot of the set's first step.")
]
_Attachment = Annotated[_Text, typer.Option("--attachment", metavar="TEXT", help="Where the line was fixed.")]
_LoadKg = Annotated[_Number, typer.Option("--load-kg", metavar="KG", help="Load on the sled.")]
_Rpe = Annotated[int | None, typer.Option("--rpe", metavar="0-10", help="Effort as the athlete says.")]
_Pain = Annotated[int | None, typer.Option("--pain", metavar="0-10", help="Pain as the athlete says.")]
_Machine = Annotated[_Text, typer.Option("--machine", metavar="treadmill|sled", help="What it was made on.")]
_Tag = Annotated[_Words, typer.Option("--tag", metavar="WORD", help="Add a tag; may be repeated.")]
_Untag = Annotated[_Words, typer.Option("--untag", metavar="WORD", help="Take a tag off.")]
_Started = Annotated[
    _Text, typer.Option("--started", metavar="TIME", help="When it began, as 2026-11-22T18:30.")
]
_TrimStart = Annotated[
    _Number,
    typer.Option("--trim-start", metavar="S", help="Leave the first seconds out of the quantities."),
]
_TrimEnd = Annotated[
    _Number, typer.Option("--trim-end", metavar="S", help="Leave the last seconds out of the quantities.")
]
_Undo = Annotated[
    _Words, typer.Option("--undo", metavar="KEY", help="Take a note back: back to what the rig recorded.")
]

WORDS = ("notes", "attachment", "tags")
"""Notes in a person's own words, which they may want gone for good."""


@choosing(renamed={"athlete": ["--of"], "machine": ["--made-on"], "tag": ["--tagged"]})
def edit(
    chosen: Chosen,
    library: LibraryOption = None,
    athlete: _Athlete = None,
    note: _Note = None,
    side: _Side = None,
    first_foot: _FirstFoot = None,
    attachment: _Attachment = None,
    load_kg: _LoadKg = None,
    rpe: _Rpe = None,
    pain: _Pain = None,
    machine: _Machine = None,
    tag: _Tag = None,
    untag: _Untag = None,
    started: _Started = None,
    trim_start: _TrimStart = None,
    trim_end: _TrimEnd = None,
    undo: _Undo = None,
    as_json: JsonOption = False,
) -> None:
    """Note something beside sets, or correct it; what the rig recorded stays and can be had back with --undo.

    --athlete, --machine and --tag note something here; to choose sets by them use --of, --made-on and --tagged.

    Example: retrorig edit 5feceb66ffc8-1c9a44-00001 --side left --load-kg 20 --tag knee --trim-end 1.5
    """
    given = {
        "athlete": athlete,
        "notes": note,
        "side": side,
        "first_foot": first_foot,
        "attachment": attachment,
        "load_kg": load_kg,
        "rpe": rpe,
        "pain": pain,
        "machine": machine,
        "started_utc": started,
        "trim_start_s": trim_start,
        "trim_end_s": trim_end,
    }
    values = {key: value for key, value in given.items() if value is not None}
    with Library(library) as opened:
        set_ids = chosen.ids(opened, must_name=True)
        edited = opened.edit(set_ids, values, add_tags=tag or (), drop_tags=untag or (), undo=undo or ())
    print_changes(edited.changes, as_json)
    if any(change.key in WORDS for change in edited.changes):
        notify(
            "What was written before stays in the set's history until its person is forgotten or the set deleted."
        )
