"""What people noted beside a set, later than it was made. Nothing of the set itself is ever changed.

Of each key the newest note counts; a note of nothing takes the key back to what the rig recorded.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from retrorig.errors import InputError
from retrorig.library.anchors import format_utc
from retrorig.library.part import Part
from rigcore.vocabulary import MACHINES, SIDES

Edits = dict[str, Any]

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

_CHOICES = {"side": SIDES, "machine": MACHINES}
_TEXTS = ("notes", "attachment")

EDITABLE = ("athlete", *_TEXTS, *_CHOICES, *_RANGES, "tags")
"""What people may note. `athlete` is kept as the label; `calibration` is noted by recomputing alone."""


def checked(key: str, value: Any) -> Any:
    """The value as it is kept; InputError in one sentence when it can't be one of this key."""
    if key in _RANGES:
        return _number(key, value)
    if key in _CHOICES and value not in _CHOICES[key]:
        raise InputError(f"{value!r} is no {key}: choose {' or '.join(_CHOICES[key])}.")
    if key in _TEXTS and len(value) > TEXT_MAX:
        raise InputError(f"{key} has {len(value)} characters: shorten it to at most {TEXT_MAX}.")
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


def _tag(tag: str) -> str:
    if not tag.strip() or len(tag) > TAG_MAX or not tag.isprintable():
        raise InputError(f"A tag has 1 to {TAG_MAX} characters in one line.")
    return tag.strip()


class Notes(Part):
    """The notes beside each set."""

    def edits(self, set_id: str) -> Edits:
        """What is noted beside a set: key -> value."""
        sql = "SELECT key, value FROM edits WHERE set_id = ? ORDER BY when_utc, rowid"
        newest = {key: json.loads(value) for key, value in self.db.rows(sql, (set_id,))}
        return {key: value for key, value in newest.items() if value is not None}

    def note(self, set_id: str, key: str, value: Any) -> None:
        """Note a checked value now, or with None take the key back; a clock that was set back changes no order."""
        sql = "SELECT max(when_utc) FROM edits WHERE set_id = ? AND key = ?"
        (last,) = self.db.row(sql, (set_id, key)) or (None,)
        when = max(format_utc(datetime.now(UTC)), last or "")
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        self.db.rows("INSERT INTO edits VALUES (?, ?, ?, ?)", (set_id, key, text, when))
