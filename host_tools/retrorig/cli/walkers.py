"""The option --walker: one of the people who are invented by physics, or `list`."""

from __future__ import annotations

from typing import Annotated

import typer

from retrorig import walkers

LIST = "list"

WalkerOption = Annotated[
    str | None,
    typer.Option(
        "--walker",
        metavar="NAME",
        help="A built-in walker; `list` shows them, NAME/2 is one of its variations.",
    ),
]


def print_walkers() -> None:
    """One line for each walker."""
    for name, text in walkers():
        print(f"{name:13s} {text}")
