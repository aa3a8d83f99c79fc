"""Comparing a rig's clock with this computer's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from retrorig.link.client import RigClient

ROUNDS = 4
"""Exchanges of the time; the quickest is kept, because its trip hides least."""


class Exchange(NamedTuple):
    """The rig's clock in microseconds since boot, at a time of day that is known give or take half the trip."""

    half_rtt_us: float
    board_us: int
    utc_ms: float


def compare_clocks(client: RigClient, utc_now: Callable[[], float] = time.time) -> Exchange:
    """Tell the rig the time, `utc_now` in Unix seconds; returns the best of a few exchanges."""
    return min(_exchange(client, utc_now) for _ in range(ROUNDS))


def _exchange(client: RigClient, utc_now: Callable[[], float]) -> Exchange:
    sent_s, sent_utc_s = client.monotonic(), utc_now()
    board_us = client.clock(round(sent_utc_s * 1000))["board_us"]
    half_rtt_s = (client.monotonic() - sent_s) / 2
    return Exchange(half_rtt_s * 1e6, board_us, (sent_utc_s + half_rtt_s) * 1000)
