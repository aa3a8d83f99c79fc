"""The rigs that are plugged in, each with the one owner of its port."""

from __future__ import annotations

import threading
from pathlib import Path

from retrorig.desk.rig_work import Pull, RigWork
from retrorig.discovery.candidates import candidates
from retrorig.errors import InputError

THE_ONE = ""
"""Stands for the only rig there is, or that which is plugged in next."""


class Rigs:
    """The rigs of a desk: only that at `port` if one was named, else whichever are found."""

    def __init__(self, folder: Path, port: str | None) -> None:
        self._folder, self._port = folder, port
        self._changing = threading.Lock()
        self._works: dict[str, RigWork] = {}

    def ports(self) -> list[str]:
        """A name for each rig: its port where there are several, else THE_ONE."""
        if self._port is not None:
            return [THE_ONE]
        found = [port.device for port in candidates()]
        return found if len(found) > 1 else [THE_ONE]

    def at(self, name: str | None = THE_ONE) -> RigWork:
        """The work with one of `ports`; InputError for a rig that is not there. The first for no name."""
        with self._changing:
            known = self.ports()
            name = name or known[0]
            if name not in known and name not in self._works:
                raise InputError(f"There is no rig at {name} any more: plug it in.")
            if name not in self._works:
                self._works[name] = RigWork(self._folder, name or self._port)
            return self._works[name]

    def works(self) -> dict[str, RigWork]:
        """All of them by name."""
        return {name: self.at(name) for name in self.ports()}

    def pull(self) -> Pull:
        """Begin to fetch every new set of every rig, or tell of the pulls that are under way."""
        return _together([work.pull() for work in self.works().values()])

    @property
    def last_pull(self) -> Pull | None:
        """The last pull of every rig, taken together; None before the first."""
        with self._changing:
            works = list(self._works.values())
        pulls = [work.last_pull for work in works if work.last_pull]
        return _together(pulls) if pulls else None

    def close(self) -> None:
        """Close the ports."""
        for work in self._works.values():
            work.close()


def _together(pulls: list[Pull]) -> Pull:
    if len(pulls) == 1:
        return pulls[0]
    return Pull(
        sum(pull.done_bytes for pull in pulls),
        sum(pull.total_bytes for pull in pulls),
        any(pull.is_running for pull in pulls),
        [set_id for pull in pulls for set_id in pull.new],
        sum(pull.known_n for pull in pulls),
        [notice for pull in pulls for notice in pull.notices],
        " ".join(pull.error for pull in pulls if pull.error) or None,
    )
