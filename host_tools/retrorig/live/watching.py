"""A rig watched by its port: events for a program, or a screen for a person."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from retrorig.extras import require
from retrorig.library import Library
from retrorig.link.rig_port import open_rig
from retrorig.live.stream import PERIOD_MS, Event, Stream


def stream_from(port: str | None, take: Callable[[Event], None], period_ms: int = PERIOD_MS) -> Stream:
    """Telemetry of the rig at a port, or of the only one, each event given to `take`; `run()` it.

    Unplugged, it waits and goes on by itself, also at another port when none was named.
    """
    return Stream(partial(open_rig, port), take, period_ms=period_ms)


def watch(port: str | None = None, library: str | Path | None = None, period_ms: int = PERIOD_MS) -> None:
    """Show the rig in this terminal until the person quits; whoever walks is chosen from the library's people.

    MissingPackageError without the extra `live`; the error that kept the first connection from being made.
    """
    require("textual", "live")
    require("textual_plot", "live")
    from retrorig.live.screen import LiveApp

    make_stream = partial(_made, port, period_ms)
    error = LiveApp(make_stream, partial(_people, library), partial(_label_of, library)).run()
    if error:
        raise error


def _made(port: str | None, period_ms: int, take: Callable[[Event], None]) -> Stream:
    return stream_from(port, take, period_ms)


def _people(folder: str | Path | None) -> dict[str, str]:
    with Library(folder, create=True) as opened:
        return opened.people.names()


def _label_of(folder: str | Path | None, name: str) -> str:
    with Library(folder, create=True) as opened:
        return opened.people.label_for(name)
