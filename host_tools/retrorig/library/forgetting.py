"""Forgetting a person: out of the catalogue, the notes, the Parquet folders and the bytes of the file.

What this can't reach is told: rigs, backups, exports and reports, and other laptops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.library import sample_files
from retrorig.library.files_naming import files_naming
from retrorig.library.notes import DELETED
from retrorig.library.people import is_same_name
from retrorig.library.query import Choice

if TYPE_CHECKING:
    from retrorig.library.library import Library


NAMED_N = 10
"""Sets or files that a sentence names."""


@dataclass(frozen=True)
class Forgotten:
    """label: what stood for the person. sets_n: sets deleted or kept. left: what may remain where."""

    label: str
    sets_n: int
    left: list[str]


def forget(library: Library, name: str, delete_sets: bool) -> Forgotten:
    """Remove a person, and the sets too or only the person from them.

    Kept sets lose their written notes, which may name the person, and keep their numbers. InputError when nobody is
    called so, or when another program has the library open and the old bytes can't be overwritten.
    """
    with library.db.transaction():
        label = library.people.known_label(name)
        person = library.people.names()[label]
        ids = library.catalogue.ids_of_person(label)
        left = _left(library, label) + ([] if delete_sets else _words_left(library, ids))
        if delete_sets:
            _drop_sets(library, ids)
        else:
            for set_id in ids:
                library.notes.drop(set_id, "notes", "athlete")
        _drop_person(library, label, ids)
        left += _words_elsewhere(library, person)
        if not delete_sets:
            for set_id in ids:
                library.put_row(library.computed(set_id))
    _clear_files(library, ids, delete_sets)
    left += told_files(library, person)
    _overwrite(library, "The person is forgotten")
    return Forgotten(label, len(ids), left)


def compact(library: Library) -> int:
    """Erase the sets that were deleted, and what they leave in the file; how many."""
    with library.db.transaction():
        ids = library.catalogue.ids(Choice(removed=DELETED))
        _drop_sets(library, ids)
    library.files.remove(ids)
    _overwrite(library, "The deleted sets are gone")
    return len(ids)


def _left(library: Library, label: str) -> list[str]:
    left = [
        f"Rig {rig} may hold sets under the label {label}, which names nobody now: they come here without a person."
        for rig in library.raw_sets.rigs_of(label)
    ]
    left += [
        f"This library was published at {place}: `retrorig library publish` takes the person away there."
        for place in library.site.published_at
    ]
    left.append(
        "Backups, exports and reports made before, parts of such that broke off (.retrorig-*.part beside them), and "
        "libraries on other laptops are not reached by this."
    )
    left.append(
        "A disk may keep old bytes of any file for a while; an encrypted disk keeps them from others."
    )
    return left


def _words_left(library: Library, ids: list[str]) -> list[str]:
    """Sentences about kept attachments and tags, in which a name may stand."""
    rows = [library.listed(set_id) for set_id in ids]
    told = [f"The bytes of the {len(ids)} kept sets, as their rig wrote them, hold the label."] if ids else []
    words_n = sum(bool(row and (row.attachment or row.tags)) for row in rows)
    if not words_n:
        return told
    return [
        *told,
        f"Of the kept sets {words_n} keep their attachment and tags: change those that name the person.",
    ]


def told_files(library: Library, person: str) -> list[str]:
    """Sentences about files with the name in the library's folder and in the one that this program was started in."""
    folder, file = library.folder.absolute(), library.db.path.absolute()
    own = [
        file,
        *(file.with_name(file.name + end) for end in ("-wal", "-shm")),
        library.files.folder.absolute(),
    ]
    naming, shut = files_naming(person, [folder, Path.cwd()], own)
    left = []
    if naming:
        left.append(f"These files name the person, and stay until you delete them: {_some(naming)}.")
    if shut:
        left.append(f"Whether these name the person can't be told, look for yourself: {_some(shut)}.")
    return left


def _some(found: Sequence[object]) -> str:
    """The first of many."""
    shown = ", ".join(map(str, found[:NAMED_N]))
    return f"{shown} and {len(found) - NAMED_N} more" if found[NAMED_N:] else shown


def _words_elsewhere(library: Library, person: str) -> list[str]:
    """Other people's sets beside which the coach wrote the name."""
    found = library.notes.naming(person)
    if not found:
        return []
    return [f"What is noted beside other sets names the person: {_some(found)}; `retrorig edit` changes it."]


def _drop_sets(library: Library, ids: list[str]) -> None:
    library.raw_sets.forget(ids)
    for set_id in ids:
        library.catalogue.drop(set_id)
        library.notes.drop(set_id)
        library.files.drop(set_id)


def _drop_person(library: Library, label: str, ids: list[str]) -> None:
    """Take the person off all that names it; kept sets are nobody's, whatever the rig said."""
    name = library.people.names()[label]
    people = (name, label)
    library.people.retire(label)
    library.raw_sets.leave_to_nobody(ids, label)
    library.notes.drop_person(label)
    library.calibrations.rename(lambda other: any(is_same_name(each, other) for each in people), None)
    library.partials.clear()


def _clear_files(library: Library, ids: list[str], delete_sets: bool) -> None:
    library.files.remove(ids)
    library.files.remove_parts()
    if not delete_sets and library.files.folder.is_dir() and sample_files.can_write():
        sample_files.write_samples(library, ids)


def _overwrite(library: Library, done: str) -> None:
    """Rebuild the file and empty the write-ahead log, so that no deleted byte is left in either."""
    try:
        library.db.rows("VACUUM")
    except InputError as error:
        raise InputError(
            f"{done}, but the file was not rebuilt, so that old bytes may remain in it: {error} "
            "Merging it into a new library leaves them behind."
        ) from None
    (is_busy, *_) = library.db.row("PRAGMA wal_checkpoint(TRUNCATE)") or (1,)
    if is_busy:
        raise InputError(
            f"{done}, but another program has the library open, so that old bytes may remain in its "
            "file: close that program, then open the library once, as `retrorig sets` does."
        )
