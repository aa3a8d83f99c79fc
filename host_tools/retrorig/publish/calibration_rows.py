"""A site's calibrations in the database: the records, and apart from them who made them, who may be an athlete."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from retrorig.library import Library, Record
from retrorig.library.people import is_same_name
from retrorig.publish.connection import Connection

MAKER = "by-"
"""Begins the key of whoever made a calibration and is no athlete; the rest is a pseudonym. No label holds a hyphen."""

_PUT = """
    INSERT INTO retrorig.calibrations AS old (site, id, rig, kind, made_utc, person, record)
    VALUES ($1, $2, $3, $4, $5, $6, $7::json)
    ON CONFLICT (site, id) DO UPDATE SET rig = excluded.rig, kind = excluded.kind, made_utc = excluded.made_utc,
        person = excluded.person, record = excluded.record
"""


class Makers:
    """Who made a library's calibrations, as they are published: an athlete as beside sets, others by a pseudonym."""

    def __init__(self, library: Library, person_of: Callable[[str], str]) -> None:
        self._site, self._person_of, self._athletes = library.site, person_of, library.people.names()
        self._records = library.calibrations.all()

    def key(self, made_by: str | None) -> str | None:
        """What stands for a person in the table of calibrations."""
        if not made_by:
            return None
        for label, name in self._athletes.items():
            if is_same_name(name, made_by) or is_same_name(label, made_by):
                return self._person_of(label)
        return MAKER + self._site.pseudonym(made_by)

    def names(self) -> dict[str, str]:
        """The names of those who are no athletes, by key."""
        keys = {self.key(made_by): made_by for one in self._records if (made_by := one.get("person"))}
        return {key: name for key, name in keys.items() if key and key.startswith(MAKER)}

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """The columns of `retrorig.calibrations` after the site, by id."""
        return {one["id"]: self._row(one) for one in self._records}

    def _row(self, record: Record) -> tuple[Any, ...]:
        nameless = {key: value for key, value in record.items() if key != "person"}
        text = json.dumps(nameless, sort_keys=True)
        own = (record["id"], record["rig"], record["kind"], record["made_utc"])
        return *own, self.key(record.get("person")), text


def put_calibrations(connection: Connection, site: str, rows: dict[str, tuple[Any, ...]]) -> None:
    """Send those that are new or changed. None is ever taken away: no library deletes one."""
    sql = "SELECT id, rig, kind, made_utc, person, record::text FROM retrorig.calibrations WHERE site = $1"
    before = {row[0]: tuple(row) for row in connection.rows(sql, site)}
    new = [row for name, row in rows.items() if before.get(name) != row]
    if new:
        with connection.transaction():
            for row in new:
                connection.run(_PUT, site, *row)
