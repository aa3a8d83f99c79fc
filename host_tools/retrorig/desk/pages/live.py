"""The rig while it is used: one huge number, told ten times a second."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from retrorig.desk.context import Desk
from retrorig.forms import plain
from retrorig.live import words
from retrorig.live.stream import Event, Found, Told
from retrorig.live.telemetry import Telemetry

KEEP_ALIVE_S = 2.0
"""Silence after which a comment is sent, by which a closed page is noticed."""


def page(desk: Desk, request: Request) -> Response:
    """The page, which then asks for the stream."""
    return desk.show(request, "live.html", pull=desk.work.last_pull)


async def stream(desk: Desk, _: Request) -> Response:
    """Moments of the rig as server-sent events, for as long as the page is open."""
    return StreamingResponse(_events(desk), media_type="text/event-stream")


async def _events(desk: Desk) -> AsyncIterator[str]:
    loop, told = asyncio.get_running_loop(), _Newest()
    with desk.library() as library:
        people = library.people.names()

    def listen(event: Event) -> None:
        loop.call_soon_threadsafe(told.put, event)

    await asyncio.to_thread(desk.work.at().watching.add, listen)
    try:
        while True:
            event = await told.get(KEEP_ALIVE_S)
            yield ": here\n\n" if event is None else f"data: {json.dumps(_shown(event, people))}\n\n"
    finally:
        # not awaited: this may run while the request is being torn down
        loop.run_in_executor(None, desk.work.at().watching.remove, listen)


class _Newest:
    """The newest event alone: a page that is slow skips moments and never lags."""

    def __init__(self) -> None:
        self._event: Event | None = None
        self._is_there = asyncio.Event()

    def put(self, event: Event) -> None:
        self._event = event
        self._is_there.set()

    async def get(self, wait_s: float) -> Event | None:
        """The newest, once; None when there was none for so long."""
        try:
            await asyncio.wait_for(self._is_there.wait(), wait_s)
        except TimeoutError:
            return None
        self._is_there.clear()
        return self._event


def _shown(event: Event, people: Mapping[str, str]) -> dict[str, Any]:
    """What the page puts in its places."""
    if isinstance(event, Told):
        return {"kind": "told", "age_ms": event.age_now_ms(), **_moment(event.telemetry, people)}
    if isinstance(event, Found):
        return {"kind": "found", "state": plain(str(event.hello["rig"]))}
    return {"kind": "lost", "state": getattr(event, "reason", "")}


def _moment(told: Telemetry, people: Mapping[str, str]) -> dict[str, Any]:
    caption, number = words.headline(told)
    return {
        "caption": caption,
        "number": number,
        "athlete": words.athlete_of(told, people),
        "position": words.position(told),
        "state": words.state_of(told),
        "trouble": words.trouble_of(told),
        "share": told.share,
        "at_s": told.board_us / 1e6,
        "speed": told.speed_mps,
        "force": told.force_n,
    }
