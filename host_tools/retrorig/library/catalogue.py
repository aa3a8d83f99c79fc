"""The catalogue: the computed quantities of each set, ready to be listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from retrorig.library.columns import as_columns, row_from, tail_of
from retrorig.library.database import Database
from retrorig.library.part import Part
from retrorig.library.people import People
from retrorig.library.query import IN_ORDER, Choice, where
from retrorig.library.row_check import DamagedRowError
from retrorig.library.schema import COLUMNS
from retrorig.local_time import local
from retrorig.set_row import SetRow

_COLUMNS = ", ".join(COLUMNS)
_MARKS = ", ".join("?" * (len(COLUMNS) + 1))


def _name(cell: object) -> str:
    """A cell that holds an id or a date."""
    if not isinstance(cell, str):
        raise DamagedRowError(cell)
    return cell


class Catalogue(Part):
    """Rows by set id, under the names that people have now."""

    def __init__(self, db: Database, people: People) -> None:
        super().__init__(db)
        self._people = people

    def find(self, set_id: str) -> SetRow | None:
        """One set, also a removed one, or None if there is none of that name."""
        row = self.db.row(f"SELECT {_COLUMNS} FROM sets WHERE set_id = ?", (set_id.lower(),))
        return None if row is None else row_from(row, self._people.names())

    def each(self, choice: Choice) -> Iterator[SetRow]:
        """The sets of a choice one by one, oldest first and those without a date last."""
        condition, values = self.where(choice)
        names = self._people.names()
        for row in self.db.each(f"SELECT {_COLUMNS} FROM sets WHERE {condition} {IN_ORDER}", values):
            yield row_from(row, names)

    def as_json(self, choice: Choice) -> Iterator[str]:
        """The same list as JSON, one object a set; far quicker than the rows where there are many."""
        condition, values = self.where(choice)
        names = {label: json.dumps(name, ensure_ascii=False) for label, name in self._people.names().items()}
        quoted = "json_quote(set_id), json_quote(rig_id), label, tail, json_valid('{\"a\":0,' || tail)"
        sql = f"SELECT {quoted} FROM sets WHERE {condition} {IN_ORDER}"
        for set_id, rig, label, tail, is_json in self.db.each(sql, values):
            if not is_json or "\r" in tail:  # which JSON allows and a terminal obeys; nobody here writes it
                raise DamagedRowError(set_id)
            name = names.get(label) or json.dumps(label)
            yield f'{{"set_id": {set_id}, "rig_id": {rig}, "athlete": {name}, {tail}'

    def ids(self, choice: Choice) -> list[str]:
        """The ids of the same list."""
        condition, values = self.where(choice)
        sql = f"SELECT set_id FROM sets WHERE {condition} {IN_ORDER}"
        return [_name(name) for (name,) in self.db.rows(sql, values)]

    def ids_and_starts(self, choice: Choice) -> list[tuple[str, str | None]]:
        """The ids of the same list, each with its date."""
        condition, values = self.where(choice)
        found = self.db.rows(f"SELECT set_id, started_utc FROM sets WHERE {condition} {IN_ORDER}", values)
        return [(_name(name), None if started is None else _name(started)) for name, started in found]

    def ends(self, choice: Choice) -> tuple[str | None, str | None]:
        """When the first and the last set of the same list started; None without any that has a date."""
        condition, values = self.where(choice)
        sql = f"SELECT min(started_utc), max(started_utc) FROM sets WHERE {condition}"
        first, last = self.db.row(sql, values) or (None, None)
        return (None, None) if first is None else (_name(first), _name(last))

    def newest_sessions(self, choice: Choice) -> Iterator[tuple[date, dict[str, Any]]]:
        """The local day and the object `session` of each set of a choice that has a date, newest first."""
        condition, values = self.where(choice)
        sql = f"SELECT started_utc, session FROM sets WHERE {condition} AND (started_utc IS NULL) = 0"
        for started_utc, session in self.db.each(f"{sql} ORDER BY started_utc DESC", values):
            yield local(started_utc).date(), json.loads(session)

    def where(self, choice: Choice) -> tuple[str, tuple[Any, ...]]:
        """A choice as a condition of SQL on `sets`, and its values."""
        return where(choice, self._people.label_of)

    def put(self, row: SetRow) -> None:
        """Store a set's row in place of the one before; its person's name is kept in `athletes`."""
        self.db.rows(f"INSERT OR REPLACE INTO sets ({_COLUMNS}, tail) VALUES ({_MARKS})", as_columns(row))

    def is_sound(self, set_id: str) -> bool:
        """Whether a row is as this program wrote it, by the JSON that is kept beside it; True without a row."""
        stored = self.db.row(f"SELECT {_COLUMNS}, tail FROM sets WHERE set_id = ?", (set_id,))
        try:
            return stored is None or tail_of(row_from(stored[:-1], {})) == stored[-1]
        except DamagedRowError:
            return False

    def drop(self, set_id: str) -> None:
        """Delete a row."""
        self.db.rows("DELETE FROM sets WHERE set_id = ?", (set_id,))

    def ids_of_person(self, label: str) -> list[str]:
        """Every set of a person, also removed ones."""
        return [name for (name,) in self.db.rows("SELECT set_id FROM sets WHERE label = ?", (label,))]

    def without_bytes(self) -> list[str]:
        """Rows of sets whose bytes are missing."""
        return self._names("SELECT set_id FROM sets EXCEPT SELECT set_id FROM raw_sets")

    def missing(self) -> list[str]:
        """Sets that have bytes and no row."""
        return self._names("SELECT set_id FROM raw_sets EXCEPT SELECT set_id FROM sets")

    def _names(self, sql: str) -> list[str]:
        return [name for (name,) in self.db.rows(sql)]
