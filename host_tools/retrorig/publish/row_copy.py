"""The rows that a database shows, copied into a library, and that copy brought up to date later."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from retrorig.library import Library
from retrorig.library.columns import as_json
from retrorig.library.schema import AS_JSON, COLUMNS
from retrorig.publish.calibration_rows import MAKER
from retrorig.publish.connection import Connection

_ROWS = "SELECT set_id, rig_id, site, person, noted::text, tail, file, row_digest FROM retrorig.sets"
_STATES = "SELECT set_id, file, row_digest FROM retrorig.sets"
_MARKS = ", ".join("?" * (len(COLUMNS) + 1))
_PUT = f"INSERT INTO sets ({', '.join(COLUMNS)}, tail) VALUES ({_MARKS})"
_ROWS_AT_ONCE = 1000

_MAKE = "CREATE TABLE IF NOT EXISTS {} (set_id TEXT PRIMARY KEY, file TEXT, digest TEXT) WITHOUT ROWID"
"""`published`: what is copied, and where its bytes are; `there`: what the database shows now."""

_GONE = "SELECT set_id FROM published WHERE (set_id, file, digest) NOT IN (SELECT * FROM there)"
_NEW = "SELECT set_id FROM there WHERE set_id NOT IN (SELECT set_id FROM published)"

Stamp = tuple[Any, ...]
"""By which it is known that something was published: another one, and rows are compared."""


def stamp_of(connection: Connection) -> Stamp:
    """The database's stamp, for little: who published when, and how much is to be seen."""
    sql = """
        SELECT site, name, published_utc::text,
            (SELECT count(*) FROM retrorig.sets), (SELECT count(*) FROM retrorig.people)
        FROM retrorig.sites ORDER BY site
    """
    return tuple(connection.rows(sql))


def file_of(library: Library, set_id: str) -> str | None:
    """The published file that holds a set's bytes, as far as the copy knows."""
    return next(
        (file for (file,) in library.db.rows("SELECT file FROM published WHERE set_id = ?", (set_id,))), None
    )


def files_of(library: Library) -> Iterator[tuple[str, str]]:
    """Every set with its file."""
    return library.db.each("SELECT set_id, file FROM published")  # type: ignore[return-value]


class RowCopy:
    """Brings one library up to what one database shows; one thread at a time."""

    def __init__(self) -> None:
        self._sites: dict[str, str] | None = None

    def bring(self, library: Library, connection: Connection) -> None:
        """Everything that is new, changed or gone, in one transaction of the library: who reads it sees all or nothing.

        Labels hold the names of sites once there are several, so that another site makes all rows new.
        """
        people = _People(connection)
        with library.db.transaction():
            library.db.rows(_MAKE.format("published"))
            if people.sites != self._sites:
                _empty(library)
                _put(library, people, connection.each(_ROWS))
            else:
                _exchange(library, people, connection)
            library.db.rows("DELETE FROM athletes")
            library.db.many("INSERT INTO athletes VALUES (?, ?)", people.names())
            _put_calibrations(library, people, connection)
        # Of somebody forgotten no byte is left, unless a page reads at this moment.
        library.db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._sites = people.sites


def _empty(library: Library) -> None:
    for table in ("sets", "edits", "published"):
        library.db.rows(f"DELETE FROM {table}")


def _exchange(library: Library, people: _People, connection: Connection) -> None:
    """Rows that differ go, and those that are new come."""
    db = library.db
    db.rows(_MAKE.format("temp.there"))
    db.rows("DELETE FROM temp.there")
    db.many("INSERT INTO temp.there VALUES (?, ?, ?)", connection.each(_STATES))
    for table in ("sets", "edits", "published"):  # the last is what the others are chosen by
        db.rows(f"DELETE FROM {table} WHERE set_id IN ({_GONE})")
    new = (set_id for (set_id,) in db.rows(_NEW))
    while some := list(islice(new, _ROWS_AT_ONCE)):
        _put(library, people, connection.each(f"{_ROWS} WHERE set_id = ANY($1::text[])", some))


def _put(library: Library, people: _People, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        *whole, file, digest = row
        library.db.rows(_PUT, tuple(_values(library, people, *whole)))
        library.db.rows("INSERT INTO published VALUES (?, ?, ?)", (whole[0], file, digest))


def _values(
    library: Library,
    people: _People,
    set_id: str,
    rig: str,
    site: str,
    person: str | None,
    noted: str,
    tail: str,
) -> list[Any]:
    """A row's values in the order of COLUMNS, and its tail; its notes are entered beside it."""
    keys = json.loads("{" + tail)
    own = {"set_id": set_id, "rig_id": rig, "label": people.label(site, person), "removed": None}
    for key, value in json.loads(noted).items():
        library.notes.add(set_id, key, value)
    values = (own[name] if name in own else keys[name] for name in COLUMNS)
    return [as_json(value) if name in AS_JSON else value for name, value in zip(COLUMNS, values)] + [tail]


def _put_calibrations(library: Library, people: _People, connection: Connection) -> None:
    """Each once, also where a rig's records are in two libraries: then with a name if any site tells it."""
    library.db.rows("DELETE FROM calibrations")
    sql = "SELECT site, person, record::text FROM retrorig.calibrations ORDER BY site"
    records = dict[str, dict[str, Any]]()
    for site, person, text in connection.rows(sql):
        record = {**json.loads(text), "person": people.maker(site, person)}
        if record["id"] not in records or people.is_named(site, person):
            records[record["id"]] = record
    for record in records.values():
        library.calibrations.add(record)


class _People:
    """Who is who when sites come together: labels and names that two sites have are told apart by the site."""

    def __init__(self, connection: Connection) -> None:
        self.sites = dict(connection.rows("SELECT site, name FROM retrorig.sites"))
        self._known = connection.rows("SELECT site, person, name FROM retrorig.people")
        self._names = {(site, person): name for site, person, name in self._known}

    def label(self, site: str, person: str | None) -> str | None:
        """A person of a site, as the copy's rows name it."""
        return person and (person if len(self.sites) == 1 else f"{person}@{self.sites[site]}")

    def maker(self, site: str, person: str | None) -> str | None:
        """Who made a calibration, for people to read."""
        return self._names.get((site, person or "")) or (person and person.removeprefix(MAKER))

    def is_named(self, site: str, person: str | None) -> bool:
        """Whether that is a name."""
        return (site, person) in self._names

    def names(self) -> Iterator[tuple[str, str]]:
        """Label and name of every athlete whose name may be seen."""
        known = [one for one in self._known if not one[1].startswith(MAKER)]
        times = Counter(name for _, _, name in known)
        for site, person, name in known:
            label = self.label(site, person)
            assert label
            yield label, name if times[name] == 1 else f"{name} ({self.sites[site]})"
