"""`retrorig athlete`: who trains."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from retrorig import InputError, Library
from retrorig.cli.options import JsonOption, LibraryOption
from retrorig.cli.output import notify, print_json
from retrorig.cli.tables import print_table

athlete = typer.Typer(
    help="The people in the library; rigs are only told a short label for each.", no_args_is_help=True
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name, or the label.")]
_COLUMNS = (("name", None), ("label", None), ("sets", 0), ("first", None), ("last", None))


@athlete.command("list")
def list_all(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List everybody, with how many sets they have and since when.

    Example: retrorig athlete list
    """
    with Library(library) as opened:
        people = opened.people.all()
    if as_json:
        print_json(people)
    elif people:
        days = [[(person[key] or "-")[:10] for key in ("first_utc", "last_utc")] for person in people]
        print_table(_COLUMNS, ([p["name"], p["label"], p["sets"], *day] for p, day in zip(people, days)))
    else:
        notify('Nobody yet: `retrorig athlete add "Anna Berg"` enters a person.')


@athlete.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name, in any script.")],
    library: LibraryOption = None,
    label: Annotated[
        str | None,
        typer.Option("--label", metavar="LABEL", help="What rigs are told; default: the next one."),
    ] = None,
) -> None:
    """Enter a person.

    Example: retrorig athlete add "Anna Berg" --label anna
    """
    with Library(library, create=True) as opened:
        given = opened.people.add(name, label)
        notify(f"Rigs know {opened.people.names()[given]} as {given}.")


@athlete.command()
def rename(
    name: NameArgument,
    new_name: Annotated[str, typer.Argument(metavar="NEW", help="The right name.")],
    library: LibraryOption = None,
) -> None:
    """Correct a name; the sets stay with the person.

    Example: retrorig athlete rename "Ana Berg" "Anna Berg"
    """
    with Library(library) as opened:
        old, new = opened.people.rename(name, new_name)
        naming = opened.notes.naming(old)
    notify(f"{old} is {new} now.")
    if naming:
        notify(
            f"What is noted beside these sets names {old}: {', '.join(naming)}; `retrorig edit` changes it."
        )


@athlete.command()
def forget(
    name: NameArgument,
    library: LibraryOption = None,
    keep_sets: Annotated[bool, typer.Option("--keep-sets", help="Keep the sets as nobody's.")] = False,
    delete_sets: Annotated[bool, typer.Option("--delete-sets", help="Delete the sets, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove a person from the library for good, and tell what may remain elsewhere.

    Kept sets lose their written notes, as those may name the person; their numbers stay. There is no way back.

    Example: retrorig athlete forget "Anna Berg" --delete-sets
    """
    if keep_sets == delete_sets:
        raise InputError("Say what becomes of the sets: --keep-sets (as nobody's) or --delete-sets.")
    with Library(library) as opened:
        forgotten = opened.forget(name, delete_sets)
    if as_json:
        print_json(asdict(forgotten))
        return
    fate = "deleted" if delete_sets else "kept as nobody's"
    notify(f"{name} is forgotten, and the name is gone from this library. Sets {fate}: {forgotten.sets_n}.")
    for sentence in forgotten.left:
        notify(sentence)
