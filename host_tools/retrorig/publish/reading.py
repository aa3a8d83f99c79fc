"""What many sites published, read as one library: their rows copied for as long as it is open, raw sets on demand.

The database decides which rows there are: its roles and row security hold for every command.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from retrorig.library import Library
from retrorig.library.columns import as_json
from retrorig.library.raw_sets import no_set
from retrorig.library.schema import AS_JSON, COLUMNS
from retrorig.publish.connection import Connection
from retrorig.publish.file_store import FileStore
from retrorig.publish.files import read_raw
from retrorig.publish.target import VERSION, read_about
from retrorig.scratch import scratch_folder

_ROWS = """
    SELECT set_id, rig_id, site, person, noted::text, tail FROM retrorig.sets
"""
_MARKS = ", ".join("?" * (len(COLUMNS) + 1))
ROWS_AT_ONCE = 1000


class PublishedLibrary(Library):
    """A library that can only be read; `published` makes one."""

    def __init__(self, folder: Path, connection: Connection, files: str | None) -> None:
        super().__init__(folder, create=True, called=connection.called)
        self._connection, self._files = connection, files
        self._store: FileStore | None = None
        self._near: dict[str, bytes] = {}

    def fill(self) -> None:
        """Take over all rows that the database shows, and let nobody write afterwards."""
        people = _People(self._connection)
        with self.db.transaction():
            self.db.many("INSERT INTO athletes VALUES (?, ?)", people.names())
            rows = self._connection.each(_ROWS)
            sql = f"INSERT INTO sets ({', '.join(COLUMNS)}, tail) VALUES ({_MARKS})"
            self.db.many(sql, (self._values(people, *row) for row in rows))
        self.db.rows("PRAGMA query_only=ON")

    def blob(self, set_id: str) -> bytes:
        """One set's bytes, out of the published files: as the rig logged them, but for who walked."""
        set_id = set_id.lower()
        if set_id not in self._near:
            found = self._connection.rows("SELECT file FROM retrorig.sets WHERE set_id = $1", set_id)
            if not found:
                raise no_set(set_id)
            self._near = read_raw(self._opened_store(), found[0][0], set_id)
        return self._near[set_id]

    def _opened_store(self) -> FileStore:
        if self._store is None:
            about = read_about(self._connection)
            self._store = FileStore(self._files or about.store)
            self._store.check_mark(about.mark, VERSION, may_write=False)
        return self._store

    def _values(
        self, people: _People, set_id: str, rig: str, site: str, person: str | None, noted: str, tail: str
    ) -> list[Any]:
        """A row's values in the order of COLUMNS, and its tail."""
        keys = json.loads("{" + tail)
        own = {
            "set_id": set_id,
            "rig_id": rig,
            "label": person and people.label(site, person),
            "removed": None,
        }
        for key, value in json.loads(noted).items():
            self.notes.add(set_id, key, value)
        values = (own[name] if name in own else keys[name] for name in COLUMNS)
        return [as_json(value) if name in AS_JSON else value for name, value in zip(COLUMNS, values)] + [tail]


class _People:
    """Who is who when sites come together: labels and names that two sites have are told apart by the site."""

    def __init__(self, connection: Connection) -> None:
        self._sites = dict(connection.rows("SELECT site, name FROM retrorig.sites"))
        self._known = connection.rows("SELECT site, person, name FROM retrorig.people")

    def label(self, site: str, person: str) -> str:
        return person if len(self._sites) == 1 else f"{person}@{self._sites[site]}"

    def names(self) -> Iterable[tuple[str, str]]:
        """Label and name of everybody whose name may be seen."""
        times = Counter(name for _, _, name in self._known)
        for site, person, name in self._known:
            yield self.label(site, person), name if times[name] == 1 else f"{name} ({self._sites[site]})"


@contextmanager
def published(address: str, files: str | None = None) -> Iterator[Library]:
    """The sets of all sites at a database that whoever logs in may see, as a library that can't be changed.

    files: where the store of files is from here, if not where the database says. A copy of the rows lies in the
    temporary folder meanwhile. InputError and LinkLostError as `publish`.
    """
    with closing(Connection(address)) as connection, scratch_folder() as folder:
        read_about(connection)
        library = PublishedLibrary(folder, connection, files)
        with library:
            library.fill()
            yield library
