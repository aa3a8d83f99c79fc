"""`retrorig library`: looking after the library as a whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from retrorig import Library
from retrorig.cli.changes import print_changes
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.library_ask import ask
from retrorig.cli.library_publish import publish
from retrorig.cli.options import JsonOption, LibraryOption
from retrorig.cli.output import NO_VALUE, notify, print_json, progress
from retrorig.cli.set_table import print_new
from retrorig.cli.tables import print_table

library = typer.Typer(help="Check, back up, merge and compute a library anew.", no_args_is_help=True)

library.command()(publish)
library.command()(ask)

_Integer = int | None
ThoroughOption = Annotated[bool, typer.Option("--thorough", help="Compute every set anew from its bytes.")]
_FAULTS = (("where", None), ("what", None))
_CLOCKS = (
    ("rig", None),
    ("boot", 0),
    ("exchanges", 0),
    ("over h", 0),
    ("drift ppm", 0),
    ("+- ppm", 0),
    ("wrong", 0),
)


@library.command()
def check(
    library: LibraryOption = None, as_json: JsonOption = False, thorough: ThoroughOption = False
) -> None:
    """Look everything over: the file, each set's bytes and numbers, the Parquet folders; changes nothing.

    Of more than a thousand sets a thousand are computed anew, with --thorough all.

    Exit status 2 when something is lost or wrong.

    Example: retrorig library check
    """
    with Library(library) as opened, progress("checking") as report:
        found = opened.check(report, thorough)
    damaged_n = sum(fault.is_damage for fault in found)
    if as_json:
        print_json([asdict(fault) for fault in found])
    elif found:
        print_table(_FAULTS, ([fault.where, fault.what] for fault in found))
    notify(f"Lost or wrong: {damaged_n}." if damaged_n else "Nothing is lost or wrong.")
    if damaged_n:
        raise typer.Exit(2)


@library.command()
@choosing()
def recompute(
    chosen: Chosen,
    library: LibraryOption = None,
    calibration: Annotated[
        str | None,
        typer.Option("--calibration", metavar="ID", help="Under this kept calibration from now on."),
    ] = None,
    circumference_um: Annotated[
        _Integer, typer.Option("--circumference-um", metavar="N", help="Roller circumference, micrometres.")
    ] = None,
    counts_per_rev: Annotated[
        _Integer, typer.Option("--counts-per-rev", metavar="N", help="Encoder counts a turn.")
    ] = None,
    zero: Annotated[
        str | None,
        typer.Option(
            "--zero",
            metavar="N|rest",
            help="Load-cell code without load, or the slack line's beside each set.",
        ),
    ] = None,
    scale_nn: Annotated[_Integer, typer.Option("--scale-nn", metavar="N", help="Nanonewtons a code.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute sets anew from their raw values, also under a corrected calibration, and show what changed.

    The calibration is a note beside the sets; `retrorig edit SET --undo calibration` goes back to the rig's own.

    Example: retrorig library recompute --rig 5feceb66ffc8 --since 2026-09-01 --calibration 1f0c22aa
    """
    values = {
        "circumference_um": circumference_um,
        "counts_per_rev": counts_per_rev,
        "zero": int(zero) if zero and zero.lstrip("-").isdigit() else zero,
        "scale_nn": scale_nn,
    }
    with Library(library) as opened, progress("computing") as report:
        names = chosen.ids(opened) if chosen.words else opened.to_recompute(chosen.choice)
        result = opened.recompute(names, opened.corrected(calibration, **values), report)
    print_changes(result.changes, as_json)
    for notice in (*result.notices, f"Sets computed: {result.sets_n}."):
        notify(notice)


@library.command()
def samples(library: LibraryOption = None) -> None:
    """Write the Parquet files that are missing or old, into the library's samples folder.

    Example: retrorig library samples
    """
    with Library(library) as opened, progress("writing") as report:
        removed_n = opened.files.remove_leftovers()
        written_n = opened.write_samples(progress=report)
    notify(f"Files written: {written_n}. Left-over files removed: {removed_n}.")


@library.command()
def compact(library: LibraryOption = None) -> None:
    """Erase deleted sets for good, and rebuild the file; `retrorig delete --undo` can't bring them back then.

    Example: retrorig library compact
    """
    with Library(library) as opened:
        erased_n = opened.compact()
    notify(f"Sets erased: {erased_n}.")


@library.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The new file.")],
    library: LibraryOption = None,
) -> None:
    """Copy the library to one file, as it is at this moment; other programs may go on using it.

    Example: retrorig library backup /media/stick/retrorig-2026-11-22.sqlite3
    """
    with Library(library) as opened:
        opened.backup(target)
    notify(f"Wrote {target}; it holds names, so keep it where nobody else can read it.")


@library.command()
def merge(
    other: Annotated[
        Path, typer.Argument(metavar="OTHER", help="The other library's folder, or a backup file.")
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over everything that another laptop's library has, each set once; people are matched by name.

    What both have and differ in stays as it is here, and is told. The other library is not changed.

    Example: retrorig library merge /media/stick/other-laptop
    """
    _take(library, other, None, as_json)


@library.command("import")
def import_sets(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup file, or a library's folder.")],
    set_ids: Annotated[list[str], typer.Argument(metavar="SET", help="The sets to take.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take single sets out of a backup or another library, with their notes and the names of who made them.

    Example: retrorig library import backup.sqlite3 5feceb66ffc8-1c9a44-00001
    """
    _take(library, file, set_ids, as_json)


@library.command()
def clocks(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show how each rig's clock ran against this laptop's, by which sets get their date.

    Example: retrorig library clocks
    """
    with Library(library) as opened:
        found = opened.clocks.all()
    if as_json:
        print_json(found)
    else:
        print_table(_CLOCKS, ([_fixed(value) for value in clock.values()] for clock in found))


def _take(folder: Path | None, other: Path, set_ids: list[str] | None, as_json: bool) -> None:
    from retrorig import copy_of

    with Library(folder, create=True) as opened, copy_of(other, notify) as source:
        with progress("merging") as report:
            result = opened.merge(source, set_ids, report)
        for notice in result.notices:
            notify(notice)
        notify(f"New sets: {len(result.new)}. Here already: {result.known_n}.")
        print_new(opened, result.new, as_json)


def _fixed(value: object) -> object:
    return NO_VALUE if value is None else f"{value:.2f}" if isinstance(value, float) else value
