"""Checks a library: the file, every set's bytes, what was computed from them, the Parquet folders."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.library import sample_files
from retrorig.library.database import UNREADABLE
from retrorig.library.editing import differences
from retrorig.library.reading import read_set

if TYPE_CHECKING:
    from retrorig.library.library import Library

Progress = Callable[[int, int], None]

RECOMPUTED_N = 1000
"""Of a longer library so many sets, evenly spread, are computed anew; it takes ten times as long as all the rest."""


@dataclass(frozen=True)
class LibraryFault:
    """What is not as it should be, in one sentence; `is_damage` when something is lost or wrong, not only old."""

    where: str
    what: str
    is_damage: bool = True


def check(
    library: Library, progress: Progress = lambda done, total: None, is_thorough: bool = False
) -> list[LibraryFault]:
    """Everything that is not as it should be. Nothing is changed.

    Every set's bytes are read and its row compared with the JSON beside it; RECOMPUTED_N sets, or with `is_thorough`
    all, are computed anew from their bytes.
    """
    found = list(_file(library))
    if not found:
        found += _orphans(library)
        ids = library.raw_sets.ids()
        every = 1 if is_thorough else max(1, math.ceil(len(ids) / RECOMPUTED_N))
        for number, set_id in enumerate(ids):
            found += _set(library, set_id, number % every == 0)
            progress(number + 1, len(ids))
        found += _parquet(library)
        found += _parts(library)
    return found


def _file(library: Library) -> Iterator[LibraryFault]:
    name = library.db.path.name
    try:
        told = [text for (text,) in library.db.connection.execute("PRAGMA integrity_check")]
    except UNREADABLE as error:
        told = [str(error)]
    if told != ["ok"]:
        why = f"the file is damaged ({told[0].splitlines()[0]})"
        yield LibraryFault(
            name, f"{why}: restore a backup, or merge it into a new library to save what is whole"
        )


def _orphans(library: Library) -> Iterator[LibraryFault]:
    for name in library.catalogue.without_bytes():
        yield LibraryFault(name, "its bytes are missing")
    for name in library.catalogue.missing():
        yield LibraryFault(name, "it is missing in the catalogue: `retrorig library recompute` enters it")
    for name in library.notes.senseless():
        yield LibraryFault(name, "a note beside it makes no sense and counts for nothing")
    if senseless_n := library.people.senseless_n():
        yield LibraryFault(
            "people", f"{senseless_n} of them have no name or label that can be read, and count for nothing"
        )
    if senseless_n := library.calibrations.senseless_n():
        yield LibraryFault("calibrations", f"{senseless_n} of them can't be read and count for nothing")
    if senseless_n := library.clocks.senseless_n():
        yield LibraryFault(
            "clocks", f"{senseless_n} exchanges of the time can't have happened and count for nothing"
        )
    for name in library.notes.orphans():
        yield LibraryFault(name, "something is noted beside this set, which is not here", is_damage=False)


def _set(library: Library, set_id: str, is_computed: bool) -> Iterator[LibraryFault]:
    try:
        stored = library.raw_sets.get(set_id)
        if not stored.is_whole:
            yield LibraryFault(set_id, "its bytes are not those that were stored")
            return
        lost_n = read_set(stored.data).lost_blocks
        row = library.computed(set_id) if is_computed else None
    except (ValueError, InputError) as error:
        yield LibraryFault(set_id, f"its bytes can't be read ({error})")
        return
    if lost_n:
        yield LibraryFault(set_id, f"{lost_n} blocks of its log were damaged on the rig", is_damage=False)
    listed = library.listed(set_id)
    if row is None or listed is None:
        if not library.catalogue.is_sound(set_id):
            yield LibraryFault(set_id, "its row was changed by something else: `retrorig library recompute`")
        return
    keys = [change.key for change in differences(listed, row)]
    if keys:
        some = ", ".join(keys[:3]) + (" and more" if len(keys) > 3 else "")
        yield LibraryFault(set_id, f"{some} would be computed otherwise now: `retrorig library recompute`")


def _parts(library: Library) -> Iterator[LibraryFault]:
    """Files that interrupted programs left."""
    for path in library.files.parts():
        name = str(path.relative_to(library.folder))
        yield LibraryFault(name, "a part of a file that a broken-off run left: delete it", is_damage=False)
    for rig, no, size_bytes in library.partials.all():
        what = (
            f"set {no} has arrived in part ({size_bytes} bytes): the next pull from rig {rig} goes on there"
        )
        yield LibraryFault(f"rig {rig}", what, is_damage=False)


def _parquet(library: Library) -> Iterator[LibraryFault]:
    files = library.files
    if not files.folder.is_dir():
        return
    for set_id in files.stale():
        yield LibraryFault(
            set_id, "its Parquet file is missing or old: `retrorig library samples`", is_damage=False
        )
    for path in files.strays():
        yield LibraryFault(str(path.relative_to(library.folder)), "this file belongs to no set here")
    if sample_files.can_write():
        yield from _unreadable(library)


def _unreadable(library: Library) -> Iterator[LibraryFault]:
    from pyarrow import ArrowException, parquet

    for path in library.files.current():
        try:
            parquet.read_metadata(path)
        except FileNotFoundError:
            continue  # missing: told already
        except (ArrowException, OSError):
            name = str(path.relative_to(library.folder))
            yield LibraryFault(
                name, "this Parquet file is damaged: delete it, then `retrorig library samples`"
            )
