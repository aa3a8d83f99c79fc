"""Prints the answer to a coach's question as table, JSON and picture, for all commands that have one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from retrorig.cli.output import notify, print_json

PlotOption = Annotated[Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw it, too.")]


def answer(found: Any, as_json: bool, plot: Path | None, show: Callable[[Any], None]) -> None:
    """The answer as JSON or by `show`, and as a picture if one is wanted."""
    if plot is not None:
        from retrorig.progress import draw

        draw(found, plot)
    print_json(asdict(found)) if as_json else show(found)
    if plot is not None:
        notify(f"Drew {plot}.")
