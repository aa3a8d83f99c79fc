"""The live page: one huge number, ten times a second, shared on the local network if asked."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from retrorig.desk.context import Desk
from retrorig.desk.followed import FollowedPlan, Turns
from retrorig.desk.pages.forms import Form
from retrorig.desk.wording import Phrase, Words, language_of, words_in
from retrorig.forms import plain
from retrorig.live import Event, Found, Telemetry, Told, words
from retrorig.plans import AskedSet, Band, place_in
from retrorig.report import Units

KEEP_ALIVE_S = 2.0
"""Silence after which a comment is sent, by which a closed page is noticed."""


def page(desk: Desk, request: Request) -> Response:
    """The page, which then asks for the stream."""
    with desk.library() as library:
        people = sorted(library.people.names().values())
    ports = desk.work.ports()
    port = request.query_params.get("port", "")
    port = port if port in ports else ports[0]
    return desk.show(request, "live.html", pull=desk.work.last_pull, people=people, ports=ports, port=port)


def shared_page(desk: Desk, request: Request) -> Response:
    """The read-only page for others on the network."""
    return desk.show(request, "live_shared.html", port="")


def share(desk: Desk, _: Request, form: Form) -> Response:
    """Begin or end to share the live page on the local network."""
    if form.text("stop"):
        desk.sharing.stop()
    else:
        desk.sharing.start(names=bool(form.text("names")))
    return Response(status_code=204, headers={"HX-Redirect": "/live"})


def qr(desk: Desk, _: Request) -> Response:
    """The address of the shared page as a QR code, SVG."""
    return Response(desk.sharing.qr_svg(), media_type="image/svg+xml")


async def stream(desk: Desk, request: Request) -> Response:
    """Moments of the rig as server-sent events, for as long as the page is open."""
    return _streamed(desk, request, request.query_params.get("port", ""), names=True)


async def shared_stream(desk: Desk, request: Request) -> Response:
    """The same for others on the network, with names only if that was asked for."""
    return _streamed(desk, request, "", names=desk.sharing.with_names)


def _streamed(desk: Desk, request: Request, port: str, names: bool) -> Response:
    known = words_in(language_of(request), desk.units)
    return StreamingResponse(_events(desk, port, names, known), media_type="text/event-stream")


async def _events(desk: Desk, port: str, names: bool, known: Words) -> AsyncIterator[str]:
    loop, told = asyncio.get_running_loop(), _Newest()
    with desk.library() as library:
        people = library.people.names()
    work = desk.work.at(port)
    plan, turns = FollowedPlan(work), Turns()

    def listen(event: Event) -> None:
        loop.call_soon_threadsafe(told.put, event)

    await asyncio.to_thread(work.watching.add, listen)
    try:
        while True:
            event = await told.get(KEEP_ALIVE_S)
            desk.seen()
            if event is None:
                yield ": here\n\n"
                continue
            shown = _shown(event, known)
            if isinstance(event, Told):
                shown |= _asked(event.telemetry, plan.asked(event.telemetry), known)
                shown |= _turns(event.telemetry, turns, people) if names else {"athlete": "", "next": ""}
            yield f"data: {json.dumps(shown)}\n\n"
    finally:
        # not awaited: this may run while the request is being torn down
        loop.run_in_executor(None, work.watching.remove, listen)


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


def _shown(event: Event, known: Words) -> dict[str, Any]:
    """The texts of one event, by the element of the page that shows them."""
    if isinstance(event, Told):
        told = {"kind": "told", "age_ms": event.age_now_ms(), "sent_ms": time.time() * 1000}
        return {**told, **_moment(event.telemetry, known)}
    if isinstance(event, Found):
        return {"kind": "found", "state": plain(str(event.hello["rig"]))}
    return {"kind": "lost", "state": getattr(event, "reason", "")}


def _moment(told: Telemetry, known: Words) -> dict[str, Any]:
    units: Units = known["units"]
    caption, number = words.headline(told, units)
    return {
        "caption": _in(known, caption),
        "number": number,
        "position": _in(known, words.position(told)),
        "state": _in(known, words.state_of(told)),
        "trouble": _in(known, words.trouble_of(told), "; "),
        "share": told.share,
        "at_s": told.board_us / 1e6,
        "speed": told.speed_mps * units.factor("m/s"),
        "force": None if told.force_n is None else told.force_n * units.factor("N"),
        "cadence": told.cadence_spm,
    }


def _in(known: Words, text: str, between: str = ", ") -> str:
    """Phrases of the API in the reader's language, each for itself."""
    return between.join(Phrase(each).told(known) for each in text.split(between))


def _asked(told: Telemetry, asked: AskedSet | None, known: Words) -> dict[str, Any]:
    """The plan's bands and pace, and where the athlete is in them while a set runs."""
    units: Units = known["units"]
    if asked is None:
        asked = AskedSet("", None, None, None, None)
    running = told.is_running
    speed, force, cadence = (
        (told.speed_mps, told.force_n, told.cadence_spm) if running else (None, None, None)
    )
    return {
        "speed_band": _band(asked.speed_mps, units.factor("m/s")),
        "force_band": _band(asked.force_n, units.factor("N")),
        "cadence_band": _band(asked.cadence_spm, 1.0),
        "speed_place": place_in(speed, asked.speed_mps, asked.speed_max_mps),
        "force_place": place_in(force, asked.force_n, asked.force_max_n),
        "cadence_place": place_in(cadence, asked.cadence_spm, None),
        **_pace(told, asked, known),
    }


def _pace(told: Telemetry, asked: AskedSet, known: Words) -> dict[str, Any]:
    """Metres ahead of the pace, less than 0 behind it, and what the pace is."""
    units: Units = known["units"]
    if asked.pace_mps is None:
        return {"ahead": None, "pace": ""}
    ahead = asked.ahead_m(told.distance_m, told.elapsed_s) if told.is_running else None
    pace = f"{asked.pace_mps * units.factor('m/s'):.2f} {units.name('m/s')}"
    return {
        "ahead": None if ahead is None else ahead * units.factor("m"),
        "pace": known["live"]["ahead"].format(units.name("m"), pace),
    }


def _band(band: Band | None, factor: float) -> list[float] | None:
    return None if band is None else [float(f"{end * factor:.3g}") for end in band]


def _turns(told: Telemetry, turns: Turns, people: Mapping[str, str]) -> dict[str, str]:
    walks, comes_next = turns.of(told, people)
    return {"athlete": walks, "next": comes_next}
