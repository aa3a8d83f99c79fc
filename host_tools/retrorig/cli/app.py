"""All commands together. Only the module of the command that was called is loaded, so that each starts quickly."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from retrorig.cli.help import EveryCommand, OneCommand
from retrorig.cli.log_option import EveryLogOption, with_log
from retrorig.cli.width import with_wide

# Each is a module here with a function, or for GROUPS a Typer, of the same name; in the order of the help.
COMMANDS = (
    "desk", "flash", "selftest", "replay", "sim", "info", "doctor", "live", "tare", "pull", "watch", "sets", "show",
    "edit", "delete", "hide", "report", "export", "day", "trend", "sides", "fatigue", "quality", "drag", "profile",
)  # fmt: skip
GROUPS = ("plan", "calibrate", "config", "athlete", "library")


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the command that the arguments begin with, or with all for help and for unknown ones."""
    app = typer.Typer(
        cls=EveryCommand,
        help="The host side of retrorig, the measuring computer for backward walking.",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_every_command)
    known = (*COMMANDS, *GROUPS)
    for name in arguments[:1] if arguments[0] in known else known:
        found = getattr(import_module(f"retrorig.cli.{name}"), name)
        if name in GROUPS:
            for each in found.registered_commands:
                each.callback = each.callback and with_log(with_wide(each.callback))
                each.cls = OneCommand
            app.add_typer(found, name=name)
        else:
            app.command(cls=OneCommand)(with_log(with_wide(found)))
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # takes longer to load than some commands run

        print(f"retrorig {version('retrorig')}")
        raise typer.Exit


def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    log: EveryLogOption = None,
) -> None:
    """Keeps the command's name in the command line when it is the only one loaded."""
