"""Width of tables: that of the terminal, 80 places in a file or pipe, or with `--wide` as they are."""

from __future__ import annotations

import inspect
import shutil
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, Any

import typer

from retrorig.cli.output import notify

PLACES = 80
NAME_MAX = 16
"""Places of a name in a table that has to fit."""

WideOption = Annotated[bool, typer.Option("--wide", help="Show every column, however wide that is.")]
_is_wide: ContextVar[bool] = ContextVar("_is_wide", default=False)


def room() -> int | None:
    """Places in a line; None when there is no limit."""
    return None if _is_wide.get() else shutil.get_terminal_size((PLACES, 24)).columns


def with_wide(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the option `--wide`, if it prints something for people and lacks it."""
    signature = inspect.signature(command, eval_str=True)
    if "as_json" not in signature.parameters or "wide" in signature.parameters:
        return command

    @wraps(command)
    def widened(*args: Any, wide: bool = False, **options: Any) -> Any:
        before = _is_wide.set(wide)
        try:
            return command(*args, **options)
        finally:
            _is_wide.reset(before)

    option = inspect.Parameter("wide", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=WideOption)
    parameters = [*signature.parameters.values(), option]
    widened.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    widened.__annotations__ = {each.name: each.annotation for each in parameters}
    return widened


def clipped(name: str) -> str:
    """A name that fits a column."""
    if name.isascii():
        return name if len(name) <= NAME_MAX else f"{name[: NAME_MAX - 2]}.."
    from rich.cells import cell_len, set_cell_size

    return name if cell_len(name) <= NAME_MAX else f"{set_cell_size(name, NAME_MAX - 2).rstrip()}.."


def tell_left_out(headings: Sequence[str]) -> None:
    """Say what a table had no room for, and how to see it."""
    if headings:
        if sys.stdout:
            sys.stdout.flush()  # a table that can't be written is one sentence
        notify(f"No room for: {', '.join(headings)}. --wide shows them.")
