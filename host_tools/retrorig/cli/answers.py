"""What the commands that answer a coach's question share: their options, and an answer as table, JSON and picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from retrorig.cli.options import parse_since
from retrorig.cli.output import notify, print_json
from retrorig.library import Library

PlotOption = Annotated[Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw it, too.")]
SetsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="SET", help="Only these sets; default: as the options say.")
]


def chosen_rows(
    opened: Library, set_ids: list[str] | None = None, athlete: str | None = None, since: str | None = None
) -> list[dict[str, Any]]:
    """The rows of the named sets, or of an athlete and time."""
    return [opened.set(name) for name in set_ids] if set_ids else opened.sets(athlete, parse_since(since))


def samples_by_id(opened: Library) -> Callable[[str], Any]:
    """A function that gives a set's samples by its id."""
    from retrorig.measure.samples import sample_set

    return lambda set_id: sample_set(opened.raw(set_id))


def answer(found: Any, as_json: bool, plot: Path | None, show: Callable[[Any], None]) -> None:
    """The answer as JSON or by `show`, and as a picture if one is wanted."""
    if plot is not None:
        from retrorig.extras import require

        require("matplotlib", "report")
        from retrorig.progress.plots import draw

        draw(found, plot)
    print_json(asdict(found)) if as_json else show(found)
    if plot is not None:
        notify(f"Drew {plot}.")
