"""`retrorig plan`: what the rig trains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from retrorig import InputError, Library, connect, read_plan, ready_made
from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, print_json, tell_wait
from retrorig.cli.tables import print_rows
from retrorig.plans import BEST, BYTES_MAX, LAST, STEP_COLUMNS, outline, schema_text, steps, with_pace

PaceOption = Annotated[
    str | None,
    typer.Option(
        "--pace",
        metavar="last|best|SPEED",
        help="The display shows metres ahead of this pace or behind: the last or the best in the same plan, or m/s.",
    ),
]
AthleteOption = Annotated[
    str | None,
    typer.Option("--athlete", metavar="NAME", help="Whose last or best; only the speed goes to the rig."),
]

plan = typer.Typer(
    help="Training plans on the rig; it follows them without a computer.", no_args_is_help=True
)


@plan.command()
def push(
    plans: Annotated[
        list[str], typer.Argument(metavar="PLAN...", help="TOML files, or ids of ready-made plans.")
    ],
    pace: PaceOption = None,
    athlete: AthleteOption = None,
    library: LibraryOption = None,
    port: PortOption = None,
) -> None:
    """Check plans and store them on the rig; the first is chosen. Example: retrorig plan push light-sled"""
    read = [read_plan(name) for name in plans]
    if pace:
        read = [_paced(each, pace, athlete, library) for each in read]
    with connect(port) as rig:
        for each in read:
            notify(f"Stored {rig.push_plan(each, on_wait=tell_wait)}.")
        rig.choose_plan(read[0]["id"], tell_wait)


@plan.command()
def show(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Read back the plans that the rig keeps. Example: retrorig plan show"""
    with connect(port) as rig:
        found: dict[str, Any] = rig.plans()
    print_json(found) if as_json else _print_plans(found)


@plan.command()
def choose(
    plan_id: Annotated[str, typer.Argument(metavar="ID", help='A stored plan; "" for free sets.')],
    port: PortOption = None,
) -> None:
    """Let the rig follow a stored plan from its beginning. Example: retrorig plan choose light-sled"""
    with connect(port) as rig:
        rig.choose_plan(plan_id, tell_wait)


@plan.command("list")
def list_ready(as_json: JsonOption = False) -> None:
    """The plans that come with retrorig, and where their files are. Example: retrorig plan list"""
    rows = [(*outline(read_plan(path)), path) for path in ready_made().values()]
    if as_json:
        print_json(
            [{"id": i, "name": name, "sets": n, "file": str(path)} for i, name, n, _size, path in rows]
        )
    else:
        print_rows(("plan", "name", "sets", "file"), [(i, name, n, path) for i, name, n, _size, path in rows])


@plan.command()
def check(
    plans: Annotated[
        list[str], typer.Argument(metavar="PLAN...", help="TOML files, or ids of ready-made plans.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with a plan, by line, or what its sets are. Example: retrorig plan check my-plan.toml"""
    read = [each for name in plans if (each := _looked_through(name)) is not None]
    if len(read) < len(plans):
        raise typer.Exit(2)
    if as_json:
        print_json(read)
        return
    for each in read:
        plan_id, name, sets_n, size = outline(each)
        print(f"{plan_id}: can be used. {name}; sets: {sets_n}; bytes on the rig: {size} of {BYTES_MAX}.")
        print_rows(STEP_COLUMNS, steps(each))


@plan.command()
def schema() -> None:
    """The form of a plan file as JSON Schema, for editors. Example: retrorig plan schema > plan.schema.json"""
    print(schema_text(), end="")


def _print_plans(found: dict[str, Any]) -> None:
    """A table of the plans on a rig and the place in the chosen one."""
    if not found["plans"]:
        notify("No plans on the rig: `retrorig plan push` stores some.")
        return
    rows = []
    for each in found["plans"]:
        place = f"{found['done']} of {found['of']} done" if each["id"] == found["chosen"] else ""
        rows.append((each["id"], each["name"], sum(block.get("times", 1) for block in each["blocks"]), place))
    print_rows(("plan", "name", "sets", "chosen"), rows)


def _paced(each: dict[str, Any], pace: str, athlete: str | None, library: Path | None) -> dict[str, Any]:
    if pace not in (LAST, BEST):
        return with_pace(each, pace)
    with Library(library) as opened:
        return with_pace(each, pace, opened.each_set(athlete=athlete))


def _looked_through(name: str) -> dict[str, Any] | None:
    """The plan; None when it can't be used, and each fault is told."""
    try:
        return read_plan(name)
    except InputError as error:
        for fault in getattr(error, "faults", (str(error),)):
            notify(fault)
    return None
