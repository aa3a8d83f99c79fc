"""One publish: what is new or changed in a library goes to its target; what was deleted here goes from there.

Files go first, under names that nobody refers to yet; then their sets' rows, in one transaction a file; what became
useless goes last. Wherever this is broken off, the next run finds in the database what was under way and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from retrorig.library import Choice, Library
from retrorig.library.states import SetState
from retrorig.publish.calibration_rows import Makers
from retrorig.publish.catalogue import SiteCatalogue
from retrorig.publish.connection import Connection
from retrorig.publish.file_store import FileStore
from retrorig.publish.files import names_below, new_name, remove_files, write_files
from retrorig.publish.rewriting import Rewriting
from retrorig.publish.tables import raw_of, row_values, samples_of
from retrorig.publish.target import VERSION, only_one, open_tables
from retrorig.scratch import scratch_folder
from retrorig.set_row import SetRow

FILE_SETS_N = 250
"""Sets of one rig and month that are sent in one file and one transaction."""

_FORM = "2"
"""Of what is published of a set: another one sends everything anew."""

Progress = Callable[[int, int], None]
"""Called with (sets looked at, sets in all)."""


@dataclass
class PublishResult:
    """sent_n: sets that were new or changed. removed_n: deleted ones. foreign: sets that other sites own. notices: for
    people. compacted_n: files that were made one."""

    sent_n: int = 0
    removed_n: int = 0
    compacted_n: int = 0
    foreign: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def publish(
    library: Library,
    address: str,
    files: str | None = None,
    *,
    site_name: str | None = None,
    has_names: bool | None = None,
    is_compacting: bool = False,
    progress: Progress = lambda done, total: None,
) -> PublishResult:
    """Bring what is published of a library up to date.

    address: `postgresql://...`. files: a folder or any other address of fsspec's for samples and raw sets; needed at
    the first publish into a database, where it is kept. has_names: whether names of people go there, too; None: as
    before. InputError (status 2) for what must be mended, LinkLostError (3) for a line that broke; what was finished
    is there, and another call goes on.
    """
    with closing(Connection(address)) as connection:
        about = open_tables(connection, files)
        store = FileStore(files or about.store)
        store.check_mark(about.mark, VERSION)
        site = library.site.id
        with only_one(connection, site), scratch_folder() as scratch:
            catalogue = SiteCatalogue(connection, site)
            sends_names = catalogue.register(site_name, has_names)
            library.site.note_published(connection.called)
            return _Run(library, catalogue, store, scratch, sends_names, progress).whole(is_compacting)


@dataclass
class _Batch:
    """Sets that are sent in one transaction: in new files by name, and under None those whose samples are there."""

    files: dict[str | None, list[SetState]] = field(default_factory=dict)
    sets_n: int = 0

    def add(self, name: str | None, states: list[SetState]) -> None:
        self.files.setdefault(name, []).extend(states)
        self.sets_n += len(states)

    @property
    def ids(self) -> list[str]:
        """All of them."""
        return [state.set_id for states in self.files.values() for state in states]


class _Run:
    """The steps of one publish."""

    def __init__(
        self,
        library: Library,
        catalogue: SiteCatalogue,
        store: FileStore,
        scratch: Path,
        has_names: bool,
        progress: Progress,
    ) -> None:
        self._library, self._catalogue, self._store, self._scratch = library, catalogue, store, scratch
        self._has_names, self._progress = has_names, progress
        self._site = library.site.id
        self._person_of = str if has_names else library.site.pseudonym
        self._form = f"{_FORM} {has_names}"
        self._result = PublishResult()
        self._batch = _Batch()
        self._elsewhere: list[str] = []
        self._looked_n, self._sets_n = 0, library.states.count()

    def whole(self, is_compacting: bool) -> PublishResult:
        self._sweep()
        lost = self._compare_store()
        self._put_people_and_calibrations()
        for month in dict.fromkeys([*self._library.states.months(), *self._catalogue.months()]):
            self._publish_month(month)
        self._send()
        self._remove_gone()
        rewriting = Rewriting(self._catalogue, self._store, self._scratch, lost)
        rewriting.mend()
        if is_compacting:
            self._result.compacted_n = rewriting.compact()
        self._sweep()
        self._result.notices += self._catalogue.overwrite()
        self._catalogue.note_end()
        return self._told()

    def _put_people_and_calibrations(self) -> None:
        makers = Makers(self._library, self._person_of)
        names = {**self._library.people.names(), **makers.names()} if self._has_names else {}
        self._catalogue.put_people(names)
        self._catalogue.put_calibrations(makers.rows())

    def _publish_month(self, month: str) -> None:
        there = {one.set_id: one for one in self._catalogue.of(month)}
        states = self._library.states.of(month, self._person_of, self._form)
        for _, of_rig in groupby(states, key=lambda state: state.rig):
            new, changed = [], []
            for state in of_rig:
                before = there.pop(state.set_id, None)
                self._looked_n += 1
                if before is None or before.samples_digest != state.samples_digest:
                    new.append(state)
                elif before.row_digest != state.row_digest:
                    changed.append(state)
            for some in self._owned(new):
                self._add(new_name(self._site, some[0].rig, month), some)
            for some in _chunks(changed):
                self._add(None, some)
        self._elsewhere += there
        self._progress(self._looked_n, self._sets_n)

    def _owned(self, states: Sequence[SetState]) -> Iterator[list[SetState]]:
        """Those that no other site owns, as many at a time as go into a file."""
        for some in _chunks(states):
            ours = self._catalogue.claim([state.set_id for state in some])
            self._result.foreign += [state.set_id for state in some if state.set_id not in ours]
            if owned := [state for state in some if state.set_id in ours]:
                yield owned

    def _add(self, name: str | None, states: list[SetState]) -> None:
        self._batch.add(name, states)
        if self._batch.sets_n >= FILE_SETS_N:
            self._send()

    def _send(self) -> None:
        """What waits: files first, then the rows that name them."""
        batch, self._batch = self._batch, _Batch()
        rows = {row.set_id: row for row in self._library.each_set(Choice(ids=batch.ids))}
        files = {name: [one for one in states if one.set_id in rows] for name, states in batch.files.items()}
        new = [name for name, states in files.items() if name is not None and states]
        self._catalogue.announce(new)
        for name in new:
            parts = (self._part(rows[state.set_id]) for state in files[name])
            write_files(self._store, self._scratch, name, parts)
        values = [
            self._values(rows[state.set_id], state, name)
            for name, states in files.items()
            for state in states
        ]
        if values:
            self._catalogue.put(values, new)
        self._result.sent_n += len(values)

    def _part(self, row: SetRow) -> tuple[Any, Any]:
        return samples_of(self._library, row, self._person_of), raw_of(self._library, row)

    def _values(self, row: SetRow, state: SetState, name: str | None) -> dict[str, Any]:
        return {
            **row_values(self._library, row, self._person_of, self._has_names),
            "month": state.month,
            "row_digest": state.row_digest,
            "samples_digest": state.samples_digest,
            "file": name,
        }

    def _remove_gone(self) -> None:
        """Sets that are there and were deleted or hidden here; one that was never here is told and stays."""
        gone = self._library.states.gone(self._elsewhere)
        for some in _chunks(gone):
            self._catalogue.drop(some)
        self._result.removed_n = len(gone)
        unknown = [one for one in set(self._elsewhere) - set(gone) if self._library.find_set(one) is None]
        if unknown:
            self._result.notices.append(
                f"Sets that this library published, did not delete and does not have any more: {len(unknown)}; "
                "they stay there."
            )

    def _sweep(self) -> None:
        names = self._catalogue.useless()
        for some in _chunks(names):
            remove_files(self._store, some)
            self._catalogue.forget_files(some)

    def _compare_store(self) -> set[str]:
        """Where database or store came back from a backup: the files that are missing, whose sets are sent again.

        Files that nobody knows any more go, as people may be in them who were forgotten.
        """
        known = self._catalogue.files()
        whole, there = names_below(self._store, self._site)
        self._catalogue.lose(sorted(known - whole))
        for some in _chunks(sorted(there - known)):
            remove_files(self._store, some)
        return known - whole

    def _told(self) -> PublishResult:
        if self._result.foreign:
            self._result.notices.append(
                f"Sets that another library published first, or took away there: {len(self._result.foreign)}; "
                "that library looks after them."
            )
        return self._result


def _chunks(items: Sequence[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while some := list(islice(left, FILE_SETS_N)):
        yield some
