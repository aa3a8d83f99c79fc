"""Looking a library over: the file, every set's bytes, what was computed from them, the Parquet folders."""

from __future__ import annotations

import binascii
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrorig.library import folders
from retrorig.library.editing import differences
from retrorig.library.reading import read_set

if TYPE_CHECKING:
    from retrorig.library.library import Library

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """What is not as it should be, in one sentence; `is_damage` when something is lost or wrong, not only old."""

    where: str
    what: str
    is_damage: bool = True


def check(library: Library, progress: Progress = lambda done, total: None) -> list[Finding]:
    """Everything that is not as it should be. Nothing is changed."""
    found = list(_file(library))
    if not found:
        found += _orphans(library)
        ids = [name for (name,) in library.db.rows("SELECT set_id FROM frames ORDER BY set_id")]
        for number, set_id in enumerate(ids):
            found += _set(library, set_id)
            progress(number + 1, len(ids))
        found += _parquet(library)
    return found


def _file(library: Library) -> Iterator[Finding]:
    name = library.db.path.name
    try:
        told = [text for (text,) in library.db.connection.execute("PRAGMA integrity_check")]
    except sqlite3.Error as error:
        told = [str(error)]
    if told != ["ok"]:
        why = f"the file is damaged ({told[0].splitlines()[0]})"
        yield Finding(name, f"{why}: restore a backup, or merge it into a new library to save what is whole")


def _orphans(library: Library) -> Iterator[Finding]:
    for (name,) in library.db.rows("SELECT set_id FROM sets EXCEPT SELECT set_id FROM frames"):
        yield Finding(name, "its bytes are missing")
    for (name,) in library.db.rows("SELECT set_id FROM frames EXCEPT SELECT set_id FROM sets"):
        yield Finding(name, "it is missing in the catalogue: `retrorig library recompute` enters it")
    for (name,) in library.db.rows("SELECT set_id FROM edits EXCEPT SELECT set_id FROM frames"):
        yield Finding(name, "something is noted beside this set, which is not here", is_damage=False)


def _set(library: Library, set_id: str) -> Iterator[Finding]:
    size, crc32, blob = library.db.rows("SELECT bytes, crc32, data FROM frames WHERE set_id = ?", (set_id,))[
        0
    ]
    if len(blob) != size or binascii.crc32(blob) != crc32:
        yield Finding(set_id, "its bytes are not those that were stored")
        return
    try:
        lost_n = read_set(blob).lost_blocks
        row = library.computed(set_id)
    except ValueError as error:
        yield Finding(set_id, f"its bytes can't be read ({error})")
        return
    stored = library.find_set(set_id) or row  # that it is not in the catalogue is told already
    if lost_n:
        yield Finding(set_id, f"{lost_n} blocks of its log were damaged on the rig", is_damage=False)
    row = {**row, "athlete": library.names().get(row["athlete"], row["athlete"])}
    keys = [change.key for change in differences(stored, row)]
    if keys:
        some = ", ".join(keys[:3]) + (" and more" if len(keys) > 3 else "")
        yield Finding(set_id, f"{some} would be computed otherwise now: `retrorig library recompute`")


def _parquet(library: Library) -> Iterator[Finding]:
    folder = library.db.folder
    if not (folder / folders.FOLDER).is_dir():
        return
    for set_id in folders.stale_sets(library):
        yield Finding(
            set_id, "its Parquet file is missing or old: `retrorig library samples`", is_damage=False
        )
    for path in folders.strays(library):
        yield Finding(str(path.relative_to(folder)), "this file belongs to no set here")
    if folders.can_write():
        yield from _unreadable(library)


def _unreadable(library: Library) -> Iterator[Finding]:
    from pyarrow import ArrowException, parquet

    for (path,) in library.db.rows("SELECT path FROM parquet WHERE is_current ORDER BY path"):
        try:
            parquet.read_metadata(library.db.folder / path)
        except FileNotFoundError:
            continue  # missing: told already
        except (ArrowException, OSError):
            yield Finding(path, "this Parquet file is damaged: delete it, then `retrorig library samples`")
