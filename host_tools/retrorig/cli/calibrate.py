"""`retrorig calibrate`: what a count and a code are worth on this rig, and the records of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, print_facts, print_json
from retrorig.cli.tables import print_table
from retrorig.finding.rig import open_rig
from retrorig.library import Library
from retrorig.link.client import RigClient

if TYPE_CHECKING:
    from retrorig.calibrating.job import Job

calibrate = typer.Typer(
    help="Calibrate belt, load cell and direction; list, compare, print, back up, restore and copy calibrations.",
    no_args_is_help=True,
)

PersonOption = Annotated[
    str | None, typer.Option("--person", metavar="NAME", help="Who calibrates; kept in this library alone.")
]
FollowOption = Annotated[
    bool, typer.Option("--follow", help="Don't ask: watch, and take what happens as it comes.")
]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="As `retrorig calibrate list` lists it.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]


@calibrate.command()
def belt(
    length: Annotated[
        str | None, typer.Option("--length", metavar="LENGTH", help="Marked distance with its unit, as 10m.")
    ] = None,
    length_pm: Annotated[
        str, typer.Option("--length-pm", metavar="LENGTH", help="How well the distance is known.")
    ] = "10mm",
    turns: Annotated[
        int | None,
        typer.Option("--turns", metavar="N", min=1, help="Instead of a distance: turns of the roller."),
    ] = None,
    circumference: Annotated[
        str | None,
        typer.Option("--circumference", metavar="LENGTH", help="With --turns: round the roller, as 250mm."),
    ] = None,
    circumference_pm: Annotated[
        str, typer.Option("--circumference-pm", metavar="LENGTH", help="How well that is known.")
    ] = "0.5mm",
    repeats: Annotated[int, typer.Option("--repeats", metavar="N", min=3, help="How often to push.")] = 3,
    new_roller: Annotated[
        bool,
        typer.Option("--new-roller", help="Roller or encoder was changed: don't compare with the old value."),
    ] = False,
    follow: FollowOption = False,
    person: PersonOption = None,
    port: PortOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Push the belt by a known distance, several times, with somebody standing on it.

    Example: retrorig calibrate belt --length 10m --repeats 5 --person Ann
    """
    from retrorig.calibrating.belt import distance_from

    by = distance_from(length, length_pm, turns, circumference, circumference_pm)
    with _job(port, library, person, follow) as job:
        _print_record(job.belt(by, repeats, new_roller), as_json)


