"""The rigs that are plugged in, each with the one owner of its port."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from retrorig import candidates
from retrorig.desk.rig_work import PullTask, RigWork
from retrorig.desk.wording import SaidError

THE_ONE = ""
"""Stands for the only rig there is, or that which is plugged in next."""


class Rigs:
    """The rigs of a desk: only that at `port` if one was named, else whichever are found.

    The first one found has its owner before it has a name, as its port may change with each plugging in; it keeps that
    owner when a second rig comes, so that no port ever has two.
    """

    def __init__(self, folder: Path, port: str | None) -> None:
        self._folder, self._port = folder, port
        self._changing = threading.Lock()
        self._first = RigWork(folder, self._port_of_first)
        self._first_at: str | None = None
        self._others: dict[str, RigWork] = {}

    def ports(self) -> list[str]:
        """A name for each rig: its port where there are several, else THE_ONE."""
        found = self._devices()
        return found if len(found) > 1 else [THE_ONE]

    def at(self, name: str | None = THE_ONE) -> RigWork:
        """The work with one of `ports`; SaidError for a rig that is not there. The first for no name."""
        with self._changing:
            found = self._devices()
            if not found and not name:
                return self._first
            device = name or found[0]
            if device in self._others:
                return self._others[device]
            if device == self._first_at:
                return self._first
            if device not in found:
                raise SaidError("rig_gone", device)
            if self._first_at not in found:
                self._first_at = device
                return self._first
            self._others[device] = RigWork(self._folder, partial(str, device))
            return self._others[device]

    def works(self) -> dict[str, RigWork]:
        """All of them by name."""
        return {name: self.at(name) for name in self.ports()}

    def pull(self) -> PullTask:
        """Begin to fetch every new set of every rig, or tell of the pulls that are under way."""
        return _together([work.pull() for work in self.works().values()])

    @property
    def last_pull(self) -> PullTask | None:
        """The last pull of every rig, taken together; None before the first."""
        with self._changing:
            works = [self._first, *self._others.values()]
        pulls = [work.last_pull for work in works if work.last_pull]
        return _together(pulls) if pulls else None

    def close(self) -> None:
        """Close the ports."""
        for work in (self._first, *self._others.values()):
            work.close()

    def _devices(self) -> list[str]:
        return [] if self._port is not None else [port.device for port in candidates()]

    def _port_of_first(self) -> str | None:
        """Where to look for the first rig; None for the only one that there is, wherever it is plugged in now."""
        if self._port is not None:
            return self._port
        with self._changing:
            found = self._devices()
            if not found or (len(found) == 1 and found[0] not in self._others):
                return None
            self._first_at = self._first_at or found[0]
            return self._first_at


def _together(pulls: list[PullTask]) -> PullTask:
    if len(pulls) == 1:
        return pulls[0]
    return PullTask(
        sum(pull.done_bytes for pull in pulls),
        sum(pull.total_bytes for pull in pulls),
        any(pull.is_running for pull in pulls),
        [set_id for pull in pulls for set_id in pull.new],
        sum(pull.known_n for pull in pulls),
        [notice for pull in pulls for notice in pull.notices],
        [error for pull in pulls for error in pull.errors],
    )
