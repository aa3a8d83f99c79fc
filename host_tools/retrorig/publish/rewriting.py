"""Files of a store written anew: those that a set has left, and many small ones as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path

from retrorig.publish.catalogue import SiteCatalogue
from retrorig.publish.file_store import FileStore
from retrorig.publish.files import Tables, read_parts, renamed, write_files

COMPACT_SETS_N = 2000
"""Sets of a file that compaction makes."""


class Rewriting:
    """Works on one site's files; broken off anywhere, the old files still count and the next run goes on.

    lost: files that the store lacks.
    """

    def __init__(
        self, catalogue: SiteCatalogue, store: FileStore, scratch: Path, lost: Set[str] = frozenset()
    ) -> None:
        self._catalogue, self._store, self._scratch, self._lost = catalogue, store, scratch, lost

    def mend(self) -> None:
        """Write files anew that a set has left, so that nothing of it stays in the store."""
        for name in self._catalogue.torn():
            self._gather([name])

    def compact(self) -> int:
        """Of each rig and month that is over, make one file, or some of COMPACT_SETS_N; how many were made one."""
        this_month, compacted_n = datetime.now(UTC).isoformat()[:7], 0
        for names in self._catalogue.scattered(this_month, COMPACT_SETS_N):
            there = [name for name in names if name not in self._lost]
            for some in _together(self._catalogue.sizes(there)):
                self._gather(some)
                compacted_n += len(some)
        return compacted_n

    def _gather(self, names: Sequence[str]) -> None:
        """Make one file of several, without what the catalogue does not count to them."""
        stays = {name: set(self._catalogue.stays_in(name)) for name in names}
        if not any(stays.values()):
            self._catalogue.move(names, None)
            return
        if not self._lost.isdisjoint(names):
            return  # what stays in it is not in this library, so nobody can send it
        name = renamed(names[0])
        self._catalogue.announce([name])
        write_files(self._store, self._scratch, name, self._kept_parts(stays))
        self._catalogue.move(names, name)

    def _kept_parts(self, stays: dict[str, set[str]]) -> Iterator[Tables]:
        for name, kept in stays.items():
            yield from read_parts(self._store, name, kept)


def _together(sizes: dict[str, int]) -> Iterator[list[str]]:
    """Files in groups of at most COMPACT_SETS_N sets; a group of one is none."""
    some, sets_n = list[str](), 0
    for name, size in [*sizes.items(), ("", COMPACT_SETS_N + 1)]:
        if some and sets_n + size > COMPACT_SETS_N:
            if len(some) > 1:
                yield some
            some, sets_n = [], 0
        some.append(name)
        sets_n += size
