"""Watching a rig while it is used: telemetry, a stream that survives unplugging, a screen in the terminal."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use
from retrorig.live.stream import PERIOD_MS, Answered, Event, Found, Lost, Stream, Told

if TYPE_CHECKING:
    from retrorig.live.watching import stream_from, watch

__all__ = ["PERIOD_MS", "Answered", "Event", "Found", "Lost", "Stream", "Told", "stream_from", "watch"]

__getattr__ = on_use(__name__, {"watching": ("stream_from", "watch")})
