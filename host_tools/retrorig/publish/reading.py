"""What many sites published, read as one library: their rows copied for as long as it is open, raw sets on demand.

The database decides which rows there are: its roles and row security hold for every command.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retrorig.errors import LinkLostError
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

NEAR_N = 32
"""Parts of files that are kept, a megabyte or two each: sets that are asked for by date lie in a file for each rig."""


class PublishedCopy:
    """The rows that the database shows, copied into `folder`; raw sets are fetched when they are asked for.

    Threads may share it. `called`: the database, as sentences may name it. `read_utc`: when the rows were copied.
    """

    def __init__(self, folder: Path, address: str, files: str | None) -> None:
        self._address, self._files = address, files
        self._connection = Connection(address)
        self.folder, self.called, self.read_utc = (
            folder,
            self._connection.called,
            datetime.now(UTC).isoformat(),
        )
        self._store: FileStore | None = None
        self._near: OrderedDict[str, dict[str, bytes]] = OrderedDict()
        self._turn = threading.Lock()
        try:
            read_about(self._connection)
            with Library(folder, create=True, called=self.called) as library:
                self._fill(library)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection to the database."""
        self._connection.close()

    def library(self) -> Library:
        """The copy as a library that can't be changed, for the thread that asks; a context manager."""
        return _PublishedLibrary(self)

    def blob(self, set_id: str) -> bytes:
        """One set's bytes, out of the published files: as the rig logged them, but for who walked."""
        with self._turn:
            for part in self._near.values():
                if set_id in part:
                    return part[set_id]
            self._near[set_id] = part = read_raw(self._opened_store(), self._file_of(set_id), set_id)
            if len(self._near) > NEAR_N:
                self._near.popitem(last=False)
            return part[set_id]

    def _file_of(self, set_id: str) -> str:
        """By the catalogue as it is now: files are written anew."""
        found = self._again("SELECT file FROM retrorig.sets WHERE set_id = $1", set_id)
        if not found:
            raise no_set(set_id)
        return found[0][0]

    def _again(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """A desk is open for days, and a connection that nobody uses is cut somewhere: then by a new one."""
        try:
            return self._connection.rows(sql, *values)
        except LinkLostError:
            self._connection.close()
            self._connection = Connection(self._address)
            return self._connection.rows(sql, *values)

    def _opened_store(self) -> FileStore:
        if self._store is None:
            ((mark, place),) = self._again("SELECT mark, store FROM retrorig.about")
            store = FileStore(self._files or place)
            store.check_mark(mark, VERSION, may_write=False)
            self._store = store
        return self._store

    def _fill(self, library: Library) -> None:
        people = _People(self._connection)
        with library.db.transaction():
            library.db.many("INSERT INTO athletes VALUES (?, ?)", people.names())
            rows = self._connection.each(_ROWS)
            sql = f"INSERT INTO sets ({', '.join(COLUMNS)}, tail) VALUES ({_MARKS})"
            library.db.many(sql, (_values(library, people, *row) for row in rows))


class _PublishedLibrary(Library):
    """One thread's view of a copy."""

    def __init__(self, copy: PublishedCopy) -> None:
        super().__init__(copy.folder, create=True, called=copy.called)
        self._copy = copy
        self.db.rows("PRAGMA query_only=ON")

    def blob(self, set_id: str) -> bytes:
        return self._copy.blob(set_id.lower())


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
    own = {"set_id": set_id, "rig_id": rig, "label": person and people.label(site, person), "removed": None}
    for key, value in json.loads(noted).items():
        library.notes.add(set_id, key, value)
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
def published_copy(address: str, files: str | None = None) -> Iterator[PublishedCopy]:
    """What whoever logs in at a database may see, copied into the temporary folder for as long as the block runs.

    files: where the store of files is from here, if not where the database says. InputError and LinkLostError as
    `publish`.
    """
    with scratch_folder() as folder, closing(PublishedCopy(folder, address, files)) as copy:
        yield copy


@contextmanager
def published(address: str, files: str | None = None) -> Iterator[Library]:
    """The same as one library that can't be changed, for the thread that enters the block."""
    with published_copy(address, files) as copy, copy.library() as library:
        yield library
