"""Telemetry from a rig for as long as one wants it: unplugged, it waits and goes on when the rig is back."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from retrorig.errors import InputError, RetrorigError, RigRefusedError
from retrorig.link.client import RigClient
from retrorig.link.clock import compare_clocks
from retrorig.link.ports import Port
from retrorig.live.telemetry import Telemetry, parse

PERIOD_MS = 100
RENEW_S = 1.0
"""The rig stops telling 5 s after the last request."""

RETRY_S = 1.0


@dataclass(frozen=True)
class Listening:
    """How closely a stream listens, in seconds: `listen_s` until it looks whether something is to be asked,
    `gather_s` from the first byte of a frame until it is read."""

    listen_s: float
    gather_s: float


CLOSE = Listening(listen_s=0.1, gather_s=0.0)
CALM = Listening(listen_s=0.25, gather_s=0.05)
"""For who wants to know what happens, not how it moves: a fraction of the processor's time."""


def _close() -> Listening:
    return CLOSE


@dataclass(frozen=True)
class Found:
    """A rig answers: its identity, as `hello` gives it."""

    hello: dict[str, Any]


@dataclass(frozen=True)
class Lost:
    """The rig is gone; the stream looks for it."""

    reason: str


@dataclass(frozen=True)
class Told:
    """A moment of the rig; `age_ms` is how long ago it was when its frame arrived, by this computer's clock.

    `payload`: that of the frame, to hand on.
    """

    telemetry: Telemetry
    age_ms: float
    at_utc_ms: float
    payload: bytes = b""

    def age_now_ms(self) -> float:
        """How long ago it is now."""
        return self.age_ms + time.time() * 1000 - self.at_utc_ms


@dataclass(frozen=True)
class Answered:
    """The outcome of a request: None, or the sentence with which the rig refused."""

    verb: str
    refusal: str | None


Event = Found | Lost | Told | Answered


class Stream:
    """`run()` in a thread of its own; `ask()` and `stop()` from anywhere.

    `connect` opens the port, and is called again whenever the rig was lost. The first time its errors are the
    caller's; later ones are waited out. `pace` is asked again and again.
    """

    def __init__(
        self,
        connect: Callable[[], Port],
        take: Callable[[Event], None],
        period_ms: int = PERIOD_MS,
        retry_s: float = RETRY_S,
        utc_now: Callable[[], float] = time.time,
        pace: Callable[[], Listening] = _close,
    ) -> None:
        self._connect, self._take, self._pace = connect, take, pace
        self._period_ms, self._retry_s, self._utc_now = period_ms, retry_s, utc_now
        self._asked: queue.SimpleQueue[Callable[[RigClient], None]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._boot = 0
        self._told_n = 0
        self._zero_utc_ms = 0.0  # when the board's clock was 0

    def ask(self, verb: str, *args: object) -> None:
        """Have a request sent soon; the answer comes as an event."""
        self.do(lambda client: self._take_answer(client, verb, args))

    def do(self, job: Callable[[RigClient], None]) -> None:
        """Have something longer done with the rig soon, in the stream's thread; telemetry goes on meanwhile.

        A LinkLostError of it ends the connection as any other; other errors are for the job to keep.
        """
        self._asked.put(job)

    def stop(self) -> None:
        """`run()` returns soon."""
        self._stop.set()

    def run(self) -> None:
        """Pass on events until stopped."""
        client = self._greeted()
        while client:
            with closing(client):
                self._follow_until_lost(client)
            client = self._again()

    def _greeted(self) -> RigClient:
        client = RigClient(self._connect())
        client.on_telemetry = self._tell
        try:
            self._greet(client)
        except BaseException:
            client.close()
            raise
        return client

    def _greet(self, client: RigClient) -> None:
        hello = client.hello()
        self._boot = hello["boot"]
        clocks = compare_clocks(client, self._utc_now)
        self._zero_utc_ms = clocks.utc_ms - clocks.board_us / 1000
        self._take(Found(hello))
        client.request("live", self._period_ms)

    def _again(self) -> RigClient | None:
        """The rig, once it is back; None when stopped meanwhile."""
        while not self._stop.wait(self._retry_s):
            try:
                return self._greeted()
            except RetrorigError:
                continue
        return None

    def _follow_until_lost(self, client: RigClient) -> None:
        try:
            while not self._stop.is_set():
                self._told_n = 0
                until_s = client.monotonic() + RENEW_S
                while client.monotonic() < until_s and not self._stop.is_set():
                    with self._at_its_pace(client) as pace:
                        client.listen(pace.listen_s)
                    self._ask_what_waits(client)
                self._renew(client)
            client.request("live", 0)
        except RetrorigError as error:
            if not self._stop.is_set():
                self._take(Lost(str(error)))

    @contextmanager
    def _at_its_pace(self, client: RigClient) -> Iterator[Listening]:
        """Only for what nobody waits for: gathering would put the clocks apart and slow a pull down."""
        pace = self._pace()
        client.gather_s = pace.gather_s
        try:
            yield pace
        finally:
            client.gather_s = 0.0

    def _renew(self, client: RigClient) -> None:
        """Any request keeps the telemetry alive; a rig that restarted or gave up is asked for it anew."""
        with self._at_its_pace(client):
            hello = client.hello()
        if hello["boot"] != self._boot or not self._told_n:
            self._greet(client)

    def _ask_what_waits(self, client: RigClient) -> None:
        while not self._asked.empty():
            self._asked.get()(client)

    def _take_answer(self, client: RigClient, verb: str, args: tuple[object, ...]) -> None:
        try:
            client.request(verb, *args)
            self._take(Answered(verb, None))
        except (RigRefusedError, InputError) as error:
            self._take(Answered(verb, str(error)))

    def _tell(self, payload: bytes) -> None:
        telemetry = parse(payload)
        if telemetry:
            self._told_n += 1
            now_ms = self._utc_now() * 1000
            age_ms = now_ms - self._zero_utc_ms - telemetry.board_us / 1000
            self._take(Told(telemetry, age_ms, now_ms, payload))
