"""The facts about a rig that the doctor judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from retrorig.doctor.trace import Trace

Answer = dict[str, Any]


@dataclass(frozen=True)
class RollerTurn:
    """The roller was turned by hand: net counts, and the levels that the encoder's lines were seen at."""

    turns: int
    counts: int
    levels_a: frozenset[int]
    levels_b: frozenset[int]


@dataclass(frozen=True)
class LinkFacts:
    """Requests that were sent, how many of them again, and the slowest answer."""

    asked_n: int
    resent_n: int
    slowest_ms: float
    text: str
    """What came that was no frame."""


@dataclass(frozen=True)
class Facts:
    """`before` and `after` are the rig's `info` at both ends of the examination, `boots` all that were met.

    `drift_ppm` is the rig's clock against this computer's, positive when it is fast, give or take `drift_pm_ppm`.
    `pulled_codes` is how far the load cell's code went when the line was pulled. None: nobody was there to do it.
    """

    hello: Answer
    before: Answer
    after: Answer
    evidence: Answer
    calibration: Answer
    levels: list[Answer]
    trace: Trace
    line: LinkFacts
    drift_ppm: float
    drift_pm_ppm: float
    boots: frozenset[int]
    host_firmware: str
    turned: RollerTurn | None = None
    pulled_codes: int | None = None
    examined_s: float = 0.0

    def new_faults(self, name: str) -> int:
        """Faults of the converter that came while the rig was examined, or since it restarted meanwhile."""
        before = 0 if self.has_restarted else self.before["faults"].get(name, 0)
        return self.after["faults"].get(name, 0) - before

    def old_faults(self, name: str) -> int:
        """Faults since the rig started."""
        return self.after["faults"].get(name, 0)

    @property
    def has_restarted(self) -> bool:
        """Whether the rig started anew while it was examined."""
        return len(self.boots) > 1 or self.after["uptime_ms"] < self.before["uptime_ms"]

    @property
    def newtons_per_code(self) -> float | None:
        """None while the force is not calibrated."""
        scale_nn = self.calibration.get("scale_nn") or 0
        return abs(scale_nn) / 1e9 if scale_nn else None
