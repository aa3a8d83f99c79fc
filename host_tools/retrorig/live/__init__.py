"""Watching a rig while it is used: telemetry, a stream that survives unplugging, a screen in the terminal."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.live import words
    from retrorig.live.stream import PERIOD_MS, Answered, Event, Found, Lost, Stream, Told
    from retrorig.live.telemetry import Telemetry
    from retrorig.live.watching import stream_from, watch

__all__ = [
    "PERIOD_MS",
    "Answered",
    "Event",
    "Found",
    "Lost",
    "Stream",
    "Telemetry",
    "Told",
    "stream_from",
    "watch",
    "words",
]

__getattr__ = on_use(
    __name__,
    {
        "stream": ("Answered", "Event", "Found", "Lost", "PERIOD_MS", "Stream", "Told"),
        "telemetry": ("Telemetry",),
        "watching": ("stream_from", "watch"),
    },
)
