"""`--log FILE`, which every command that talks to a rig has besides its own options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from retrorig import logging_to


def _start(context: typer.Context, path: Path | None) -> Path | None:
    if path is not None:
        context.with_resource(logging_to(path))
    return path


_OPTION = partial(
    typer.Option, "--log", metavar="FILE", callback=_start, help="Log each byte on the cable, without names."
)
LogOption = Annotated[Path | None, _OPTION()]
EveryLogOption = Annotated[Path | None, _OPTION(envvar="RETRORIG_LOG")]
"""Before the command, or from the environment."""


def with_log(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the option, if it has a port to talk through and lacks it."""
    signature = inspect.signature(command, eval_str=True)
    if "port" not in signature.parameters or "log" in signature.parameters:
        return command

    @wraps(command)
    def logged(*args: Any, **options: Any) -> Any:
        options.pop("log", None)  # its callback has opened it
        return command(*args, **options)

    option = inspect.Parameter("log", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=LogOption)
    parameters = [*signature.parameters.values(), option]
    logged.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    logged.__annotations__ = {each.name: each.annotation for each in parameters}
    return logged
