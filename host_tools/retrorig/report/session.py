"""Which sets a report is about, and what it says of them all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from retrorig.errors import InputError
from retrorig.library import Choice, Library

Row = dict[str, Any]


def choose(library: Library, set_ids: Sequence[str], athlete: str | None = None) -> list[Row]:
    """The sets of these names in the order of time; without names the last session.

    That is all sets of the last day, in local time, on which there is one; sets without a date count only if none has
    one: then those of the rig's last start. InputError if there is none.
    """
    if set_ids:
        rows = [library.set(set_id) for set_id in dict.fromkeys(name.lower() for name in set_ids)]
        return sorted(
            rows, key=lambda row: (row["started_utc"] is None, row["started_utc"] or "", row["set_id"])
        )
    dated = library.set_ids(Choice(athlete, since=datetime(1970, 1, 2)))
    if dated:
        last = day_of(library.set(dated[-1]))
        assert last is not None  # it has a date
        return library.sets(athlete, since=datetime.combine(last, time()))
    rows = library.sets(athlete)
    if not rows:
        whose = "" if athlete is None else f" of {athlete}"
        raise InputError(f"There is no set{whose} in this library to report on: pull or replay some first.")
    return [row for row in rows if _boot(row) == _boot(rows[-1])]


def day_of(row: Row) -> date | None:
    """The day of a set's start where this computer is."""
    moment = start_of(row)
    return moment and moment.date()


def start_of(row: Row) -> datetime | None:
    """The moment of a set's start, in local time."""
    return datetime.fromisoformat(row["started_utc"]).astimezone() if row["started_utc"] else None


def when(rows: Sequence[Row]) -> str:
    """The day or days of sets, for people: 22 November 2026."""
    days = sorted({day for row in rows if (day := day_of(row))})
    if not days:
        return "date unknown"
    written = [f"{day.day} {day:%B %Y}" for day in (days[0], days[-1])]
    return written[0] if len(days) == 1 else " to ".join(written)


def without_names(rows: Sequence[Row]) -> list[Row]:
    """Copies of sets with letters for names, and without what people typed, in which a name may stand."""
    people = list(dict.fromkeys(row["athlete"] for row in rows if row["athlete"] is not None))
    letters = {name: f"athlete {_letter(number)}" for number, name in enumerate(people)}
    hidden = {"notes": None, "attachment": None, "tags": []}
    return [{**row, **hidden, "athlete": letters.get(row["athlete"])} for row in rows]


def _letter(number: int) -> str:
    """A to Z, then AA ..."""
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def totals(rows: Sequence[Row]) -> dict[str, float | None]:
    """Sums over sets; work is None if it is known of none."""
    work = [row["work_j"] for row in rows if row["work_j"] is not None]
    return {
        "sets": len(rows),
        "backward_m": sum(row["backward_m"] for row in rows),
        "duration_s": sum(row["duration_s"] for row in rows),
        "work_j": sum(work) if work else None,
    }


def _boot(row: Row) -> str:
    return row["set_id"].rpartition("-")[0]
