"""The Parquet folders: each set's samples in a file of its own, in the layout that DuckDB and Spark read unchanged.

    LIBRARY/samples/rig=<rig>/date=<YYYY-MM-DD in UTC, or unknown>/<set_id>.parquet

The catalogue knows which file belongs to which set and whether the set has changed since it was written. A file
appears whole or not at all; what an interrupted program left behind has another ending and is read by nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.extras import require
from retrorig.library.part import Part
from retrorig.set_row import SetRow
from retrorig.writing import file_name

if TYPE_CHECKING:
    from retrorig.library.library import Library

FOLDER = "samples"
UNKNOWN = "unknown"
ENDING = ".parquet"
BATCH_N = 50
"""Files that are entered in the catalogue together: one durable write for all of them."""

LEFTOVER_S = 3600.0
"""A temporary file of this age belongs to no program that still runs."""

Progress = Callable[[int, int], None]
"""Called with (files done, files in all)."""


def can_write() -> bool:
    """Whether the package that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def place_of(row: SetRow) -> PurePosixPath:
    """Where a set's file is, within the library; what no file name should hold is written as %XX."""
    date = (row.started_utc or UNKNOWN)[:10]
    rig, name = map(file_name, (row.rig_id, row.set_id))
    return PurePosixPath(FOLDER, f"rig={rig}", f"date={date}", f"{name}{ENDING}")


class SampleFiles(Part):
    """Which file holds which set's samples, and whether the set has changed since."""

    @property
    def folder(self) -> Path:
        """The folder of all files; it may be missing."""
        return self.db.folder / FOLDER

    def known(self) -> dict[str, Path]:
        """The file of each set that has one."""
        return {
            name: self.db.folder / path for name, path in self.db.rows("SELECT set_id, path FROM parquet")
        }

    def current_of(self, set_id: str) -> Path | None:
        """A set's file if it is there and up to date."""
        found = self.db.row("SELECT path FROM parquet WHERE set_id = ? AND is_current", (set_id,))
        path = self.db.folder / found[0] if found else None
        return path if path and path.is_file() else None

    def current(self) -> list[Path]:
        """Files that are entered as up to date."""
        return [
            self.db.folder / path
            for (path,) in self.db.rows("SELECT path FROM parquet WHERE is_current ORDER BY path")
        ]

    def stale(self) -> list[str]:
        """Listed sets whose file is missing or older than the set."""
        sql = """
            SELECT set_id, path, is_current FROM sets LEFT JOIN parquet USING (set_id)
            WHERE removed IS NULL ORDER BY set_id
        """
        return [
            name
            for name, path, is_current in self.db.rows(sql)
            if not (is_current and (self.db.folder / path).is_file())
        ]

    def mark_old(self, set_id: str) -> None:
        """Note that a set has changed since its file was written."""
        self.db.rows("UPDATE parquet SET is_current = 0 WHERE set_id = ?", (set_id,))

    def enter(self, set_id: str, place: PurePosixPath, is_current: bool) -> Path | None:
        """Enter a file that was written; the file that it takes the place of, if that is another."""
        before = self.db.row("SELECT path FROM parquet WHERE set_id = ?", (set_id,))
        self.db.rows("INSERT OR REPLACE INTO parquet VALUES (?, ?, ?)", (set_id, str(place), is_current))
        return self.db.folder / before[0] if before and before[0] != str(place) else None

    def drop(self, set_id: str) -> None:
        """Take a set's file out of the catalogue; `remove` deletes the file, too."""
        self.db.rows("DELETE FROM parquet WHERE set_id = ?", (set_id,))

    def remove(self, set_ids: Sequence[str]) -> None:
        """Delete the files of sets, wherever they are."""
        names = {f"{file_name(set_id)}{ENDING}" for set_id in set_ids}
        for path in self._all_files():
            if path.name in names:
                path.unlink(missing_ok=True)
        for set_id in set_ids:
            self.drop(set_id)

    def remove_leftovers(self) -> int:
        """Delete what broken-off programs left, and files of known sets that are not where they belong; how many."""
        known = {file_name(set_id): path for set_id, path in self.known().items()}
        now_s, removed_n = time.time(), 0
        for path in self._all_files():
            name = path.name.removesuffix(ENDING)
            is_old_part = path.suffix == ".part" and now_s - path.stat().st_mtime > LEFTOVER_S
            is_elsewhere = name in known and known[name] != path
            if is_old_part or is_elsewhere:
                path.unlink(missing_ok=True)
                removed_n += 1
        return removed_n

    def remove_parts(self) -> None:
        """Delete what broken-off programs left half written, here and of backups beside the library."""
        for path in (*self.parts(), *self.db.folder.glob(".retrorig-*.part")):
            path.unlink(missing_ok=True)

    def strays(self) -> list[Path]:
        """Parquet files that belong to no set of the library."""
        known = set(self.known().values())
        return [path for path in self._all_files() if path.suffix == ENDING and path not in known]

    def parts(self) -> list[Path]:
        """Files that a broken-off program left half written."""
        return sorted({path for path in self._all_files() if path.suffix == ".part"})

    def _all_files(self) -> Iterator[Path]:
        yield from self.folder.glob("rig=*/date=*/*")
        yield from self.folder.glob("rig=*/date=*/.*.part")


def write_samples(
    library: Library, set_ids: Sequence[str] | None = None, progress: Progress = lambda done, total: None
) -> int:
    """Write the files of these sets, or of all that lack theirs or have changed; how many were written.

    InputError when pyarrow is missing or the disk is full; the files written until then are good.
    """
    require("pyarrow", "parquet")
    names = library.files.stale() if set_ids is None else list(set_ids)
    for first in range(0, len(names), BATCH_N):
        batch = names[first : first + BATCH_N]
        _enter(library, [_write(library, set_id) for set_id in batch])
        progress(first + len(batch), len(names))
    return len(names)


def follow_up(library: Library, set_ids: Sequence[str]) -> list[str]:
    """After a pull: write the files of new sets where that is possible; what went wrong as a sentence, no error."""
    if not set_ids or not can_write():
        return []
    try:
        write_samples(library, set_ids)
    except InputError as error:
        return [f"The sets are stored, but not their Parquet files: {error}"]
    return []


def _write(library: Library, set_id: str) -> tuple[SetRow, PurePosixPath]:
    """Write one file; the row that it was written from, and its place."""
    from retrorig.export.parquet_file import write_parquet
    from retrorig.writing import make_folder, replacing

    (one,) = library.exported([set_id])
    place = place_of(one.row)
    path = library.folder / place
    make_folder(library.files.folder, mode=0o700)
    make_folder(path.parent)
    with replacing(path) as file:
        write_parquet([one], file)
    return one.row, place


def _enter(library: Library, written: Sequence[tuple[SetRow, PurePosixPath]]) -> None:
    """Enter files in the catalogue and delete those that they took the place of."""
    replaced = []
    with library.db.transaction():
        for row, place in written:
            is_current = library.find_set(row.set_id) == row  # or it was changed while the file was written
            replaced.append(library.files.enter(row.set_id, place, is_current))
    for path in filter(None, replaced):
        path.unlink(missing_ok=True)
