"""Every finished set of a rig into the library, exactly once, resumed where a broken pull stopped."""

from __future__ import annotations

import binascii
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from retrorig.errors import LinkLostError
from retrorig.library import Library
from retrorig.link.client import Answer, RigClient
from rigcore.protocol import READ_MAX

CLOCK_ROUNDS = 4
"""Exchanges of the time; the quickest is kept, because its trip hides least."""

WRONG_SUM_TRIES = 3
EMPTY_READS_MAX = 10
"""Reads in a row that bring nothing although the rig answers: the line loses every frame of data."""

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all) of the sets known so far."""


@dataclass
class PullResult:
    """New set ids in the rig's order, how many sets the library had already, what was left on the rig and why."""

    new: list[str] = field(default_factory=list)
    known_n: int = 0
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Stored:
    no: int
    size_bytes: int
    crc32: int


def connect(client: RigClient, library: Library, utc_now: Callable[[], float] = time.time) -> Answer:
    """Say hello and set the clock; returns the rig's hello.

    `utc_now` gives Unix seconds. The anchor lets the library tell the time of day of sets of this boot.
    """
    hello = client.hello()
    rounds = [_exchange_clock(client, utc_now) for _ in range(CLOCK_ROUNDS)]
    half_rtt_us, board_us, utc_ms = min(rounds)
    library.add_anchor(hello["rig"], hello["boot"], board_us, utc_ms, half_rtt_us)
    return hello


def pull(
    client: RigClient, library: Library, rig: str, progress: Progress = lambda done, total: None
) -> PullResult:
    """Fetch every finished set of `rig` that the library lacks and confirm those that it holds."""
    result = PullResult()
    waiting = []
    for stored in _list_sets(client):
        if library.holds(rig, stored.no, stored.size_bytes, stored.crc32):
            client.confirm(stored.no)
            result.known_n += 1
        else:
            waiting.append(stored)
    total = sum(stored.size_bytes for stored in waiting)
    before = 0
    for stored in waiting:
        _fetch_into(
            client, library, rig, stored, result, lambda done, before=before: progress(before + done, total)
        )
        before += stored.size_bytes
    return result


def _exchange_clock(client: RigClient, utc_now: Callable[[], float]) -> tuple[float, int, float]:
    """(half the round trip in us, the rig's clock in us, Unix ms at the middle of the trip)."""
    sent_s = client.monotonic()
    sent_utc_s = utc_now()
    board_us = client.clock(round(sent_utc_s * 1000))["board_us"]
    half_rtt_s = (client.monotonic() - sent_s) / 2
    return half_rtt_s * 1e6, board_us, (sent_utc_s + half_rtt_s) * 1000


def _list_sets(client: RigClient) -> Iterator[_Stored]:
    """All finished sets on the rig, oldest first.

    Asked from number 0 each time: a rig whose memory was erased starts numbering anew, and none of its
    sets may be missed for having a number that was seen before.
    """
    from_no = 0
    while listed := client.sets(from_no)["sets"]:
        yield from (_Stored(*entry) for entry in listed)
        from_no = listed[-1][0] + 1


def _fetch_into(
    client: RigClient,
    library: Library,
    rig: str,
    stored: _Stored,
    result: PullResult,
    report: Callable[[int], None],
) -> None:
    blob = _fetch(client, library, rig, stored, report)
    try:
        set_id, is_new = library.add_set(blob)
    except ValueError as error:
        result.notices.append(f"Set number {stored.no} stays on the rig because it can't be read: {error}.")
        return
    client.confirm(stored.no)
    if is_new:
        result.new.append(set_id)
    else:
        result.known_n += 1


def _fetch(
    client: RigClient, library: Library, rig: str, stored: _Stored, report: Callable[[int], None]
) -> bytes:
    """A set's bytes with the right sum; what is fetched is kept in the library at once."""
    for _ in range(WRONG_SUM_TRIES):
        blob = library.partial(rig, stored.no, stored.crc32)
        report(len(blob))
        while len(blob) < stored.size_bytes:
            piece = _read_piece(client, stored, len(blob))
            library.keep_partial(rig, stored.no, stored.crc32, len(blob), piece)
            blob += piece
            report(len(blob))
        if len(blob) == stored.size_bytes and binascii.crc32(blob) == stored.crc32:
            return blob
        library.drop_partial(rig, stored.no)
    raise LinkLostError(f"Set number {stored.no} keeps arriving damaged: check the cable and pull again.")


def _read_piece(client: RigClient, stored: _Stored, offset: int) -> bytes:
    """At least one byte of a set from `offset` on."""
    for _ in range(EMPTY_READS_MAX):
        piece = client.read(stored.no, offset, min(READ_MAX, stored.size_bytes - offset))
        if piece:
            return piece
    raise LinkLostError(f"No data of set number {stored.no} arrives: check the cable and pull again.")