@calibrate.command()
def force(
    weights: Annotated[
        list[str] | None,
        typer.Option(
            "--weight", metavar="WEIGHT", help="With its unit, as 5kg or 49N; at least three, in turn."
        ),
    ] = None,
    weights_pct: Annotated[
        float,
        typer.Option(
            "--weights-pm", metavar="PERCENT", min=0, max=10, help="How well the weights are known."
        ),
    ] = 0.5,
    new_cell: Annotated[
        bool,
        typer.Option("--new-cell", help="Cell or converter was changed: don't compare with the old scale."),
    ] = False,
    follow: FollowOption = False,
    person: PersonOption = None,
    port: PortOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hang known weights on the line, or pull with a scale; the fit is shown, and refused when it is poor.

    Example: retrorig calibrate force --weight 5kg --weight 10kg --weight 20kg --person Ann
    """
    from retrorig.calibrating.units import weight

    quantities = [weight(text) for text in weights or ()]
    with _job(port, library, person, follow) as job:
        _print_record(job.force(quantities, weights_pct / 100, new_cell), as_json)


@calibrate.command()
def direction(
    follow: FollowOption = False,
    person: PersonOption = None,
    port: PortOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """See by one step back which way is backward.

    Example: retrorig calibrate direction
    """
    with _job(port, library, person, follow) as job:
        record = job.direction()
    if record:
        _print_record(record, as_json)
    else:
        notify("The direction is right already; nothing was changed.")
        print_json(None) if as_json else None


@calibrate.command("list")
def list_(
    rig: Annotated[str | None, typer.Option("--rig", metavar="ID", help="Of this rig alone.")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """The calibrations in the library, oldest first.

    Example: retrorig calibrate list
    """
    with Library(library) as opened:
        records = opened.calibrations(rig)
    if as_json:
        print_json(records)
    elif not records:
        notify("No calibrations: `retrorig calibrate belt` and `retrorig calibrate force` make some.")
    else:
        columns = [(name, None) for name in ("id", "rig", "kind", "made", "by", "result")]
        print_table(columns, map(_row, records))


@calibrate.command()
def show(calibration_id: IdArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """One calibration and what it rests on.

    Example: retrorig calibrate show 1997c5a4
    """
    with Library(library) as opened:
        _print_record(opened.calibration(calibration_id), as_json)


@calibrate.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="ID")],
    second: Annotated[str, typer.Argument(metavar="ID")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Two calibrations side by side, and whether the change is more than they are sure of.

    Example: retrorig calibrate compare 1997c5a4 5d2c90ab
    """
    from retrorig.calibrating.compare import compared

    with Library(library) as opened:
        found = compared(opened.calibration(first), opened.calibration(second))
    if as_json:
        print_json([{**vars(entry), "verdict": entry.verdict} for entry in found])
        return
    columns = [
        ("quantity", None),
        (first, 3),
        (second, 3),
        ("unit", None),
        ("change %", 3),
        ("sure of %", 3),
        ("", None),
    ]
    print_table(
        columns, ((e.name, e.first, e.second, e.unit, e.change_pct, e.allowed_pct, e.verdict) for e in found)
    )


@calibrate.command()
def certificate(
    calibration_id: IdArgument,
    output: Annotated[Path, typer.Option("--output", metavar="FILE.html", help="Where to write the page.")],
    library: LibraryOption = None,
) -> None:
    """A page about one calibration, to be printed and signed.

    Example: retrorig calibrate certificate 1997c5a4 --output calibration.html
    """
    from retrorig.calibrating.certificate import write

    with Library(library) as opened:
        write(output, opened.calibration(calibration_id))
    notify(f"Wrote {output}.")


@calibrate.command()
def backup(file: FileArgument, port: PortOption = None, library: LibraryOption = None) -> None:
    """Save the calibration in force on the rig to a file.

    Example: retrorig calibrate backup my-rig.json
    """
    from retrorig.calibrating.backup import taken, write

    with _opened(port, library) as (client, opened):
        found = taken(client, opened)
    write(file, found)
    notify(f"Wrote calibration {found['calibration']['id']} of rig {found['rig']} to {file}.")


@calibrate.command()
def restore(file: FileArgument, port: PortOption = None, library: LibraryOption = None) -> None:
    """Put a saved calibration in force again.

    Example: retrorig calibrate restore my-rig.json
    """
    from retrorig.calibrating.backup import put_back, read

    found = read(file)
    with _opened(port, library) as (client, opened):
        values = put_back(client, opened, found)
    notify(f"Calibration {values['id']} is in force.")


@calibrate.command()
def copy(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="Port of the board that shall have it.")],
    port: PortOption = None,
    library: LibraryOption = None,
) -> None:
    """Give another board the calibration of this one, as when a board is replaced on the same machine.

    Example: retrorig calibrate copy --port /dev/ttyUSB0 --to /dev/ttyUSB1
    """
    from retrorig.calibrating.backup import put_back, taken

    with _opened(port, library) as (client, opened):
        found = taken(client, opened)
    with _opened(to, library) as (client, opened):
        values = put_back(client, opened, found)
    notify(f"Calibration {values['id']} is in force.")


class _Person:
    """Whoever sits at the keyboard, or a file of answers."""

    def say(self, sentence: str) -> None:
        notify(sentence)

    def ask(self, prompt: str) -> str:
        print(f"\n{prompt} ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            notify("")
        if not line:
            from retrorig.calibrating.guide import GoneError

            raise GoneError
        return line.strip()


@contextmanager
def _opened(port: str | None, library: Path | None) -> Iterator[tuple[RigClient, Library]]:
    with closing(RigClient(open_rig(port))) as client, Library(library, create=True) as opened:
        yield client, opened


@contextmanager
def _job(port: str | None, library: Path | None, person: str | None, follow: bool) -> Iterator[Job]:
    from retrorig.calibrating.job import Job

    with _opened(port, library) as (client, opened):
        yield Job(client, opened, _Person(), person, follow)


def _print_record(record: dict[str, Any], as_json: bool) -> None:
    from retrorig.calibrating.certificate import facts, values
    from retrorig.calibrating.plot import residual_lines

    if as_json:
        print_json(record)
        return
    print_facts(
        {"calibration": record["id"], "rig": record["rig"], "kind": record["kind"], **dict(facts(record))}
    )
    print()
    print_table((("quantity", None), ("value", None), ("95 %", None)), values(record))
    points = record["evidence"].get("points")
    if points:
        print("\n" + "\n".join(residual_lines(points)))


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    from retrorig.calibrating.certificate import result

    made = record["made_utc"][:16].replace("T", " ")
    return record["id"], record["rig"], record["kind"], made, record.get("person") or "-", result(record)
