"""Notes that people add to a set after it was made. The set itself is never changed.

Of each key the newest note counts; a note of nothing takes the key back to what the rig recorded.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from retrorig.errors import InputError
from retrorig.library.clocks import format_utc
from retrorig.library.part import Part
from retrorig.vocabulary import FEET
from rigcore.vocabulary import MACHINES, SIDES

Edits = dict[str, Any]

CALIBRATION = "calibration"
REMOVED = "removed"
DELETED, HIDDEN = "deleted", "hidden"
"""How a set may be taken out of the lists."""

TEXT_MAX = 10_000
TAG_MAX = 50
_RANGES = {
    "load_kg": (0, 1000, "kilograms"),
    "rpe": (0, 10, "points of effort"),
    "pain": (0, 10, "points of pain"),
    "trim_start_s": (0, 86_400, "seconds"),
    "trim_end_s": (0, 86_400, "seconds"),
}
_WHOLE = ("rpe", "pain")
"""Rated in whole points, as on the rig."""

_CHOICES = {"side": SIDES, "first_foot": FEET, "machine": MACHINES}
_TEXTS = ("notes", "attachment")
STARTED = "started_utc"
"""A date that somebody corrected: it counts before every clock."""

EDITABLE = ("athlete", *_TEXTS, *_CHOICES, *_RANGES, "tags", STARTED)
"""What people may note; `athlete` is kept as the label."""

UNDOABLE = (*EDITABLE, CALIBRATION, REMOVED)
"""What can be taken back: also what recomputing and removing note."""


def checked_note(key: str, value: Any) -> Any:
    """The value as it is kept; InputError in one sentence when it can't be one of this key."""
    if key in _RANGES:
        return _number(key, value)
    if key in _CHOICES and value not in _CHOICES[key]:
        raise InputError(f"{value!r} is no {key.replace('_', ' ')}: choose {' or '.join(_CHOICES[key])}.")
    if key in _TEXTS and len(value) > TEXT_MAX:
        raise InputError(f"{key} has {len(value)} characters: shorten it to at most {TEXT_MAX}.")
    if key == STARTED:
        return _date(value)
    if key == "tags":
        return [_tag(tag) for tag in dict.fromkeys(value)]
    if key not in EDITABLE:
        raise InputError(f"{key!r} can't be noted: choose one of {', '.join(EDITABLE)}.")
    return value


def _number(key: str, value: float) -> float:
    low, high, unit = _RANGES[key]
    if not low <= value <= high:
        raise InputError(f"{key} {value:g} is out of range: give {low} to {high} {unit}.")
    if key in _WHOLE and value != int(value):
        raise InputError(f"{key} {value:g} is between two points: give a whole number.")
    return int(value) if key in _WHOLE else value


