"""A long set on the virtual rig while the host wants everything at once; `make bench` walks half an hour."""

from __future__ import annotations

from itertools import cycle

import pytest
from tests.bench import requests_set
from tests.bench.long_set import LIVE_MS, walk

MINUTES = 0.6
PULLS_N, SET_BYTES = 8, 2740
"""Of a set of some metres, pulled again and again."""

HEAP_TOLERANCE = 2048
"""A host that asks at other moments finds other garbage between its figures."""


def test_a_long_set_with_display_stream_pulls_and_log_lose_nothing() -> None:
    found = walk(MINUTES)
    assert found.samples_n > MINUTES * 60 * 82
    assert found.lost_n == found.dropped_n == found.off_counts == 0
    # The stream yields to answers, which take the line for half of the time here.
    assert (
        found.frames_n > 0.5 * MINUTES * 60_000 / LIVE_MS
        and found.pulled_bytes > PULLS_N * SET_BYTES * MINUTES
    )
    first, last = found.heap_free_max
    assert abs(first - last) < HEAP_TOLERANCE


def test_no_request_of_the_protocol_costs_a_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, a second apart, at the fastest conversions; `make bench` asks them in turn for half an hour."""
    monkeypatch.setattr(requests_set, "EVERY_S", 1.0)
    following, asked = cycle(requests_set.REQUESTS), []

    def ask() -> tuple[object, ...]:
        asked.append(next(following))
        return asked[-1]

    assert requests_set.asked(len(requests_set.REQUESTS) / 60, 8, ask) == 0
    assert set(asked) == set(requests_set.REQUESTS)
