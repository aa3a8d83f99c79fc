"""What many sites published, read as one library: their rows copied for as long as it is open, raw sets on demand.

The database decides which rows there are: its roles and row security hold for every command.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import wait as futures_wait
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.raw_sets import no_set
from retrorig.publish.address import shown
from retrorig.publish.asking import Asking, SamplesAnswer, can_ask
from retrorig.publish.connection import Connection
from retrorig.publish.file_store import FileStore
from retrorig.publish.files import read_raw
from retrorig.publish.near_parts import NearParts, Part
from retrorig.publish.row_copy import RowCopy, Stamp, file_of, files_of, stamp_of
from retrorig.publish.silence import in_background
from retrorig.publish.target import VERSION, About, read_about
from retrorig.scratch import scratch_folder

if TYPE_CHECKING:
    from retrorig.measure.sample_table import SampleTable

Found = TypeVar("Found")

LOOK_S = 30.0
"""From one look at the database to the next, at least, where somebody who has it open asks for pages."""

WAIT_S = 2.0
"""So long a page waits for a look; one that takes longer shows in the next page."""


class PublishedCopy:
    """The rows that the database shows, copied into `folder`; raw sets are fetched when they are asked for.

    Threads may share it. `called`: the database, as sentences may name it. `read_utc`: when it answered last.
    `is_away`: whether the last look was in vain. `version`: another number once a look has found something new.
    """

    def __init__(self, folder: Path, address: str, files: str | None) -> None:
        self.folder, self.called, self.version = folder, shown(address), 0
        self.is_away = False
        self._address, self._files = address, files
        self._rows = RowCopy()
        self._stamp: Stamp | None = None
        self._about: About | None = None
        self._turn = threading.Lock()
        self._looking: Future[None] | None = None
        self._store: FileStore | None = None
        self._asking: Asking | None = None
        self._near = NearParts(self._fetch)
        self._look()

    def close(self) -> None:
        """Leave the folder alone from now on; a look that is under way is waited for."""
        if self._looking:
            futures_wait([self._looking], WAIT_S)

    def library(self) -> Library:
        """The copy as a library that can't be changed, for the thread that asks; a context manager."""
        return _PublishedLibrary(self)

    def freshen(self) -> None:
        """Look at the database again if the last look is LOOK_S old, and wait for that, for WAIT_S at most.

        One that can't be reached leaves the copy as it is, with its `read_utc`.
        """
        with self._turn:
            is_due = time.monotonic() - self._looked_s >= LOOK_S
        if is_due:
            futures_wait([self._started()], WAIT_S)

    def blob(self, file: str, set_id: str) -> bytes:
        """One set's bytes out of a published file: as the rig logged them, but for who walked."""
        return self._near.bytes_of(file, set_id)

    def look(self) -> None:
        """Look at the database now. InputError and LinkLostError as `published_copy`."""
        self._started().result()

    def _started(self) -> Future[None]:
        """The look that is under way, or a new one."""
        with self._turn:
            if self._looking is None or self._looking.done():
                self._looking = in_background(self._try_to_look)
            return self._looking

    def _try_to_look(self) -> None:
        try:
            self._look()
        except Exception:
            self.is_away = True
            raise
        self.is_away = False

    def _look(self) -> None:
        self._looked_s = time.monotonic()
        with closing(Connection(self._address)) as connection:
            self._about = read_about(connection)
            stamp, now = stamp_of(connection), datetime.now(UTC).isoformat()
            if stamp != self._stamp:
                with Library(self.folder, create=True, called=self.called) as library:
                    self._rows.bring(library, connection)
                self._stamp, self.version = stamp, self.version + 1
        self.read_utc = now

    def _fetch(self, file: str, set_id: str) -> Part:
        return read_raw(self.store(), file, set_id)

    def asking(self) -> Asking:
        """DuckDB on those files, for all threads."""
        if self._asking is None:
            self._asking = Asking(self.store())
        return self._asking

    def store(self) -> FileStore:
        """Where the files are. InputError when those there are not of this database."""
        if self._store is None:
            assert self._about
            store = FileStore(self._files or self._about.store)
            store.check_mark(self._about.mark, VERSION, may_write=False)
            self._store = store
        return self._store


class _PublishedLibrary(Library):
    """One thread's view of a copy."""

    def __init__(self, copy: PublishedCopy) -> None:
        super().__init__(copy.folder, create=True, called=copy.called)
        self._copy = copy
        self.db.rows("PRAGMA query_only=ON")

    def blob(self, set_id: str) -> bytes:
        """As the rig logged them, but for who walked."""
        return self._from_file(set_id.lower(), self._copy.blob)

    def drawn_samples(self, set_id: str) -> SampleTable:
        """By DuckDB out of the published files; computed from the raw set where DuckDB is not installed.

        InputError also for samples that are not those that the set's row was computed from.
        """
        if not can_ask():
            return super().drawn_samples(set_id)
        from retrorig.measure.sample_table import differ

        found = self._from_file(set_id.lower(), self._copy.asking().samples)
        row = self.set(set_id)  # after that, as a look may have brought another
        if len(found.time_s) != row.samples or differ(row, found):
            raise InputError(
                f"The published samples of set {row.set_id} are not those of its row: "
                "`retrorig library recompute` at its site and another publish make them agree."
            )
        return found

    def _from_file(self, name: str, read: Callable[[str, str], Found]) -> Found:
        """What `read` finds of a set in its file; one that is gone was written anew by a publish since."""
        file = self._file_of(name)
        try:
            return read(file, name)
        except InputError:
            self._copy.look()
            now = self._file_of(name)
            if now == file:
                raise
        return read(now, name)

    def _file_of(self, set_id: str) -> str:
        file = file_of(self, set_id)
        if file is None:
            raise no_set(set_id)
        return file


@contextmanager
def published_copy(address: str, files: str | None = None) -> Iterator[PublishedCopy]:
    """What whoever logs in at a database may see, copied into the temporary folder for as long as the block runs.

    files: where the store of files is from here, if not where the database says. InputError and LinkLostError as
    `publish`.
    """
    with scratch_folder() as folder, closing(PublishedCopy(folder, address, files)) as copy:
        yield copy


def ask(address: str, question: str, files: str | None = None) -> SamplesAnswer:
    """What DuckDB answers to a question in SQL to the view `samples`, of all sets that the login sees.

    The view has the columns of the published files, and `site`, `rig` and `month`. InputError for what is no question.
    """
    with published_copy(address, files) as copy, copy.library() as library:
        return copy.asking().answer(question, files_of(library))


@contextmanager
def published(address: str, files: str | None = None) -> Iterator[Library]:
    """The same as one library that can't be changed, for the thread that enters the block."""
    with published_copy(address, files) as copy, copy.library() as library:
        yield library
