"""All rigs of a computer under watch: each port that appears gets a RigWatch, each that goes loses it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from retrorig.discovery.candidates import candidates
from retrorig.watch.events import WatchEvent
from retrorig.watch.rig_watch import RigWatch

LOOK_S = 1.0
"""From one look at the computer's ports to the next."""


class Watch:
    """Pulls every rig at `ports`, or at any USB port that may be one, into a library until stopped.

    `tell` is called with each event, by one thread at a time.
    """

    def __init__(
        self,
        library: str | Path | None = None,
        ports: Sequence[str] = (),
        tell: Callable[[WatchEvent], None] = lambda event: None,
    ) -> None:
        self._library, self._ports, self._tell_event = library, tuple(ports), tell
        self._telling = threading.Lock()
        self._stop = threading.Event()
        self._watched: dict[str, RigWatch] = {}

    def run(self) -> None:
        """Watch until `stop()`; the ports are let go then."""
        try:
            while not self._stop.is_set():
                self._look()
                self._stop.wait(LOOK_S)
        finally:
            for watched in self._watched.values():
                watched.close()
            self._watched.clear()

    def stop(self) -> None:
        """`run()` returns soon."""
        self._stop.set()

    def rigs(self) -> dict[str, str]:
        """The rig's id by the port, "" where none answers."""
        return {port: watched.rig for port, watched in tuple(self._watched.items())}

    def _look(self) -> None:
        there = self._ports or tuple(port.device for port in candidates())
        for port in set(self._watched) - set(there):
            watched = self._watched.pop(port)
            watched.close()
            self._tell(WatchEvent("unplugged", port, watched.rig, "It was unplugged."))
        for port in there:
            if port not in self._watched:
                self._watched[port] = RigWatch(port, self._library, self._tell)
                self._watched[port].start()

    def _tell(self, event: WatchEvent) -> None:
        with self._telling:
            self._tell_event(event)
