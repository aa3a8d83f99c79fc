"""Chooses the sets of a report, and computes what it says of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from retrorig.errors import InputError
from retrorig.library import Choice, Library
from retrorig.set_row import SetRow


def choose(library: Library, words: Sequence[str] = (), choice: Choice | None = None) -> list[SetRow]:
    """The sets that words or a choice mean (`Library.choose`), in the order of time; else the last session.

    That is all sets of the last day, in local time, on which the choice's athlete has one; sets without a date count
    only if none has one: then those of the rig's last start. InputError if there is none.
    """
    choice = choice or Choice()
    if not words and choice == Choice(athlete=choice.athlete):
        return _last_session(library, choice)
    rows = [library.set(set_id) for set_id in library.choose(words, choice)]
    if not rows:
        raise InputError("There is no such set to report on: ask `retrorig sets` with the same options.")
    return sorted(rows, key=lambda row: (row.started_utc is None, row.started_utc or "", row.set_id))


def _last_session(library: Library, choice: Choice) -> list[SetRow]:
    ids = library.choose((), choice)
    if not ids:
        whose = "" if choice.athlete is None else f" of {choice.athlete}"
        raise InputError(f"There is no set{whose} in this library to report on: pull or replay some first.")
    dated = library.choose((), choice, since=datetime(1970, 1, 2))
    if dated:
        return library.sets(choice, on=library.set(dated[-1]).day)
    rows = library.sets(choice)
    return [row for row in rows if _boot(row) == _boot(rows[-1])]


def when(rows: Sequence[SetRow]) -> str:
    """The day or days of sets, for people: 22 November 2026."""
    days = sorted({row.day for row in rows if row.day})
    if not days:
        return "date unknown"
    written = [f"{day.day} {day:%B %Y}" for day in (days[0], days[-1])]
    return written[0] if len(days) == 1 else " to ".join(written)


def without_names(rows: Sequence[SetRow]) -> list[SetRow]:
    """Copies of sets with letters for names, and without what people typed, in which a name may stand."""
    people = list(dict.fromkeys(row.athlete for row in rows if row.athlete is not None))
    letters = {name: f"athlete {_letter(number)}" for number, name in enumerate(people)}
    return [
        replace(row, name=letters.get(row.athlete or ""), label=None, notes=None, attachment=None, tags=[])
        for row in rows
    ]


def _letter(number: int) -> str:
    """A to Z, then AA ..."""
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def totals(rows: Sequence[SetRow]) -> dict[str, float | None]:
    """Sums over sets; work is None if it is known of none."""
    work = [row.work_j for row in rows if row.work_j is not None]
    return {
        "sets": len(rows),
        "backward_m": sum(row.backward_m for row in rows),
        "duration_s": sum(row.duration_s for row in rows),
        "work_j": sum(work) if work else None,
    }


def _boot(row: SetRow) -> str:
    return row.set_id.rpartition("-")[0]
