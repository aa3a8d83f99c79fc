"""People and their labels: names stay in the library, rigs learn only the label."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from typing import Any

from retrorig.errors import InputError
from retrorig.forms import plain
from retrorig.library.calibrations import Calibrations
from retrorig.library.part import Part

NAME_MAX = 200
LABEL_MAX = 12
"""Characters; a label travels in every set and stands on the rig's display."""
_JOINERS = "\u200c\u200d"
"""Invisible, yet part of names in Persian and Indian scripts."""

_TEXTS = "typeof(athletes.label) = 'text' AND typeof(name) = 'text'"
"""Whoever is written otherwise is nobody: another program, or a damaged disk, may have left anything."""


def tidy_name(name: str) -> str:
    """The name in one form of Unicode, without blanks around it; InputError when it can't be one."""
    tidied = _folded(name)
    plain = "".join(letter for letter in tidied if letter not in _JOINERS)
    if not plain or not plain.isprintable():
        raise InputError("That is no name: give an athlete's name in letters of any script.")
    if len(tidied) > NAME_MAX:
        raise InputError(f"That name has {len(tidied)} characters: shorten it to at most {NAME_MAX}.")
    return tidied


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def is_same_name(name: str, other: object) -> bool:
    """Whether two texts are one name, in whatever case of letters and form of Unicode."""
    return isinstance(other, str) and _folded(name).casefold() == _folded(other).casefold()


def _digest(label: str) -> str:
    return hashlib.sha256(label.encode()).hexdigest()


def _nearest(athlete: str, others: Iterable[str]) -> str:
    """A hint: the name that is spelled most like it, or the command that lists all."""
    folded = {other.casefold(): other for other in others}
    found = get_close_matches(athlete.casefold(), folded, n=1, cutoff=0.0)
    return f", the nearest is {folded[found[0]]}" if found else ": `retrorig athlete list` shows everybody"


