"""The files of a published library: samples and raw sets of many sets in one Parquet file each.

    samples/site=<site>/rig=<rig>/month=<YYYY-MM|unknown>/<token>.parquet
    raw/    the same names; columns set_id, data

A file is never changed: what is in it moves to a new one, and the catalogue says which file counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from retrorig.errors import InputError
from retrorig.extras import require
from retrorig.publish.file_store import FileStore
from retrorig.writing import file_name

KINDS = ("samples", "raw")
ROWS_AT_ONCE = 100_000
"""Of a row group: readers skip by it, and this program's memory holds one."""

RAW_BYTES_AT_ONCE = 1 << 20
"""The same for raw sets."""

_ENDING = ".parquet"

Tables = tuple[Any, Any]
"""Some sets' samples and their raw bytes."""


def new_name(site: str, rig: str, month: str) -> str:
    """A name that no file had."""
    return f"site={site}/rig={file_name(rig)}/month={month}/{secrets.token_hex(8)}"


def renamed(name: str) -> str:
    """A new name in the same place."""
    return f"{name.rpartition('/')[0]}/{secrets.token_hex(8)}"


def path_of(kind: str, name: str) -> str:
    """Where in the store a file is."""
    return f"{kind}/{name}{_ENDING}"


def write_files(store: FileStore, folder: Path, name: str, parts: Iterable[Tables]) -> None:
    """Write both files of a name in a local folder, from sets that come bit by bit, and put them into the store."""
    writers = [_Writer(folder / kind) for kind in KINDS]
    with ExitStack() as stack:
        for writer in writers:
            stack.callback(writer.close)
        for part in parts:
            for writer, table in zip(writers, part, strict=True):
                writer.add(table)
    for kind in KINDS:
        store.put(folder / kind, path_of(kind, name))


def read_parts(store: FileStore, name: str, kept: set[str]) -> Iterator[Tables]:
    """What a file holds of some sets, a row group at a time; of each pair one is None."""
    for kind in KINDS:
        for table in _groups(store, path_of(kind, name)):
            found = _only(table, kept)
            yield (found, None) if kind == "samples" else (None, found)


def _only(table: Any, kept: set[str]) -> Any:
    """The rows of these sets."""
    arrow = require("pyarrow", "publish")
    compute = require("pyarrow.compute", "publish")
    return table.filter(compute.is_in(table["set_id"], value_set=arrow.array(sorted(kept), arrow.string())))


def read_raw(store: FileStore, name: str, set_id: str) -> dict[str, bytes]:
    """The bytes of a set and of those that lie near it. InputError when the file has none of it."""
    parquet = require("pyarrow.parquet", "publish")
    with store.reading(path_of("raw", name)) as file:
        opened = parquet.ParquetFile(file, pre_buffer=True)
        for number in range(opened.num_row_groups):
            ids = opened.metadata.row_group(number).column(0).statistics
            if ids is None or ids.min <= set_id <= ids.max:
                table = opened.read_row_group(number)
                found = dict(zip(table["set_id"].to_pylist(), table["data"].to_pylist(), strict=True))
                if set_id in found:
                    return found
    raise InputError(f"The published file {name} lacks set {set_id}: publish its library again.")


def names_below(store: FileStore, site: str) -> tuple[set[str], set[str]]:
    """The names of a site of which both files are there, and those of which there is any."""
    folders = (f"{kind}/site={site}" for kind in KINDS)
    found = [
        {path.partition("/")[2].removesuffix(_ENDING) for path in store.below(folder)} for folder in folders
    ]
    return set.intersection(*found), set.union(*found)


def remove_files(store: FileStore, names: Sequence[str]) -> None:
    """Delete both files of each name."""
    store.remove([path_of(kind, name) for name in names for kind in KINDS])


def _groups(store: FileStore, path: str) -> Iterator[Any]:
    parquet = require("pyarrow.parquet", "publish")
    with store.reading(path) as file:
        opened = parquet.ParquetFile(file, pre_buffer=True)
        for number in range(opened.num_row_groups):
            yield opened.read_row_group(number)


class _Writer:
    """A Parquet file that grows by tables; its columns are those of the first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None
        self._waiting: list[Any] = []
        self._waiting_n = 0

    def add(self, table: Any) -> None:
        """Add rows; None for nothing."""
        if table is None:
            return
        self._waiting.append(table)
        self._waiting_n += len(table)
        size = sum(one.nbytes for one in self._waiting) if "data" in table.column_names else 0
        if self._waiting_n >= ROWS_AT_ONCE or size >= RAW_BYTES_AT_ONCE:
            self._write()

    def close(self) -> None:
        """Write what waits and close the file."""
        if self._waiting:
            self._write()
        if self._writer is not None:
            self._writer.close()

    def _write(self) -> None:
        arrow = require("pyarrow", "publish")
        table = arrow.concat_tables(self._waiting)
        if self._writer is None:
            self._writer = require("pyarrow.parquet", "publish").ParquetWriter(
                self._path, table.schema, **_packing(table.column_names)
            )
        self._writer.write_table(table, row_group_size=max(len(table), 1))
        self._waiting, self._waiting_n = [], 0


def _packing(columns: Sequence[str]) -> dict[str, Any]:
    """As the library's own files are packed; raw sets can't be made smaller."""
    from retrorig.export.parquet_file import PACKING

    if "data" in columns:
        return {"compression": "none", "use_dictionary": False}
    return {**PACKING, "compression_level": 3, "use_dictionary": ["set_id", "athlete", "date"]}
