"""`retrorig calibrate`: the length of a count and the force of a code on this rig, and the records of both."""

from __future__ import annotations

import typer

from retrorig.cli.calibrate.files import backup, copy, restore
from retrorig.cli.calibrate.making import belt, direction, force
from retrorig.cli.calibrate.records import certificate, compare, list_, show

calibrate = typer.Typer(
    help="Calibrate belt, load cell and direction; list, compare, print, back up, restore and copy calibrations.",
    no_args_is_help=True,
)
for command in (belt, force, direction):
    calibrate.command()(command)
calibrate.command("list")(list_)
for command in (show, compare, certificate, backup, restore, copy):
    calibrate.command()(command)
