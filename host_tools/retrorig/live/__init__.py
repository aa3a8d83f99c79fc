"""Watching a rig while it is used: telemetry, a stream that survives unplugging, a screen in the terminal."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.live.stream import PERIOD_MS, Answered, Event, Found, Lost, Stream, Told
    from retrorig.live.watching import stream_from, watch

__all__ = ["PERIOD_MS", "Answered", "Event", "Found", "Lost", "Stream", "Told", "stream_from", "watch"]

__getattr__ = on_use(
    __name__,
    {
        "stream": ("PERIOD_MS", "Answered", "Event", "Found", "Lost", "Stream", "Told"),
        "watching": ("stream_from", "watch"),
    },
)
