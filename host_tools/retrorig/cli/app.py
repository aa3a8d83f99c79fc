"""All commands together."""

from __future__ import annotations

import typer

from retrorig.cli.export import export
from retrorig.cli.info import info
from retrorig.cli.plan import plan
from retrorig.cli.pull import pull
from retrorig.cli.replay import replay
from retrorig.cli.sets import sets
from retrorig.cli.show import show
from retrorig.cli.sim import sim

app = typer.Typer(
    help="The host side of retrorig, the measuring computer for backward walking.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command in (replay, sim, info, pull, sets, show, export):
    app.command()(_command)
app.add_typer(plan, name="plan")
