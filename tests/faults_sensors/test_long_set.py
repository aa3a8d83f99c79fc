"""A long set on the virtual rig while the host wants everything at once; `make bench` walks half an hour."""

from __future__ import annotations

from itertools import cycle

import pytest
from tests.faults_sensors import requests_set
from tests.faults_sensors.long_set import LIVE_MS, walk
from tests.stretches import Stretches

from retrorig.virtual.machine import Machine

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


@pytest.mark.parametrize("seed", range(8, 12))
def test_what_the_first_set_loads_costs_no_conversion(seed: int) -> None:
    assert requests_set.asked(0.1, seed, cycle([("info",)]).__next__) == 0


def test_no_request_of_the_protocol_costs_a_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, a second apart, at the fastest conversions; `make bench` asks them in turn for half an hour.

    What lasts longer than 8 ms begins right after a reading: a collection, and the look for a file.
    """
    stretches = Stretches()
    monkeypatch.setattr(Machine, "serve", stretches.patched())
    monkeypatch.setattr(requests_set, "EVERY_S", 1.0)
    following, asked = cycle(requests_set.REQUESTS), []

    def ask() -> tuple[object, ...]:
        asked.append(next(following))
        return asked[-1]

    assert requests_set.asked(len(requests_set.REQUESTS) / 60, 8, ask) == 0
    assert set(asked) == set(requests_set.REQUESTS)
    walking = stretches.found[len(stretches.found) // 4 :]  # without the start
    assert len(walking) > 10 and all(late_ms < 1.0 for _, late_ms in walking), stretches.found
