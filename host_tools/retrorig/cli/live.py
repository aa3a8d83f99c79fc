"""`retrorig live`: the rig on a screen, while it is used."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from retrorig.cli.options import JsonOption, LibraryOption, PortOption
from retrorig.cli.output import notify, print_line
from retrorig.live import PERIOD_MS, Event, Found, Lost, Told, stream_from, watch

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
    if as_json:
        stream_from(port, _print_event, every).run()
    else:
        watch(port, library, every)


def _print_event(event: Event) -> None:
    match event:
        case Told(telemetry, age_ms):
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            print_line({"time_utc": now, "age_ms": round(age_ms, 1), **telemetry.as_dict()})
        case Found(hello):
            notify(f"Rig {hello['rig']} answers; Ctrl-C ends it.")
        case Lost(reason):
            notify(f"{reason} It goes on by itself when the rig is back.")
