"""The user's units in place of metres, metres a second and newtons; everything is computed and kept in these."""

from __future__ import annotations

from dataclasses import dataclass

from retrorig.errors import InputError

UNIT_CHOICES = {
    "m": {"m": 1.0, "yd": 1 / 0.9144},
    "m/s": {"m/s": 1.0, "km/h": 3.6, "mph": 3600 / 1609.344},
    "N": {"N": 1.0, "kgf": 1 / 9.80665, "lbf": 1 / 4.4482216152605},
}
"""Of each SI unit those that may be shown in its place, and how many of them it is."""


@dataclass(frozen=True)
class Units:
    """What distances, speeds and forces are shown in."""

    distance: str = "m"
    speed: str = "m/s"
    force: str = "N"

    def __post_init__(self) -> None:
        for unit, shown in self._pairs():
            if shown not in UNIT_CHOICES[unit]:
                raise InputError(
                    f"{shown!r} can't be shown for {unit}: choose {', '.join(UNIT_CHOICES[unit])}."
                )

    def name(self, unit: str) -> str:
        """Name of the user's unit for an SI unit; the same where there is no other."""
        return dict(self._pairs()).get(unit, unit)

    def factor(self, unit: str) -> float:
        """Factor from the SI unit to the user's."""
        return UNIT_CHOICES[unit][self.name(unit)] if unit in UNIT_CHOICES else 1.0

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return ("m", self.distance), ("m/s", self.speed), ("N", self.force)


SI = Units()