class People(Part):
    """The athletes, and the short label of each on rigs. A label is never given to a second person."""

    def label_for(self, athlete: str, wanted: str | None = None) -> str:
        """The label of a person, given by name or label; somebody new gets `wanted` if it is free, else the next."""
        name = tidy_name(athlete)
        with self.db.transaction():
            names = self.names()
            known = self._find(name, names, {*names})
            is_free = wanted is not None and wanted not in self.used_labels() and not self.is_retired(wanted)
            return known or self.add(name, wanted if is_free else None)

    def add(self, name: str, label: str | None = None) -> str:
        """Enter a person, under the label that the coach chose or the next one, and return it.

        InputError when the name is known, or the label is in use, was in use, or would not fit on a rig.
        """
        name = tidy_name(name)
        with self.db.transaction():
            if self.db.row("SELECT 1 FROM athletes WHERE name = ?", (name,)):
                raise InputError(
                    f"{name} is in this library already: `retrorig athlete list` shows everybody."
                )
            label = self.free_label(self.used_labels()) if label is None else self._checked_label(label)
            self.db.rows("INSERT INTO athletes VALUES (?, ?)", (label, name))
        return label

    def rename(self, name: str, new_name: str) -> tuple[str, str]:
        """Correct a name, also on calibrations that the person made; sets, label and history stay. Old and new name."""
        new_name = tidy_name(new_name)
        with self.db.transaction():
            label = self.known_label(name)
            other = self.db.row("SELECT label FROM athletes WHERE name = ?", (new_name,))
            if other and other[0] != label:
                raise InputError(f"{new_name} is in this library already: two people can't share a name.")
            old = self.names()[label]
            self.db.rows("UPDATE athletes SET name = ? WHERE label = ?", (new_name, label))
            Calibrations(self.db).rename(partial(is_same_name, old), new_name)
        return old, new_name

    def all(self) -> list[dict[str, Any]]:
        """Everybody by name: `name`, `label`, `sets` (how many), `first_utc` and `last_utc` (None without a date)."""
        sql = f"""
            SELECT name, athletes.label, coalesce(sets_n, 0), first_utc, last_utc
            FROM athletes LEFT JOIN (
                SELECT label, count(*) AS sets_n, min(started_utc) AS first_utc, max(started_utc) AS last_utc
                FROM sets WHERE removed IS NULL GROUP BY +label
            ) AS had ON had.label = athletes.label
            WHERE {_TEXTS} ORDER BY name
        """  # +label: by the index that holds all of these, a fifth of the time of looking up each set
        keys = ("name", "label", "sets", "first_utc", "last_utc")
        return [dict(zip(keys, row, strict=True)) for row in self.db.rows(sql)]

    def known_label(self, athlete: str) -> str:
        """The label of a known person, given by name or label in any case; InputError names the nearest one."""
        names = self.names()
        label = self._find(athlete, names, {*names})
        if label is None:
            raise InputError(f"Nobody here is called {plain(athlete)}{_nearest(athlete, names.values())}.")
        return label

    def label_of(self, athlete: str) -> str:
        """The label of a person or of sets whose person has no name here; InputError names the nearest one."""
        names, used = self.names(), self.used_labels()
        label = self._find(athlete, names, used)
        if label is None:
            called = [names.get(other, other) for other in used]
            raise InputError(f"Nobody here is called {plain(athlete)}{_nearest(athlete, called)}.")
        return label

    def _find(self, athlete: str, names: dict[str, str], labels: set[str]) -> str | None:
        """The one label that a name or a label stands for: as it is written, else in any case of letters."""
        written = _folded(athlete)
        for same in (str, str.casefold):
            by_name = [label for label, name in names.items() if same(name) == same(written)]
            found = by_name or [label for label in labels if same(label) == same(written)]
            if len(found) == 1:
                return found[0]
            if found:
                who = ", ".join(sorted(names.get(label, label) for label in found))
                raise InputError(f"{plain(athlete)} may be {who}: write the name as one of these.")
        return None

    def names(self) -> dict[str, str]:
        """All names by label."""
        return dict(self.db.rows(f"SELECT label, name FROM athletes WHERE {_TEXTS}"))

    def senseless_n(self) -> int:
        """Number of rows that name nobody; they are ignored."""
        (found,) = self.db.row(f"SELECT count(*) FROM athletes WHERE NOT ({_TEXTS})") or (0,)
        return found

    def used_labels(self) -> set[str]:
        """Labels that stand for somebody, or that some rig has sent."""
        sql = "SELECT label FROM athletes UNION SELECT label FROM sets"
        return {label for (label,) in self.db.rows(sql) if label and isinstance(label, str)}

    def free_label(self, used: set[str]) -> str:
        """The next label that is not among those used, and never was."""
        numbers = [int(label[1:]) for label in used if label[:1] == "a" and label[1:].isdecimal()]
        number = max(numbers, default=0) + 1
        while self.is_retired(f"a{number}"):
            number += 1
        return f"a{number}"

    def retire(self, label: str) -> None:
        """Forget a person; the label is never given again, and known by its digest alone, as it may be a name."""
        self.db.rows("DELETE FROM athletes WHERE label = ?", (label,))
        self.db.rows("INSERT OR IGNORE INTO retired_labels VALUES (?)", (_digest(label),))

    def is_retired(self, label: str) -> bool:
        """Whether this was the label of somebody who was forgotten."""
        return bool(self.db.row("SELECT 1 FROM retired_labels WHERE digest = ?", (_digest(label),)))

    def _checked_label(self, label: str) -> str:
        if not (label.isascii() and label.isalnum() and len(label) <= LABEL_MAX):
            raise InputError(
                f"A label has 1 to {LABEL_MAX} plain letters or digits, so that a rig can show it."
            )
        if label in self.names() or self.is_retired(label):
            raise InputError(f"The label {label} stands or stood for somebody else: choose another.")
        return label
