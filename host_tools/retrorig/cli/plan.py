"""`retrorig plan push`, `plan show`, `plan choose`: what the rig trains."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

import typer

from retrorig.cli.options import JsonOption, PortOption
from retrorig.cli.output import notify, print_json, print_plans
from retrorig.link.client import RigClient
from retrorig.link.ports import open_port
from retrorig.plans import choose_plan, fetch_plans, push_plan, read_plan, ready_made

plan = typer.Typer(help="Training plans on the rig; it follows them without a computer.", no_args_is_help=True)


@plan.command()
def push(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN...", help="TOML files, or ids of ready-made plans.")],
    port: PortOption = None,
) -> None:
    """Check plans and store them on the rig; the first is chosen."""
    read = [read_plan(name) for name in plans]
    with closing(RigClient(open_port(port))) as client:
        client.hello()
        for each in read:
            notify(f"Stored {push_plan(client, each)}.")
        choose_plan(client, read[0]["id"])


@plan.command()
def show(port: PortOption = None, as_json: JsonOption = False) -> None:
    """Read back the plans that the rig keeps."""
    with closing(RigClient(open_port(port))) as client:
        client.hello()
        found: dict[str, Any] = fetch_plans(client)
    print_json(found) if as_json else print_plans(found)


@plan.command()
def choose(
    plan_id: Annotated[str, typer.Argument(metavar="ID", help='A stored plan; "" for free sets.')],
    port: PortOption = None,
) -> None:
    """Let the rig follow a stored plan from its beginning."""
    with closing(RigClient(open_port(port))) as client:
        client.hello()
        choose_plan(client, plan_id)


@plan.command("list")
def list_ready() -> None:
    """The plans that come with retrorig, and where their files are."""
    for plan_id, path in ready_made().items():
        print(f"{plan_id:16} {path}")
