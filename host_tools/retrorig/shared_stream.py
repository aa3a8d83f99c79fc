"""One rig's telemetry for several listeners: the port is open while there is one, others may borrow the connection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from retrorig.errors import LinkLostError, RetrorigError
from retrorig.link.client import RigClient
from retrorig.link.ports import Port
from retrorig.link.rig_port import open_rig
from retrorig.live.stream import CLOSE, PERIOD_MS, RETRY_S, Answered, Event, Found, Listening, Lost, Stream
from retrorig.rig import Rig

Result = TypeVar("Result")
Listener = Callable[[Event], None]
STOP_S = 10.0
"""More than a request may take before the rig counts as gone."""


class SharedStream:
    """The stream of the rig at `port`, shared by its listeners; each is called in the stream's thread.

    `port` may be a function that is asked where the rig is each time that its port is opened.

    `retry_s`: seconds from one try to find the rig to the next; it may be changed at any time. `pace_alone`: that of
    a lone listener; with another one the stream listens closely.
    """

    def __init__(
        self,
        port: str | Callable[[], str | None] | None,
        period_ms: int = PERIOD_MS,
        open_url: Callable[[str | None], Port] = open_rig,
        pace_alone: Listening = CLOSE,
    ) -> None:
        self._port, self._open_url, self._period_ms = port, open_url, period_ms
        self._pace_alone = pace_alone
        self.retry_s = RETRY_S
        self._changing = threading.Lock()
        self._listeners: list[Listener] = []
        self._borrowing: deque[tuple[Callable[[Rig], Any], Future[Any]]] = deque()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._stream: Stream | None = None
        self._is_connected = False

    def add(self, listener: Listener) -> None:
        """Tell this listener of every event from now on."""
        with self._changing:
            self._listeners.append(listener)
            if self._thread is None:
                self._begin()

    def remove(self, listener: Listener) -> None:
        """No more events for it; without any listener the port is let go."""
        with self._changing:
            if listener in self._listeners:
                self._listeners.remove(listener)
            if not self._listeners:
                self._end()

    def borrow(self, job: Callable[[Rig], Result]) -> Future[Result] | None:
        """Have a job done on the stream's connection; None when there is none at present."""
        future: Future[Result] = Future()
        with self._changing:
            if not self._is_connected or self._stream is None:
                return None
            self._borrowing.append((job, future))
            self._stream.do(self._do_next)
            return future

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A context in which the stream has released the port."""
        with self._changing:
            self._end()
            try:
                yield
            finally:
                if self._listeners:
                    self._begin()

    def close(self) -> None:
        """End the stream and close the port for good."""
        with self._changing:
            self._listeners.clear()
            self._end()

    def _connect(self) -> Port:
        return self._open_url(self._port() if callable(self._port) else self._port)

    def _pace(self) -> Listening:
        return CLOSE if len(self._listeners) > 1 else self._pace_alone

    def _begin(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._stop,), daemon=True)
        self._thread.start()

    def _end(self) -> None:
        self._stop.set()
        if self._stream:
            self._stream.stop()
        if self._thread:
            self._thread.join(STOP_S)
        self._thread = self._stream = None

    def _run(self, stop: threading.Event) -> None:
        """Follow the rig; also one that is not there at first is waited for."""
        while not stop.is_set():
            self._stream = stream = Stream(self._connect, self._take, self._period_ms, pace=self._pace)
            if stop.is_set():
                return
            try:
                stream.run()
            except RetrorigError as error:
                self._take(Lost(str(error)))
            stop.wait(self.retry_s)
        self._give_back()

    def _take(self, event: Event) -> None:
        if isinstance(event, Found):
            self._is_connected = True
        elif isinstance(event, Lost):
            self._give_back()
        if not isinstance(event, Answered):
            for listener in tuple(self._listeners):
                listener(event)

    def _do_next(self, client: RigClient) -> None:
        if not self._borrowing:
            return
        job, future = self._borrowing.popleft()
        try:
            future.set_result(job(Rig(client)))
        except LinkLostError as error:
            future.set_exception(error)
            raise
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            future.set_exception(error)

    def _give_back(self) -> None:
        """Answer every waiting job that there is no connection."""
        self._is_connected = False
        while self._borrowing:
            _, future = self._borrowing.popleft()
            future.set_exception(LinkLostError("The link to the rig broke: check the cable and try again."))
