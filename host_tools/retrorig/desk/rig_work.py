"""The one owner of the rig's port: a pull, a request or telemetry, one program's work at a time.

While somebody looks at the live page a stream holds the port, and other work is done on its connection, so that numbers
go on meanwhile. Else the port is open only for as long as a piece of work takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from retrorig import Library, PullResult, Rig, SharedStream, connect
from retrorig.desk.tasks import sentence_of
from retrorig.desk.wording import Said

Result = TypeVar("Result")


@dataclass
class PullTask:
    """A pull and how far it is, bytes of `total_bytes`; `errors` has the sentence that ended it, if one did."""

    done_bytes: int = 0
    total_bytes: int = 0
    is_running: bool = True
    new: list[str] = field(default_factory=list)
    known_n: int = 0
    notices: list[str] = field(default_factory=list)
    errors: list[str | Said] = field(default_factory=list)


class RigWork:
    """Work with one rig; sets go into the library in `folder`. Methods may be called from any thread.

    `port` is asked where the rig is whenever its port is opened; it tells None for the one that is found.
    """

    def __init__(self, folder: Path, port: Callable[[], str | None]) -> None:
        self._folder, self.port = folder, port
        self.busy_with = ""
        self._turn = threading.Lock()
        self._starting = threading.Lock()
        self.watching = SharedStream(port)
        self.last_pull: PullTask | None = None

    def use(self, job: Callable[[Rig], Result], doing: str = "") -> Result:
        """Do something with the rig and return what came of it; its errors are the caller's.

        `doing`: what others are told that the rig is busy with meanwhile.
        """
        with self._turn:
            self.busy_with = doing
            try:
                return self._use(job)
            finally:
                self.busy_with = ""

    def look(self) -> dict[str, str] | None:
        """The rig's facts by name; None while other work uses the rig."""
        if not self._turn.acquire(blocking=False):
            return None
        try:
            return self._use(_described)
        finally:
            self._turn.release()

    def without_port(self, job: Callable[[], Result], doing: str) -> Result:
        """Do something for which the port must be free."""
        with self._turn, self.watching.paused():
            self.busy_with = doing
            try:
                return job()
            finally:
                self.busy_with = ""

    def _use(self, job: Callable[[Rig], Result]) -> Result:
        waiting = self.watching.borrow(job)
        if waiting is not None:
            return waiting.result()
        with self.watching.paused(), connect(self.port()) as rig:
            return job(rig)

    def pull(self) -> PullTask:
        """Begin to fetch every new set, or tell of the pull that is under way."""
        with self._starting:
            if self.last_pull is None or not self.last_pull.is_running:
                self.last_pull = PullTask()
                threading.Thread(target=self._pull, args=(self.last_pull,), daemon=True).start()
            return self.last_pull

    def close(self) -> None:
        """Close the port."""
        self.watching.close()

    def _pull(self, pull: PullTask) -> None:
        try:
            self.use(partial(_fetch, folder=self._folder, pull=pull), "Pull")
        except Exception as error:  # noqa: BLE001 - a thread's bug must reach the page, too
            pull.errors.append(sentence_of(error))
        finally:
            pull.is_running = False


def _described(rig: Rig) -> dict[str, str]:
    return rig.described()


def _fetch(rig: Rig, folder: Path, pull: PullTask) -> None:
    """Runs in whichever thread has the port: a library is of the thread that opened it."""

    def report(done: int, total: int) -> None:
        pull.done_bytes, pull.total_bytes = done, total

    # Filled as sets come: what came before a broken link stays.
    result = PullResult(pull.new, notices=pull.notices)
    with Library(folder, create=True) as library:
        rig.pull(library, report, result)
    pull.known_n = result.known_n
