"""Waiting for a server with a limit: a network may fall silent without breaking, and then no answer ever comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait as futures_wait
from contextlib import suppress
from typing import Any, Generic, Self, TypeVar

Result = TypeVar("Result")

SILENT_S = 30.0
"""Without an answer for so long, it is looked whether the server is still there: it may be at work."""

OPEN_S = 30.0
"""For a connection to come about, with what its driver asks at once; libpq's own patience ends before it."""

WORK_S = 600.0
"""For one answer in all: a server that takes logins and never ends what it does is no server."""


class NoAnswerError(Exception):
    """The server can't be reached any more, and an answer is still waited for in a thread that nobody stops."""


def answer_of(work: Callable[[], Result], is_there: Callable[[], bool], late: Callable[[], Any]) -> Result:
    """What `work` gives within WORK_S, as long as `is_there` says that its server can be reached.

    NoAnswerError otherwise; `late` is then called once `work` has ended after all, as it is after Ctrl-C.
    """
    end_s = time.monotonic() + WORK_S
    with _Waiting(work, late) as waiting:
        while not waiting.is_over(SILENT_S):
            if time.monotonic() >= end_s or not is_there():
                raise NoAnswerError
    return waiting.answer.result()


def opened(connect: Callable[[], Any]) -> Any:
    """A connection that comes about within OPEN_S; NoAnswerError otherwise, and it is closed should it come later."""
    made: list[Any] = []
    within(OPEN_S, lambda: made.append(connect()), lambda: [one.close() for one in made])
    return made[0]


def within(limit_s: float, work: Callable[[], Result], late: Callable[[], Any] = lambda: None) -> Result:
    """What `work` gives within so long; NoAnswerError otherwise, and `late` as above."""
    with _Waiting(work, late) as waiting:
        if not waiting.is_over(limit_s):
            raise NoAnswerError
    return waiting.answer.result()


def in_background(work: Callable[[], Result]) -> Future[Result]:
    """What `work` will give, in a thread that holds up no end of this program."""
    return _Waiting(work, lambda: None).answer


class _Waiting(Generic[Result]):
    """Work in a thread of its own, which goes on when nobody waits any more: when an error ended the block."""

    def __init__(self, work: Callable[[], Result], late: Callable[[], Any]) -> None:
        self._work, self._late = work, late
        self.answer: Future[Result] = Future()
        self._changing = threading.Lock()
        self._is_over = self._is_given_up = False
        threading.Thread(target=self._run, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._give_up()

    def is_over(self, wait_s: float) -> bool:
        """Whether the work ends within so long."""
        return bool(futures_wait([self.answer], wait_s).done)

    def _give_up(self) -> None:
        with self._changing:
            self._is_given_up = True
            if self._is_over:
                self._clean_up()

    def _run(self) -> None:
        try:
            self.answer.set_result(self._work())
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            self.answer.set_exception(error)
        with self._changing:
            self._is_over = True
            if self._is_given_up:
                self._clean_up()

    def _clean_up(self) -> None:
        with suppress(Exception):  # of a connection that broke meanwhile
            self._late()
