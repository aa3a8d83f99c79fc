"""Carries out a calibration, from the first prompt to the record that board and library keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from retrorig.calibration import belt, board, direction, force, force_fit
from retrorig.calibration.guide import Guide
from retrorig.calibration.units import Quantity
from retrorig.calibration.watching import Sensors
from retrorig.errors import RigRefusedError
from retrorig.library import Library
from retrorig.library.calibration_record import Record, Values, new_record
from retrorig.link.client import RigClient
from rigcore.vocabulary import IDLE

IDLE_LIMIT_S = 90.0
"""A set that the calibration's own movement has begun ends by itself, within a minute even under a plan."""


@dataclass
class Calibrating:
    """The procedures on one rig with one person. `begun` makes it.

    rig: its id. old: the calibration that was in force. is_following: watch for what happens instead of asking.
    """

    client: RigClient
    library: Library
    guide: Guide
    rig: str
    old: Values
    sensors: Sensors
    person: str | None = None
    is_following: bool = False

    @classmethod
    def begun(
        cls,
        client: RigClient,
        library: Library,
        guide: Guide,
        person: str | None = None,
        is_following: bool = False,
    ) -> Calibrating:
        """Ask the rig who it is and what is in force on it."""
        rig, old = client.hello()["rig"], board.fetch(client)
        return cls(client, library, guide, rig, old, Sensors(client), person, is_following)

    def belt(self, by: belt.Marked | belt.Turned, repeats: int, is_new_roller: bool = False) -> Record:
        """Push the belt `repeats` times by a known distance."""
        if self.is_following:
            counts = belt.follow(self.sensors, self.guide, repeats)
        else:
            counts = belt.push(self.sensors, self.guide, by.text, repeats)
        pulled_n = belt.pull_n(self.sensors, self.old, self.guide.say)
        values, evidence = by.judged(counts, self.old, is_new_roller)
        return self._kept("belt", values, {**evidence, "pull_n": pulled_n})

    def force(self, weights: Sequence[Quantity], weights_pm_rel: float, is_new_cell: bool = False) -> Record:
        """Hang known weights; the fit is refused when it is poor."""
        take = force.follow if self.is_following else force.hang
        hung = take(self.sensors, self.guide, weights)
        return self._kept("force", *force_fit.judged(hung, self.old, weights_pm_rel, is_new_cell))

    def direction(self) -> Record | None:
        """See which way is backward; None when it was right already."""
        take = direction.follow if self.is_following else direction.step
        values, evidence = direction.judged(take(self.sensors, self.guide), self.old)
        return self._kept("direction", values, evidence) if values else None

    def _kept(self, kind: str, values: Values, evidence: dict[str, Any]) -> Record:
        made = datetime.now(UTC)
        record = new_record(kind, self.rig, self.old, values, evidence, self.person, made)
        await_idle(self.client)
        return board.keep(self.client, self.library, record)


def await_idle(client: RigClient) -> None:
    """Let a set end that the belt's movement has begun: the board writes files only while the belt stands."""
    deadline_s = client.monotonic() + IDLE_LIMIT_S
    while (info := client.info())["state"] != IDLE or info["speed_mmps"]:
        if client.monotonic() > deadline_s:
            raise RigRefusedError(
                "The rig still records a set: let the belt stand, then begin again.", "busy"
            )
        client.listen(0.5)
