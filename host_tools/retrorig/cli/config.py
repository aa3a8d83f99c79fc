"""`retrorig config`: the rig's settings."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from retrorig import connect
from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import notify, print_facts, print_json, tell_wait
from retrorig.cli.tables import print_table
from retrorig.config import as_text, edited, from_text, listed, setting_named, takes_effect_at_start

config = typer.Typer(help="Settings of the rig: units, display, what it is mounted on.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="As `retrorig config list` lists it.")]


@config.command("list")
def list_(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Every setting with its value and what it may be.

    Example: retrorig config list
    """
    with connect(port) as rig:
        values = rig.settings()
    if as_json:
        print_json(values)
        return
    columns = [(name, None) for name in ("setting", "value", "default", "possible", "what it is")]
    print_table(
        columns,
        ((s.name, s.value, s.default, f"{s.possible} {s.unit}".rstrip(), s.help) for s in listed(values)),
    )


@config.command()
def get(name: NameArgument, port: PortOption = None, as_json: JsonOption = False) -> None:
    """One setting.

    Example: retrorig config get distance_unit
    """
    with connect(port) as rig:
        found = setting_named(rig.settings(), name)
    print_json(found) if as_json else print_facts(found)


@config.command("set")
def set_(
    name: NameArgument,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="A word or a whole number.")],
    port: PortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change one setting; prints what the rig has stored.

    Example: retrorig config set distance_unit yd
    """
    with connect(port) as rig:
        _print_stored(rig.change_settings(tell_wait, **{name: value}), as_json)


@config.command()
def edit(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Change several settings in an editor; the rig takes all of them or none.

    Example: EDITOR=nano retrorig config edit
    """
    with connect(port) as rig:
        before = rig.settings()
        wanted = from_text(edited(as_text(rig.hello()["rig"], before)))
        changes = {name: value for name, value in wanted.items() if before.get(name) != value}
        if changes:
            _print_stored(rig.change_settings(tell_wait, **changes), as_json)
        else:
            notify("Nothing was changed.")


def _print_stored(stored: dict[str, Any], as_json: bool) -> None:
    print_json(stored) if as_json else print_facts(stored)
    if takes_effect_at_start(stored):
        notify("This takes effect when the rig starts next.")
