"""A calibration from the first prompt to the record that board and library keep."""

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
class Job:
    """One rig, one person. `is_following`: watch for what happens instead of asking."""

    client: RigClient
    library: Library
    guide: Guide
    person: str | None = None
    is_following: bool = False

    def __post_init__(self) -> None:
        self._rig = self.client.hello()["rig"]
        self._old = board.fetch(self.client)
        self._sensors = Sensors(self.client)

    def belt(self, by: belt.Marked | belt.Turned, repeats: int, is_new_roller: bool = False) -> Record:
        """Push the belt `repeats` times by a known distance."""
        if self.is_following:
            counts = belt.follow(self._sensors, self.guide, repeats)
        else:
            counts = belt.push(self._sensors, self.guide, by.text, repeats)
        pulled_n = belt.pull_n(self._sensors, self._old, self.guide.say)
        values, evidence = by.judged(counts, self._old, is_new_roller)
        return self._kept("belt", values, {**evidence, "pull_n": pulled_n})

    def force(self, weights: Sequence[Quantity], weights_pm_rel: float, is_new_cell: bool = False) -> Record:
        """Hang known weights; the fit is refused when it is poor."""
        take = force.follow if self.is_following else force.hang
        hung = take(self._sensors, self.guide, weights)
        return self._kept("force", *force_fit.judged(hung, self._old, weights_pm_rel, is_new_cell))

    def direction(self) -> Record | None:
        """See which way is backward; None when it was right already."""
        take = direction.follow if self.is_following else direction.step
        values, evidence = direction.judged(take(self._sensors, self.guide), self._old)
        return self._kept("direction", values, evidence) if values else None

    def _kept(self, kind: str, values: Values, evidence: dict[str, Any]) -> Record:
        made = datetime.now(UTC)
        record = new_record(kind, self._rig, self._old, values, evidence, self.person, made)
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
