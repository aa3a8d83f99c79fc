"""Forgetting a person: out of the catalogue, the notes, the Parquet folders and the bytes of the file.

What this can't reach is told: rigs, backups, exports and reports, and other laptops.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.library import folders

if TYPE_CHECKING:
    from retrorig.library.library import Library


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
        label = library.known_label(name)
        ids = [row[0] for row in library.db.rows("SELECT set_id FROM sets WHERE athlete = ?", (label,))]
        left = _left(library, label) + ([] if delete_sets else _words_left(library, ids))
        _drop_sets(library, ids) if delete_sets else _leave_to_nobody(library, ids)
        _drop_person(library, label)
        if not delete_sets:
            for set_id in ids:
                library.put_row(library.computed(set_id))
    _clear_folders(library, ids, delete_sets)
    _overwrite(library)
    return Forgotten(label, len(ids), left)


def _left(library: Library, label: str) -> list[str]:
    rigs = library.db.rows("SELECT DISTINCT rig FROM frames WHERE label = ? ORDER BY rig", (label,))
    left = [
        f"Rig {rig} may hold sets under the label {label}, which names nobody now: they come here without a person."
        for (rig,) in rigs
    ]
    left.append(
        "Backups, exports and reports made before, and libraries on other laptops, are not reached by this."
    )
    left.append(
        "A disk may keep old bytes of any file for a while; an encrypted disk keeps them from others."
    )
    return left


def _words_left(library: Library, ids: list[str]) -> list[str]:
    """Kept are attachment and tags, which sets are compared by; a name in them is the coach's to see."""
    rows = [library.find_set(set_id) for set_id in ids]
    words_n = sum(bool(row and (row["attachment"] or row["tags"])) for row in rows)
    if not words_n:
        return []
    return [f"Of the kept sets {words_n} keep their attachment and tags: change those that name the person."]


def _drop_sets(library: Library, ids: list[str]) -> None:
    for set_id in ids:
        sql = "INSERT INTO forgotten SELECT set_id, rig, no, bytes, crc32, era FROM frames WHERE set_id = ?"
        library.db.rows(sql, (set_id,))
        for table in ("sets", "frames", "edits", "parquet"):
            library.db.rows(f"DELETE FROM {table} WHERE set_id = ?", (set_id,))


def _leave_to_nobody(library: Library, ids: list[str]) -> None:
    """Take notes and person off; what was noted as this person's is not another's again, whatever the rig said."""
    for set_id in ids:
        library.db.rows("DELETE FROM edits WHERE set_id = ? AND key IN ('notes', 'athlete')", (set_id,))
        library.db.rows("UPDATE frames SET label = NULL WHERE set_id = ?", (set_id,))


def _drop_person(library: Library, label: str) -> None:
    (name,) = library.db.row("SELECT name FROM athletes WHERE label = ?", (label,)) or ("",)
    library.db.rows("DELETE FROM athletes WHERE label = ?", (label,))
    library.db.rows("INSERT INTO retired_labels VALUES (?)", (label,))
    library.db.rows("UPDATE frames SET label = NULL WHERE label = ?", (label,))
    library.db.rows("DELETE FROM edits WHERE key = 'athlete' AND value = ?", (json.dumps(label),))
    for record in library.calibrations():
        if record.get("person") == name:
            text = json.dumps({**record, "person": None}, ensure_ascii=False, sort_keys=True)
            sql = "UPDATE calibrations SET person = NULL, record = ? WHERE id = ?"
            library.db.rows(sql, (text, record["id"]))


def _clear_folders(library: Library, ids: list[str], delete_sets: bool) -> None:
    folders.remove_files(library, ids)
    if not delete_sets and (library.db.folder / folders.FOLDER).is_dir() and folders.can_write():
        folders.write_samples(library, ids)
    for copy in library.db.folder.glob(f"{library.db.path.name}.version-*"):
        copy.unlink(missing_ok=True)  # made before the library was moved on to a newer version


def _overwrite(library: Library) -> None:
    """Rebuild the file and empty the write-ahead log, so that no deleted byte is left in either."""
    try:
        library.db.rows("VACUUM")
    except InputError as error:
        raise InputError(
            f"The person is forgotten, but the file was not rebuilt, so that old bytes may remain in it: {error} "
            "Merging it into a new library leaves them behind."
        ) from None
    (is_busy, *_) = library.db.row("PRAGMA wal_checkpoint(TRUNCATE)") or (1,)
    if is_busy:
        raise InputError(
            "The person is forgotten, but another program has the library open, so that old bytes may remain in its "
            "file: close that program, then open the library once, as `retrorig sets` does."
        )
