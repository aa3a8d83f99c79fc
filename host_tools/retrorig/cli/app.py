"""All commands together. Only the module of the command that was called is loaded, so that each starts quickly."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import typer

# Each is a module here with a function, or for GROUPS a Typer, of the same name; in the order of the help.
COMMANDS = (
    "flash", "selftest", "replay", "sim", "info", "doctor", "live", "tare", "pull", "sets", "show", "edit", "report",
    "export", "day", "trend", "sides", "fatigue", "quality", "drag", "profile",
)  # fmt: skip
GROUPS = ("plan", "calibrate", "config", "athlete", "library")


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the command that the arguments begin with, or with all for help and for unknown ones."""
    app = typer.Typer(
        help="The host side of retrorig, the measuring computer for backward walking.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_every_command)
    known = (*COMMANDS, *GROUPS)
    for name in arguments[:1] if arguments[0] in known else known:
        found = getattr(import_module(f"retrorig.cli.{name}"), name)
        if name in GROUPS:
            app.add_typer(found, name=name)
        else:
            app.command()(found)
    return app


def _every_command() -> None:
    """Keeps the command's name in the command line when it is the only one loaded."""
