"""How closely a stream listens: for a watch alone a slow line wakes the process seldom, for who looks on at once."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from tests.live.telling_board import TellingBoard

from retrorig.live.stream import CALM, CLOSE, Event, Listening, Stream, Told
from retrorig.shared_stream import SharedStream

PERIOD_MS = 500
FRAMES_N = 60
WAKES_N = 15
"""A second; each takes a tenth of a millisecond or two of a processor, and six rigs may take 2 % of one."""


class Wire:
    """A board on the computer's own clock, whose bytes come one by one; counts how often it wakes its reader."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.board, self.wakes_n = TellingBoard(), 0
        self.timeout: float | None = 0
        self.write, self.close = self.board.write, self.board.close
        clock = SimpleNamespace(monotonic=self.board.monotonic, sleep=self._sleep)
        monkeypatch.setattr("retrorig.link.client.time", clock)

    @property
    def in_waiting(self) -> int:
        return self.board.in_waiting

    def read(self, size: int = 1) -> bytes:
        self.wakes_n += size > 0
        self.board.timeout = self.timeout
        return self.board.read(size)

    def _sleep(self, seconds: float) -> None:
        self.wakes_n += 1
        self.board.now_s += seconds


def followed(wire: Wire, pace: Listening) -> tuple[list[Told], float]:
    """A stream's frames, and how often a second it was woken."""
    told: list[Told] = []
    wakes_n: list[int] = []

    def take(event: Event) -> None:
        if isinstance(event, Told):
            told.append(event)
            wakes_n.append(wire.wakes_n)
        if len(told) == FRAMES_N:
            stream.stop()

    stream = Stream(
        lambda: wire, take, PERIOD_MS, utc_now=lambda: wire.board.now_s + 1.7e9, pace=lambda: pace
    )
    stream.run()
    return told, (wakes_n[-1] - wakes_n[0]) / ((FRAMES_N - 1) * PERIOD_MS / 1000)


def test_a_calm_stream_is_woken_seldom_and_still_knows_when_each_moment_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, wakes_n = followed(Wire(monkeypatch), CALM)
    assert wakes_n < WAKES_N
    # The clocks agree to 15 ms; a frame's 6.5 ms, an answer before it 25 ms, and what it was left to gather.
    assert all(-15 < event.age_ms < 50 + 1000 * CALM.gather_s for event in told)


def test_who_looks_on_gets_each_frame_as_soon_as_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    told, _ = followed(Wire(monkeypatch), CLOSE)
    assert sorted(event.age_ms for event in told)[FRAMES_N // 2] < 15


def test_a_shared_stream_is_calm_until_somebody_else_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(monkeypatch)
    wakes_n: list[int] = []
    is_enough = threading.Event()

    def watch(event: Event) -> None:
        if isinstance(event, Told):
            wakes_n.append(wire.wakes_n)
        if len(wakes_n) == FRAMES_N:
            shared.add(look_on)
        if len(wakes_n) == 2 * FRAMES_N:
            shared.remove(look_on)
        if len(wakes_n) == 3 * FRAMES_N:
            is_enough.set()

    def look_on(event: Event) -> None:
        pass

    shared = SharedStream("a port", PERIOD_MS, lambda url: wire, CALM)
    shared.add(watch)
    assert is_enough.wait(60)
    shared.close()
    most = WAKES_N * FRAMES_N * PERIOD_MS / 1000
    alone, looked_on, alone_again = (
        wakes_n[(part + 1) * FRAMES_N - 1] - wakes_n[part * FRAMES_N] for part in range(3)
    )
    assert alone < most and alone_again < most
    assert looked_on > 3 * most, "each byte as it comes"
