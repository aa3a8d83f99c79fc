"""All commands together."""

from __future__ import annotations

import typer

from retrorig.cli.athlete import athlete
from retrorig.cli.calibrate import calibrate
from retrorig.cli.config import config
from retrorig.cli.day import day
from retrorig.cli.drag import drag
from retrorig.cli.edit import edit
from retrorig.cli.export import export
from retrorig.cli.fatigue import fatigue
from retrorig.cli.flash import flash
from retrorig.cli.info import info
from retrorig.cli.library import library
from retrorig.cli.live import live
from retrorig.cli.plan import plan
from retrorig.cli.profile import profile
from retrorig.cli.pull import pull
from retrorig.cli.quality import quality
from retrorig.cli.replay import replay
from retrorig.cli.report import report
from retrorig.cli.sets import sets
from retrorig.cli.show import show
from retrorig.cli.sides import sides
from retrorig.cli.sim import sim
from retrorig.cli.tare import tare
from retrorig.cli.trend import trend

app = typer.Typer(
    help="The host side of retrorig, the measuring computer for backward walking.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command in (flash, replay, sim, info, live, tare, pull, sets, show, edit, report, export):
    app.command()(_command)
for _question in (day, trend, sides, fatigue, quality, drag, profile):
    app.command()(_question)
app.add_typer(plan, name="plan")
app.add_typer(calibrate, name="calibrate")
app.add_typer(config, name="config")
app.add_typer(athlete, name="athlete")
app.add_typer(library, name="library")
