"""What a watch tells of: a rig found or lost, sets pulled, trouble."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Kind = Literal["found", "lost", "pulled", "trouble", "unplugged"]


@dataclass(frozen=True)
class WatchEvent:
    """Something that happened at a port.

    `rig`: the rig's id, "" before it is known. `new`: ids of the sets that a pull brought. `sentence`: for a person.
    """

    kind: Kind
    port: str
    rig: str
    sentence: str
    new: list[str] = field(default_factory=list)
    time_utc: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; no names of people are in it."""
        return {
            "time_utc": self.time_utc,
            "event": self.kind,
            "port": self.port,
            "rig": self.rig or None,
            "new": self.new,
            "sentence": self.sentence,
        }
