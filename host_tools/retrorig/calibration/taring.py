"""Tare: zero force anew, and whether it is far from that of the calibration."""

from __future__ import annotations

from dataclasses import dataclass

from retrorig.calibration import board
from retrorig.link.client import RigClient

FAR_N = 30.0
"""Cells drift by some newtons; a zero that is this far away has a load on it."""


@dataclass(frozen=True)
class Tare:
    """zero: code without load. moved_n: from the calibration's zero, None where the force is not calibrated."""

    zero: int
    moved_n: float | None

    @property
    def warning(self) -> str:
        """A sentence when something seems to hang on the line."""
        if self.moved_n is None or abs(self.moved_n) < FAR_N:
            return ""
        return (
            f"That is {self.moved_n:+.0f} N from the zero of the calibration: is something hanging on the line, or is "
            "the cell bent?"
        )


def tared(client: RigClient) -> Tare:
    """Have the rig tare; RigRefusedError while the belt moves or the cell is not steady."""
    zero = client.request("tare")["zero"]
    values = board.fetch(client)
    moved_n = (zero - values["zero"]) * values["scale_nn"] * 1e-9 if values["scale_nn"] else None
    return Tare(zero, moved_n)
