"""The calibrations that were made for rigs, each a record that this library keeps as it is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from retrorig.errors import InputError
from retrorig.library.part import Part

Record = dict[str, Any]

KINDS = ("belt", "force", "direction")
_MUST = ("id", "rig", "kind", "made_utc")


class Calibrations(Part):
    """Calibration records by id; of a record only the person's name is ever changed."""

    def add(self, record: Record) -> bool:
        """Keep a record; False when exactly it was kept already.

        Keys `id` (unique), `rig`, `kind` (one of KINDS), `made_utc` (ISO 8601) and `person` (may be None), and any
        others that JSON can hold. InputError when one is missing or another record has this id.
        """
        missing = [key for key in _MUST if not record.get(key)]
        if missing or record["kind"] not in KINDS:
            raise InputError(
                f"This calibration can't be kept: {missing[0] if missing else 'its kind'} is not known."
            )
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, allow_nan=False)
        with self.db.transaction():
            stored = self.db.row("SELECT record FROM calibrations WHERE id = ?", (record["id"],))
            if stored and stored[0] != text:
                raise InputError(
                    f"Another calibration with the id {record['id']} is in this library already."
                )
            if not stored:
                values = (*(record[key] for key in _MUST), record.get("person"), text)
                self.db.rows("INSERT INTO calibrations VALUES (?, ?, ?, ?, ?, ?)", values)
        return not stored

    def all(self, rig: str | None = None) -> list[Record]:
        """All records, oldest first, optionally of one rig."""
        where, values = ("WHERE rig = ?", (rig,)) if rig else ("", ())
        found = self.db.rows(f"SELECT record FROM calibrations {where} ORDER BY made_utc, id", values)
        return [record for (text,) in found if (record := _record(text)) is not None]

    def senseless_n(self) -> int:
        """Number of rows that are no record; they are ignored."""
        return sum(_record(text) is None for (text,) in self.db.rows("SELECT record FROM calibrations"))

    def get(self, calibration_id: str) -> Record:
        """One record; InputError if there is none of that id."""
        found = self.db.row("SELECT record FROM calibrations WHERE id = ?", (calibration_id,))
        record = _record(found[0]) if found else None
        if record is None:
            raise InputError(
                f"There is no calibration {calibration_id}: `retrorig calibrate list` lists them."
            )
        return record

    def rename(self, is_person: Callable[[object], bool], new_name: str | None) -> None:
        """Put another name on the records of a person, or with None take it off."""
        for record in self.all():
            if is_person(record.get("person")):
                text = json.dumps({**record, "person": new_name}, ensure_ascii=False, sort_keys=True)
                values = (new_name, text, record["id"])
                self.db.rows("UPDATE calibrations SET person = ?, record = ? WHERE id = ?", values)


def _record(text: Any) -> Record | None:
    """A stored record; None for what is none, as a damaged disk or another program may leave it."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    is_one = isinstance(found, dict) and all(isinstance(found.get(key), str) for key in _MUST)
    return found if is_one and found["kind"] in KINDS else None
