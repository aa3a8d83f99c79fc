"""The columns of a table of sets: what they show, and how they are edited."""

from __future__ import annotations

from dataclasses import dataclass

from retrorig import SetRow
from retrorig.report import SI, Units, words
from rigcore.vocabulary import SIDES

POINTS = tuple(str(points) for points in range(11))


@dataclass(frozen=True)
class Cell:
    """A column: its key, and what may be typed: "number", "text", or one of `options`; "" when it can't be edited."""

    key: str
    kind: str = ""
    options: tuple[str, ...] = ()

    def shown(self, row: SetRow, units: Units = SI) -> str:
        """The value for people, "" without one."""
        return shown(row, self.key, units)


def shown(row: SetRow, key: str, units: Units = SI) -> str:
    """A value of a set with the usual digits, "" without one."""
    if key == "started":
        return f"{row.started:%H:%M}" if row.started else ""
    if row.value(key) is None:
        return ""
    if key == "load_kg":
        return f"{row.load_kg:g}"
    return words.usual(row, key, units) if key in words.QUANTITIES else str(row.value(key))


def typed(row: SetRow, key: str) -> str:
    """A value as its field holds it."""
    value = row.value(key)
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)


CELLS = (
    Cell("started"),
    Cell("kind"),
    Cell("side", "options", SIDES),
    Cell("load_kg", "number"),
    Cell("backward_m"),
    Cell("duration_s"),
    Cell("mean_speed_mps"),
    Cell("mean_force_n"),
    Cell("rpe", "options", POINTS),
    Cell("pain", "options", POINTS),
    Cell("quality"),
    Cell("notes", "text"),
)
EDITABLE_CELLS = {cell.key: cell for cell in CELLS if cell.kind}
