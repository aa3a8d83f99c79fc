"""`retrorig sets`: the list of sets."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig.cli.options import (
    AthleteOption,
    JsonOption,
    LibraryOption,
    RigIdOption,
    SinceOption,
    parse_choice,
    parse_since,
)
from retrorig.cli.output import print_json_entries
from retrorig.cli.set_table import print_sets
from retrorig.library import Choice, Library
from retrorig.vocabulary import KINDS, QUALITIES


def sets(
    library: LibraryOption = None,
    athlete: AthleteOption = None,
    since: SinceOption = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only free, warmup, work or cooldown sets.")
    ] = None,
    rig: RigIdOption = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="TAG", help="Only sets with this tag.")] = None,
    quality: Annotated[
        str | None, typer.Option("--quality", metavar="A|B|C", help="Only sets of this quality.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the sets in a library, oldest first.

    Example: retrorig sets --athlete Anna --since 2026-11-01 --kind work
    """
    kind, quality = parse_choice("--kind", kind, KINDS), parse_choice("--quality", quality, QUALITIES)
    choice = Choice(athlete, parse_since(since), kind, rig, tag, quality)
    with Library(library) as opened:
        if as_json:
            print_json_entries(opened.sets_json(choice))
        else:
            print_sets(opened, choice)
