"""The choice of sets, the same for the API and every command, as an SQL condition on `sets`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from retrorig.errors import InputError
from retrorig.library.clocks import format_utc
from retrorig.vocabulary import KINDS, QUALITIES
from rigcore.vocabulary import MACHINES

IN_ORDER = "ORDER BY started_utc IS NULL, started_utc, set_id"
Moment = str | date | datetime
"""A day of this computer's calendar, or a moment, which is local where it names no zone; texts are ISO 8601."""

TODAY, YESTERDAY = "today", "yesterday"


@dataclass(frozen=True)
class Choice:
    """Filters for sets: all that are not None must hold. Removed sets are in no choice.

    athlete: a name or a label, in any case. on, since, until: days or moments; `until` a day includes it. machine,
    kind, quality: words of the vocabulary, in any case. rig: its id. ids: only these. removed: "deleted" or
    "hidden" for those that were taken out instead.
    """

    athlete: str | None = None
    on: Moment | None = None
    since: Moment | None = None
    until: Moment | None = None
    machine: str | None = None
    kind: str | None = None
    tag: str | None = None
    rig: str | None = None
    quality: str | None = None
    ids: Sequence[str] | None = None
    removed: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing was chosen."""
        return self == Choice()


Condition = tuple[str, Any]


def where(choice: Choice, label_of: Callable[[str], str]) -> tuple[str, tuple[Any, ...]]:
    """A choice as a condition of SQL on `sets`, and its values; `label_of` knows people."""
    found: list[Condition] = [*_people(choice, label_of), *_days(choice), *_words(choice)]
    if choice.removed is None:
        found.append(("removed IS ?", None))
    else:
        found.append(("removed = ?", choice.removed))
    return " AND ".join(sql for sql, _ in found), tuple(value for _, value in found)


def _people(choice: Choice, label_of: Callable[[str], str]) -> list[Condition]:
    return [] if choice.athlete is None else [("label = ?", label_of(choice.athlete))]


def _days(choice: Choice) -> list[Condition]:
    """The bounds of `on`, `since` and `until`; a set without a date is within none."""
    found: list[Condition] = []
    if choice.on is not None:
        day = parse_moment("--on", choice.on)
        found += [_from(_day(day)), _before(_day(day) + timedelta(days=1))]
    if choice.since is not None:
        found.append(_from(parse_moment("--since", choice.since)))
    if choice.until is not None:
        until = parse_moment("--until", choice.until)
        is_day = not isinstance(until, datetime)
        found.append(_before(_day(until) + timedelta(days=1) if is_day else until))
    return found


def _from(moment: date | datetime) -> Condition:
    return "(started_utc IS NULL) = 0 AND started_utc >= ?", _utc(moment)


def _before(moment: date | datetime) -> Condition:
    return "(started_utc IS NULL) = 0 AND started_utc < ?", _utc(moment)


def _utc(moment: date | datetime) -> str:
    return format_utc(moment if isinstance(moment, datetime) else _day(moment))


def _day(moment: date | datetime) -> datetime:
    """The local midnight that a day begins with."""
    if isinstance(moment, datetime):
        moment = moment.astimezone().date() if moment.tzinfo else moment.date()
    return datetime.combine(moment, time())


def parse_moment(option: str, given: Moment) -> date | datetime:
    """A day or a moment; InputError names the option that it was given to."""
    if isinstance(given, date):
        return given
    if given.lower() in (TODAY, YESTERDAY):
        return date.today() - timedelta(days=given.lower() == YESTERDAY)
    for form in (date, datetime):
        try:
            moment = form.fromisoformat(given)
            for days in (-2, 2):  # other zones' days, and the end of this one, must have room in the calendar
                (_day(moment) + timedelta(days=days)).astimezone()
            return moment
        except (ValueError, OverflowError):
            pass
    raise InputError(f"{option} {given!r} is no date: write it like 2026-11-22.")


def _words(choice: Choice) -> list[Condition]:
    found: list[Condition] = []
    for key, words in (("machine", MACHINES), ("kind", KINDS), ("quality", QUALITIES)):
        if (given := getattr(choice, key)) is not None:
            found.append((f"{key} = ?", _known(key, given, words)))
    if choice.rig is not None:
        found.append(("rig_id = ? COLLATE NOCASE", choice.rig))
    if choice.tag is not None:
        found.append(("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", choice.tag))
    if choice.ids is not None:
        found.append(("set_id IN (SELECT value FROM json_each(?))", json.dumps(list(choice.ids))))
    return found


def _known(key: str, given: str, words: Sequence[str]) -> str:
    """One of the words, in any case of letters."""
    known = {word.lower(): word for word in words}
    if given.lower() not in known:
        raise InputError(f"--{key} {given!r} is unknown: it is {', '.join(words[:-1])} or {words[-1]}.")
    return known[given.lower()]
