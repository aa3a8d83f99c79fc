"""One part of an athlete's page: what is asked for it, what it answers, and how numbers are written in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from retrorig import Library, SetRow
from retrorig.desk.wording import Phrase, Said
from retrorig.progress import Estimate, by_day
from retrorig.report import Units, words

NONE = "–"


@dataclass(frozen=True)
class Asked:
    """Whose sets, in which units, and the coach's own limits: growth of a week, and loss of speed at which to stop."""

    library: Library
    rows: Sequence[SetRow]
    units: Units
    limit_pct: float | None = None
    stop_pct: float | None = None

    @property
    def last_day(self) -> list[SetRow]:
        """Sets of the last day that has some."""
        days = by_day(self.rows)
        return days[max(days)]

    @property
    def day_told(self) -> Said:
        """Which day that is."""
        return Said("last_day", str(max(by_day(self.rows))))

    def number(self, value: float | None, digits: int, unit: str = "") -> str:
        """A value that is measured in an SI unit, in the user's."""
        return NONE if value is None else f"{value * self.units.factor(unit):.{digits}f}"

    def estimate(self, value: Estimate, digits: int, factor: float = 1.0) -> str:
        """A value with its interval."""
        return f"{value.value * factor:.{digits}f} ± {value.pm * factor:.{digits}f}"

    def speed_of(self, row: SetRow) -> str:
        """A set's mean speed with its interval."""
        key = "mean_speed_mps"
        return f"{words.value(row, key, self.units)} {words.plus_minus(row, key, self.units)}".strip()


Cell = str | Said | Phrase


@dataclass(frozen=True)
class PagePart:
    """An answer: sentences, a table under `head` (keys of the words), and what can be drawn of it.

    marked: the table's rows that are over a limit.
    """

    sentences: Sequence[Cell]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    answer: Any = None
    marked: frozenset[int] = field(default_factory=frozenset)


def when(row: SetRow) -> str:
    """When a set began, by this computer's clock."""
    return f"{row.started:%Y-%m-%d %H:%M}" if row.started else NONE


def with_pm(value: float | None, pm: float | None, digits: int) -> str:
    """A number with its interval, where there is one."""
    return NONE if value is None else f"{value:.{digits}f}" + ("" if pm is None else f" ± {pm:.{digits}f}")


def grew(percent: float | None, pm: float | None, digits: int = 0) -> str:
    """A change in percent with what chance may do; "" for none."""
    return "" if percent is None else f"{percent:+.{digits}f}" + (f" ± {pm:.{digits}f}" if pm else "")