def _date(text: str) -> str:
    """The moment in UTC, as every date is kept; without a zone it is this computer's time."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"{text[:40]!r} is no date and time: write it like 2026-11-22T18:30.") from None
    if not 2000 <= moment.year < 2100:
        raise InputError(f"{text[:40]!r} is no date of this century: write it like 2026-11-22T18:30.")
    return format_utc(moment)


def _tag(tag: str) -> str:
    if not tag.strip() or len(tag) > TAG_MAX or not tag.isprintable():
        raise InputError(f"A tag has 1 to {TAG_MAX} characters in one line.")
    return tag.strip()


_UNREADABLE: dict[str, Any] = {"": {}}
"""Stands for a value that is no JSON: of no key can it be one."""


@dataclass(frozen=True)
class Note:
    """One note: when it was written, and None as the value of one that takes the key back."""

    key: str
    value: Any
    when_utc: str


def can_be_noted(note: Note) -> bool:
    """Whether a note is such as this program writes; another may have written it, or a disk have damaged it."""
    if note.value is None:
        return True
    if note.key == CALIBRATION:
        sizes = note.value.values() if isinstance(note.value, dict) else [None]
        return all(type(size) in (int, str) for size in sizes)
    if note.key == REMOVED:
        return note.value in (DELETED, HIDDEN)
    is_text = note.key in ("athlete", "notes", "attachment", "side", "first_foot", "machine", STARTED)
    if is_text is not isinstance(note.value, str) or (note.key == "tags") is not isinstance(note.value, list):
        return False
    try:
        return checked_note(note.key, note.value) == note.value
    except (InputError, TypeError, AttributeError, ValueError):
        return False


class Notes(Part):
    """The notes beside each set."""

    def of(self, set_id: str) -> Edits:
        """What is noted beside a set: key -> value."""
        newest = {note.key: note.value for note in self.history(set_id) if can_be_noted(note)}
        return {key: value for key, value in newest.items() if value is not None}

    def history(self, set_id: str) -> list[Note]:
        """Every note beside a set, oldest first, also those that a newer one has replaced."""
        sql = "SELECT key, value, when_utc FROM edits WHERE set_id = ? ORDER BY when_utc, rowid"
        return [Note(key, _unpacked(value), when) for key, value, when in self.db.rows(sql, (set_id,))]

    def senseless(self) -> list[str]:
        """Sets with a stored note that can't be one; such notes are ignored."""
        sql = "SELECT set_id, key, value, when_utc FROM edits ORDER BY set_id"
        found = (
            set_id
            for set_id, *note in self.db.rows(sql)
            if not can_be_noted(Note(note[0], _unpacked(note[1]), note[2]))
        )
        return list(dict.fromkeys(found))

    def add(self, set_id: str, key: str, value: Any) -> None:
        """Note a checked value now, or with None take the key back; a clock that was set back changes no order."""
        sql = "SELECT max(when_utc) FROM edits WHERE set_id = ? AND key = ?"
        (last,) = self.db.row(sql, (set_id, key)) or (None,)
        when = max(format_utc(datetime.now(UTC)), last or "")
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        self.db.rows("INSERT INTO edits VALUES (?, ?, ?, ?)", (set_id, key, text, when))

    def take(self, set_id: str, notes: Iterable[Note]) -> bool:
        """Enter notes of another library that are not here yet; whether there were any."""
        known = [(note.key, note.value, note.when_utc) for note in self.history(set_id)]
        new = [note for note in notes if (note.key, note.value, note.when_utc) not in known]
        for note in new:
            values = (set_id, note.key, json.dumps(note.value, ensure_ascii=False), note.when_utc)
            self.db.rows("INSERT INTO edits VALUES (?, ?, ?, ?)", values)
        return bool(new)

    def drop(self, set_id: str, *keys: str) -> None:
        """Delete a set's notes for good: all of them, or those of some keys."""
        which = " AND key IN (SELECT value FROM json_each(?))" if keys else ""
        self.db.rows(
            f"DELETE FROM edits WHERE set_id = ?{which}", (set_id, json.dumps(keys))[: 2 if keys else 1]
        )

    def drop_person(self, label: str) -> None:
        """Delete every note that some set is this person's."""
        self.db.rows("DELETE FROM edits WHERE key = 'athlete' AND value = ?", (json.dumps(label),))

    def naming(self, name: str) -> list[str]:
        """Sets beside which somebody wrote a name, in whatever case of letters."""
        sql = "SELECT DISTINCT set_id, value FROM edits WHERE key IN ('notes', 'attachment', 'tags') ORDER BY set_id"
        wanted = unicodedata.normalize("NFC", name).casefold()
        found = (
            set_id
            for set_id, value in self.db.rows(sql)
            if wanted in unicodedata.normalize("NFC", str(_unpacked(value))).casefold()
        )
        return list(dict.fromkeys(found))

    def orphans(self) -> list[str]:
        """Sets beside which something is noted, and which are not here."""
        sql = "SELECT set_id FROM edits EXCEPT SELECT set_id FROM raw_sets"
        return [name for (name,) in self.db.rows(sql)]


def _unpacked(text: Any) -> Any:
    """The value of a stored note; what can't be read is one that can't be noted."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return _UNREADABLE
