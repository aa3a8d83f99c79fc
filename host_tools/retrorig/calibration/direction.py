"""Finds which way is backward, from one step."""

from __future__ import annotations

from typing import Any

from retrorig.calibration.belt import PATIENCE_S, pushes, stand
from retrorig.calibration.guide import Guide
from retrorig.calibration.watching import Sensors
from retrorig.errors import InputError
from retrorig.library.calibration_record import Values

STEP_MIN_MM = 50.0


def step(sensors: Sensors, guide: Guide) -> int:
    """Net counts of one step backward that is asked for."""
    guide.ask("Stand still on the belt; then press Enter.")
    start = stand(sensors, guide.say)
    guide.ask("Take one step backward, stand still; then press Enter.")
    return stand(sensors, guide.say).counts - start.counts


def follow(sensors: Sensors, guide: Guide) -> int:
    """Net counts of the next movement between two rests."""
    guide.say("Watching for one step backward between two rests.")
    for moved in pushes(sensors, PATIENCE_S):
        return moved
    raise InputError("The belt did not move; the old calibration stays.")


def judged(counts: int, old: Values) -> tuple[Values, dict[str, Any]]:
    """(values that the board shall keep, evidence); no values when the direction is right already."""
    step_mm = counts * old["circumference_um"] / old["counts_per_rev"] * 1e-3
    if abs(step_mm) < STEP_MIN_MM:
        raise InputError(
            f"The belt moved by {abs(step_mm):.0f} mm only: take a whole step, and see that the encoder turns with it."
        )
    direction = old["direction"] if counts > 0 else -old["direction"]
    return {"direction": direction} if counts < 0 else {}, {
        "step_mm": round(abs(step_mm), 1),
        "counts": counts,
    }
