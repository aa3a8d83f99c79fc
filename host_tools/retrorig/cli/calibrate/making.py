"""To make a calibration: guided on the terminal, or by watching what happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retrorig.cli.calibrate.files import opened_rig
from retrorig.cli.calibrate.records import print_record
from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, print_json

if TYPE_CHECKING:
    from retrorig.calibration import Calibrating

PersonOption = Annotated[
    str | None, typer.Option("--person", metavar="NAME", help="Who calibrates; kept in this library alone.")
]
FollowOption = Annotated[
    bool, typer.Option("--follow", help="Don't ask: watch, and take what happens as it comes.")
]


def belt(
    length: Annotated[
        str | None, typer.Option("--length", metavar="LENGTH", help="Marked distance with its unit, as 10m.")
    ] = None,
    length_pm: Annotated[
        str, typer.Option("--length-pm", metavar="LENGTH", help="How well the distance is known.")
    ] = "10mm",
    turns: Annotated[
        int | None,
        typer.Option("--turns", metavar="N", min=1, help="Instead of a distance: turns of the roller."),
    ] = None,
    circumference: Annotated[
        str | None,
        typer.Option("--circumference", metavar="LENGTH", help="With --turns: round the roller, as 250mm."),
    ] = None,
    circumference_pm: Annotated[
        str, typer.Option("--circumference-pm", metavar="LENGTH", help="How well that is known.")
    ] = "0.5mm",
    repeats: Annotated[int, typer.Option("--repeats", metavar="N", min=3, help="How often to push.")] = 3,
    new_roller: Annotated[
        bool,
        typer.Option("--new-roller", help="Roller or encoder was changed: don't compare with the old value."),
    ] = False,
    follow: FollowOption = False,
    person: PersonOption = None,
    port: PortOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Push the belt by a known distance, several times, with somebody standing on it.

    Example: retrorig calibrate belt --length 10m --repeats 5 --person Ann
    """
    from retrorig.calibration import distance_from

    by = distance_from(length, length_pm, turns, circumference, circumference_pm)
    with _calibrating(port, library, person, follow) as procedure:
        print_record(procedure.belt(by, repeats, new_roller), as_json)


def force(
    weights: Annotated[
        list[str] | None,
        typer.Option(
            "--weight", metavar="WEIGHT", help="With its unit, as 5kg or 49N; at least three, in turn."
        ),
    ] = None,
    weights_pct: Annotated[
        float,
        typer.Option(
            "--weights-pm", metavar="PERCENT", min=0, max=10, help="How well the weights are known."
        ),
    ] = 0.5,
    new_cell: Annotated[
        bool,
        typer.Option("--new-cell", help="Cell or converter was changed: don't compare with the old scale."),
    ] = False,
    follow: FollowOption = False,
    person: PersonOption = None,
    port: PortOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hang known weights on the line, or pull with a scale; the fit is shown, and refused when it is poor.

    Example: retrorig calibrate force --weight 5kg --weight 10kg --weight 20kg --person Ann
    """
    from retrorig.calibration import weight

    quantities = [weight(text) for text in weights or ()]
    with _calibrating(port, library, person, follow) as procedure:
        print_record(procedure.force(quantities, weights_pct / 100, new_cell), as_json)


def direction(
    follow: FollowOption = False,
    person: PersonOption = None,
    port: PortOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """See by one step back which way is backward.

    Example: retrorig calibrate direction
    """
    with _calibrating(port, library, person, follow) as procedure:
        record = procedure.direction()
    if record:
        print_record(record, as_json)
    else:
        notify("The direction is right already; nothing was changed.")
        print_json(None) if as_json else None


class _Person:
    """The person at the keyboard, or a file of answers."""

    def say(self, sentence: str) -> None:
        notify(sentence)

    def ask(self, prompt: str) -> str:
        print(f"\n{prompt} ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            notify("")
        if not line:
            from retrorig.calibration import GoneError

            raise GoneError
        return line.strip()


@contextmanager
def _calibrating(
    port: str | None, library: Path | None, person: str | None, follow: bool
) -> Iterator[Calibrating]:
    with opened_rig(port, library) as (rig, opened):
        yield rig.calibrating(opened, _Person(), person, follow)
