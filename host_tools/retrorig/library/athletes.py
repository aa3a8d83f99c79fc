"""People and their labels: names stay in the library, rigs learn only the label."""

from __future__ import annotations

import unicodedata
from typing import Any

from retrorig.errors import InputError
from retrorig.library.part import Part

NAME_MAX = 200
LABEL_MAX = 12
"""Characters; a label travels in every set and stands on the rig's display."""
_JOINERS = "\u200c\u200d"
"""Invisible, yet part of names in Persian and Indian scripts."""


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


class Athletes(Part):
    """Who trains, and the short label that stands for each on rigs. A label is never given to a second person."""

    def label_for(self, athlete: str, wanted: str | None = None) -> str:
        """The label of a person, given by name or label; somebody new gets `wanted` if it is free, else the next."""
        name = tidy_name(athlete)
        with self.db.transaction():
            known = self.db.row("SELECT label FROM athletes WHERE label = ?", (self.label_of(name),))
            is_free = wanted is not None and wanted not in self.used_labels()
            return known[0] if known else self.add_athlete(name, wanted if is_free else None)

    def add_athlete(self, name: str, label: str | None = None) -> str:
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

    def rename_athlete(self, name: str, new_name: str) -> tuple[str, str]:
        """Correct a name; sets, label and history stay with the person. The old name and the new."""
        new_name = tidy_name(new_name)
        with self.db.transaction():
            label = self.known_label(name)
            other = self.db.row("SELECT label FROM athletes WHERE name = ?", (new_name,))
            if other and other[0] != label:
                raise InputError(f"{new_name} is in this library already: two people can't share a name.")
            old = self.names()[label]
            self.db.rows("UPDATE athletes SET name = ? WHERE label = ?", (new_name, label))
        return old, new_name

    def athletes(self) -> list[dict[str, Any]]:
        """Everybody by name: `name`, `label`, `sets` (how many), `first_utc` and `last_utc` (None without a date)."""
        sql = """
            SELECT name, athletes.label, count(set_id), min(started_utc), max(started_utc)
            FROM athletes LEFT JOIN sets ON sets.athlete = athletes.label GROUP BY athletes.label ORDER BY name
        """
        keys = ("name", "label", "sets", "first_utc", "last_utc")
        return [dict(zip(keys, row, strict=True)) for row in self.db.rows(sql)]

    def known_label(self, athlete: str) -> str:
        """The label of a known person, given by name or label; InputError when nobody is called so."""
        found = self.db.row("SELECT label FROM athletes WHERE label = ?", (self.label_of(athlete),))
        if found is None:
            raise InputError(f"Nobody here is called {athlete}: `retrorig athlete list` shows everybody.")
        return found[0]

    def label_of(self, athlete: str) -> str:
        """The label of a name; what is no name is taken for a label."""
        name = _folded(athlete)
        found = self.db.row("SELECT label FROM athletes WHERE name = ?", (name,))
        return found[0] if found else athlete

    def names(self) -> dict[str, str]:
        """All names by label."""
        return dict(self.db.rows("SELECT label, name FROM athletes"))

    def used_labels(self) -> set[str]:
        """Labels that stand for somebody, or have stood, or that some rig has sent."""
        sql = (
            "SELECT label FROM athletes UNION SELECT label FROM retired_labels UNION SELECT athlete FROM sets"
        )
        return {label for (label,) in self.db.rows(sql) if label}

    def free_label(self, used: set[str]) -> str:
        """The next label that is not among those used."""
        numbers = [int(label[1:]) for label in used if label[:1] == "a" and label[1:].isdecimal()]
        return f"a{max(numbers, default=0) + 1}"

    def _checked_label(self, label: str) -> str:
        if not (label.isascii() and label.isalnum() and len(label) <= LABEL_MAX):
            raise InputError(
                f"A label has 1 to {LABEL_MAX} plain letters or digits, so that a rig can show it."
            )
        taken = "SELECT label FROM athletes UNION SELECT label FROM retired_labels"
        if label in {used for (used,) in self.db.rows(taken)}:
            raise InputError(f"The label {label} stands or stood for somebody else: choose another.")
        return label
