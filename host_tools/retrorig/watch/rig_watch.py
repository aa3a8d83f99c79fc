"""One rig's port under watch: greeted, told the time, pulled when it appears and after each set."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

from retrorig.errors import LinkLostError, RetrorigError
from retrorig.library import Library
from retrorig.link.ports import Port, open_port
from retrorig.link.pull import PullResult
from retrorig.live.stream import CALM, RETRY_S, Event, Found, Lost, Told
from retrorig.rig import Rig
from retrorig.shared_stream import SharedStream
from retrorig.watch.events import Kind, WatchEvent
from retrorig.watch.relay import Relay

PERIOD_MS = 500
"""From one look at the rig to the next: a set must be here 3 s after its end."""

AGAIN_S = 600.0
"""A pull without any sign of a set: what was missed comes in, and the clocks are compared."""

MEND_S = 15.0
"""From a pull that failed to the next try."""

SILENT_TRIES = 3
SILENT_RETRY_S = 60.0
"""What did not answer so often is asked seldom: opening a port restarts some boards of other makers."""

CLOCK_JUMP_S = 5.0
"""More than a clock is set by in passing: this computer slept, or its clock was put right."""


_WITHOUT_NUMBERS = re.compile(r"[0-9.]+")
"""A notice whose amount has grown is the same notice."""


class RigWatch:
    """`start()` it, and `close()` lets the port go. `tell` is called from several threads."""

    def __init__(self, port: str, library: str | Path | None, tell: Callable[[WatchEvent], None]) -> None:
        self.port, self.rig = port, ""
        self._library, self._tell_event = library, tell
        self._stream = SharedStream(port, PERIOD_MS, self._open, CALM)
        self._relay = Relay(port, self._stream, PERIOD_MS)
        self._stop, self._due = threading.Event(), threading.Event()
        self._puller = threading.Thread(target=self._pull_when_due, daemon=True)
        self._seen: tuple[str, int] = ("", 0)
        self._offset_s = 0.0
        self._found: tuple[str, int] | None = None
        self._trouble = ""
        self._noticed: set[str] = set()
        self._silent_n = 0

    def start(self) -> None:
        """Look for the rig until closed."""
        self._puller.start()
        self._relay.start()
        self._stream.add(self._take)

    def close(self) -> None:
        """Let the port go; a pull under way ends where it is and goes on another time."""
        self._stop.set()
        self._due.set()
        self._relay.close()
        self._stream.close()
        self._puller.join()

    def _take(self, event: Event) -> None:
        match event:
            case Found(hello):
                self._find(str(hello["rig"]), hello["boot"])
            case Lost(reason):
                self._lose(reason)
            case Told(telemetry):
                seen = (telemetry.state, telemetry.set_no)
                slept = abs(_offset_s() - self._offset_s) > CLOCK_JUMP_S
                if slept or (seen != self._seen and not telemetry.is_running):
                    self._offset_s = _offset_s()
                    self._due.set()
                self._seen = seen

    def _find(self, rig: str, boot: int) -> None:
        """Take a greeting; also a rig that was busy with a pull is greeted again, and is no news."""
        is_news = (rig, boot) != self._found
        self.rig, self._found, self._silent_n = rig, (rig, boot), 0
        self._stream.retry_s, self._offset_s = RETRY_S, _offset_s()
        if is_news:
            self._trouble = ""
            self._tell("found", "The rig answers.")
            self._due.set()

    def _open(self, port: str | None) -> Port:
        """The port itself, never through another watch."""
        assert port is not None
        opened = open_port(port)
        self._silent_n += 1  # until it answers
        if self._silent_n >= SILENT_TRIES:
            self._stream.retry_s = SILENT_RETRY_S
        return opened

    def _lose(self, reason: str) -> None:
        self._found = None
        if reason != self._trouble:
            self._trouble = reason
            self._tell("lost", reason)

    def _pull_when_due(self) -> None:
        while not self._stop.is_set():
            self._due.wait(AGAIN_S)
            self._due.clear()
            if not self._stop.is_set() and not self._pull():
                self._stop.wait(MEND_S)
                self._due.set()

    def _pull(self) -> bool:
        """Fetch what is new; False when that failed and is to be tried again soon."""
        waiting = self._stream.borrow(self._fetch)
        if waiting is None:
            return True  # it is pulled as soon as it is found again
        try:
            waiting.result()
        except LinkLostError:
            return True  # the stream tells of it, and finds it again
        except RetrorigError as error:
            return self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - a service tells of a bug and goes on
            return self._fail(f"The watch met a bug of its own ({type(error).__name__}: {error}).")
        self._trouble = ""
        return True

    def _fail(self, reason: str) -> bool:
        if reason != self._trouble:
            self._trouble = reason
            self._tell("trouble", reason)
        return False

    def _fetch(self, rig: Rig) -> None:
        """Runs in the stream's thread: a library is of the thread that opened it."""
        result = PullResult()
        try:
            with Library(self._library, create=True) as library:
                rig.pull(library, result=result)
        finally:  # what came before a broken link stays, and is told
            self._tell_pulled(result)

    def _tell_pulled(self, result: PullResult) -> None:
        if result.new:
            self._tell("pulled", _pulled(result.new, result.notices), result.new)
        noticed = {_WITHOUT_NUMBERS.sub("", notice) for notice in result.notices}
        if not result.new and noticed - self._noticed:
            self._tell("trouble", " ".join(result.notices))
        self._noticed = noticed

    def _tell(self, kind: Kind, sentence: str, new: list[str] | None = None) -> None:
        self._tell_event(WatchEvent(kind, self.port, self.rig, sentence, new or []))


def _offset_s() -> float:
    """How far the time of day is from a clock that stands while the computer sleeps."""
    return time.time() - time.monotonic()


def _pulled(new: list[str], notices: list[str]) -> str:
    sets = f"{len(new)} new set{'s' if len(new) > 1 else ''}."
    return " ".join([sets, *notices])
