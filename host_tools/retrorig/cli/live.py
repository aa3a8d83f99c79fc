"""`retrorig live`: the rig on a screen, while it is used."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from retrorig import Library
from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, print_line
from retrorig.extras import require
from retrorig.link.rig_port import open_rig
from retrorig.live.stream import PERIOD_MS, Event, Found, Lost, Stream, Told

EVERY_MAX_MS = 5000

EveryOption = Annotated[
    int,
    typer.Option(
        "--every", metavar="MS", min=50, max=EVERY_MAX_MS, help="Milliseconds from one look to the next."
    ),
]


def live(
    port: PortOption = None,
    library: LibraryOption = None,
    every: EveryOption = PERIOD_MS,
    as_json: JsonOption = False,
) -> None:
    """Watch a rig: big numbers, moving plots, faults; q quits, a chooses the athlete.

    Unplugged, it waits and goes on by itself. With --json one line a look, for other programs.

    Example: retrorig live --port /dev/ttyUSB0
    """
    make_stream = partial(Stream, partial(open_rig, port), period_ms=every)
    if as_json:
        make_stream(_print_event).run()
        return
    require("textual", "live")
    require("textual_plot", "live")
    from retrorig.live.screen import LiveApp

    error = LiveApp(make_stream, partial(_people, library), partial(_label_of, library)).run()
    if error:
        raise error


def _print_event(event: Event) -> None:
    match event:
        case Told(telemetry, age_ms):
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            print_line({"time_utc": now, "age_ms": round(age_ms, 1), **telemetry.as_dict()})
        case Found(hello):
            notify(f"Rig {hello['rig']} answers; Ctrl-C ends it.")
        case Lost(reason):
            notify(f"{reason} It goes on by itself when the rig is back.")


def _people(folder: Path | None) -> dict[str, str]:
    with Library(folder, create=True) as opened:
        return opened.people.names()


def _label_of(folder: Path | None, name: str) -> str:
    with Library(folder, create=True) as opened:
        return opened.people.label_for(name)
