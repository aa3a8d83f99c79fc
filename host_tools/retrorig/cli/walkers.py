"""The option --walker: one of the people who are invented by physics, or `list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from retrorig.virtual.walkers.catalogue import Combination

LIST = "list"
_SEEDS = 1000
"""More than there are walkers: each seed of the command gives each of them other chance."""

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
    from retrorig.virtual.walkers.catalogue import listing

    for name, text in listing():
        print(f"{name:13s} {text}")


def chosen_walker(name: str, seed: int) -> Combination:
    """The walker of this name, with other chance for another seed; InputError names those there are."""
    from retrorig.virtual.walkers.catalogue import find

    found = find(name)
    return found.with_seed(found.variation.seed + _SEEDS * seed)
