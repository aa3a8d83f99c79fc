"""How sets felt, day by day: effort and pain as athletes rated them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrorig.errors import InputError
from retrorig.progress.conditions import by_day
from retrorig.progress.totals import totals_of
from retrorig.set_row import SetRow


@dataclass(frozen=True)
class FeltDay:
    """One day: rpe is the mean effort and pain the worst pain of its sets, 0 to 10; None where nobody rated."""

    day: str
    sets: int
    rpe: float | None
    pain: float | None


@dataclass(frozen=True)
class Felt:
    """Days on which something was rated, oldest first. unrated: days with sets on which nothing was."""

    athlete: str | None
    days: list[FeltDay]
    unrated: int


def felt_of(rows: Sequence[SetRow], athlete: str | None = None) -> Felt:
    """Effort and pain over time; InputError when nothing was ever rated."""
    days = [
        FeltDay(day.isoformat(), totals.sets, totals.rpe, totals.pain)
        for day, totals in ((day, totals_of(sets)) for day, sets in by_day(rows).items())
    ]
    rated = [day for day in days if day.rpe is not None or day.pain is not None]
    if not rated:
        raise InputError(
            "Effort and pain were never rated: note them beside the sets, or let a plan ask for them."
        )
    return Felt(athlete, rated, len(days) - len(rated))
