"""Comparing a rig's clock with this computer's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from retrorig.errors import InputError
from retrorig.link.client import RigClient

ROUNDS = 4
"""Exchanges of the time; the quickest is kept, because its trip hides least."""

EARLIEST_UTC_S = datetime(2023, 1, 1, tzinfo=UTC).timestamp()
"""This program is younger: a computer that shows less has lost its clock, and would date sets by it."""


class Exchange(NamedTuple):
    """The rig's clock in microseconds since boot, at a time of day that is known give or take half the trip."""

    half_rtt_us: float
    board_us: int
    utc_ms: float


def compare_clocks(client: RigClient, utc_now: Callable[[], float] = time.time) -> Exchange:
    """Tell the rig the time, `utc_now` in Unix seconds; returns the best of a few exchanges.

    InputError, and the rig is told nothing, where this computer's clock can't be right.
    """
    shown = datetime.fromtimestamp(utc_now(), UTC)
    if shown.timestamp() < EARLIEST_UTC_S:
        raise InputError(
            f"This computer's clock says {shown:%Y-%m-%d}: set it first, for sets are dated by it."
        )
    return min(_exchange(client, utc_now) for _ in range(ROUNDS))


def _exchange(client: RigClient, utc_now: Callable[[], float]) -> Exchange:
    sent_s, sent_utc_s = client.monotonic(), utc_now()
    board_us = client.clock(round(sent_utc_s * 1000))["board_us"]
    half_rtt_s = (client.monotonic() - sent_s) / 2
    return Exchange(half_rtt_s * 1e6, board_us, (sent_utc_s + half_rtt_s) * 1000)
