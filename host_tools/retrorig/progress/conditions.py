"""Groups sets that may be compared with each other, and sets of one day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from retrorig.errors import InputError
from retrorig.set_row import SetRow
from retrorig.vocabulary import EFFORT_KINDS
from rigcore.vocabulary import SLED

SHOWN_N = 6
KEYS = ("machine", "attachment", "side", "load_kg")


@dataclass(frozen=True)
class Conditions:
    """What must be equal before two sets can be compared; None where nobody noted it."""

    machine: str | None
    attachment: str | None
    side: str | None
    load_kg: float | None

    def __str__(self) -> str:
        load = None if self.load_kg is None else f"{self.load_kg:g} kg"
        return ", ".join(part for part in (self.machine, self.attachment, self.side, load) if part) or "any"


def conditions_of(row: SetRow) -> Conditions:
    """The conditions of one set."""
    return Conditions(*(row.value(key) for key in KEYS))


def dated(rows: Iterable[SetRow]) -> list[SetRow]:
    """The sets that have a date, oldest first; InputError if there are none."""
    found = sorted((row for row in rows if row.started_utc), key=lambda row: row.started_utc or "")
    if not found:
        raise InputError(
            "No set with a date was found: check --athlete and --library, or pull to date the sets."
        )
    return found


def work_sets(rows: Iterable[SetRow]) -> list[SetRow]:
    """The sets that tell what somebody can do: no warm-up, no cool-down, and something was measured."""
    return [row for row in rows if row.kind in EFFORT_KINDS and row.mean_speed_mps and row.duration_s]


def one_person(rows: Iterable[SetRow]) -> list[SetRow]:
    """The same rows; InputError if they are of several athletes, who can't be compared with each other.

    Rows are taken one by one and no more of them than that needs, as there may be many.
    """
    found: list[SetRow] = []
    names: set[str | None] = set()
    for row in rows:
        names.add(row.athlete)
        if len(names) == 1:
            found.append(row)
        elif len(names) > SHOWN_N:
            break
    if len(names) > 1:
        shown = ", ".join(sorted(name if name else "nobody" for name in names)[:SHOWN_N])
        raise InputError(f"These are sets of several athletes ({shown}): choose one with --athlete.")
    return found


def by_day(rows: Iterable[SetRow]) -> dict[date, list[SetRow]]:
    """Dated sets by their day, in order."""
    found: dict[date, list[SetRow]] = {}
    for row in dated(rows):
        assert row.day is not None
        found.setdefault(row.day, []).append(row)
    return found


def by_conditions(rows: Iterable[SetRow]) -> dict[Conditions, list[SetRow]]:
    """Sets that may be compared, together, each in order of the rows."""
    found: dict[Conditions, list[SetRow]] = {}
    for row in rows:
        found.setdefault(conditions_of(row), []).append(row)
    return found


def commonest(rows: Sequence[SetRow]) -> Conditions | None:
    """The conditions that most work sets share; None without any."""
    groups = by_conditions(work_sets(rows))
    return max(groups, key=lambda key: len(groups[key]), default=None)


def mean_speed(rows: Sequence[SetRow]) -> float:
    """The mean of the sets' mean speeds, metres a second; work sets have one each."""
    return sum(row.mean_speed_mps or 0.0 for row in rows) / len(rows)


def latest_alike(rows: Sequence[SetRow], most_n: int = 40) -> list[SetRow]:
    """Work sets of the rig, machine and load of the newest one, oldest first; InputError without any.

    On a treadmill of its person alone, whose weight adds to the belt's friction.
    """
    found = work_sets(dated(rows))
    if not found:
        raise InputError("There is no work set with a date: walk some first.")
    newest = found[-1]
    keys = ("rig_id", "machine", "load_kg", *(() if newest.machine == SLED else ("athlete",)))
    return [row for row in found if all(row.value(key) == newest.value(key) for key in keys)][-most_n:]
