"""What tests look at: a database, its store, and whether both hold exactly what libraries have."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as arrow
import pyarrow.parquet as parquet
from tests.library import big_library
from tests.publish.postgres import Server

from retrorig.library import Library
from retrorig.set_row import SetRow
from rigcore.decode import decode_set

PEOPLE = [f"Athlete {number + 1}" for number in range(big_library.PEOPLE_N)]


@dataclass
class Target:
    """A database of a server, and a folder for files."""

    server: Server
    database: str
    store: Path

    @property
    def address(self) -> str:
        return self.server.socket_address(self.database)

    def rows(self, sql: str) -> list[list[str]]:
        return [line.split("|") for line in self.server.sql(self.database, sql).splitlines()]

    def column(self, sql: str) -> list[str]:
        return [row[0] for row in self.rows(sql)]

    def files(self, kind: str) -> list[Path]:
        return sorted((self.store / kind).rglob("*.parquet"))

    def table(self, kind: str) -> arrow.Table:
        return arrow.concat_tables([parquet.ParquetFile(path).read() for path in self.files(kind)])

    def every_byte(self) -> bytes:
        """Of the files, of the database as text, and of its tables' own files."""
        self.server.sql(self.database, "CHECKPOINT")
        (oid,) = self.column("SELECT oid FROM pg_database WHERE datname = current_database()")
        base = self.server.folder / "data" / "base" / oid
        places = [path for folder in (self.store, base) for path in folder.rglob("*") if path.is_file()]
        names = "\n".join(map(str, places)).encode()
        return names + self.server.dump(self.database) + b"".join(map(_bytes_of, places))


def _bytes_of(path: Path) -> bytes:
    """Nothing where the server took the file away meanwhile, as it does with its caches."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def make_library(folder: Path, sets_n: int, first_rig: int = 0) -> Library:
    """Sets of one rig over some seven weeks, by 40 people; other rigs make other sets."""
    before = big_library.RIGS_N, big_library.SPAN, big_library.random.Random.randrange
    big_library.RIGS_N, big_library.SPAN = 1, timedelta(days=50)
    try:
        big_library.make(folder, 0)
        library = Library(folder)
        _fill(library, sets_n, first_rig)
    finally:
        big_library.RIGS_N, big_library.SPAN, _ = before
    return library


def _fill(library: Library, sets_n: int, rig: int) -> None:
    from rigcore.decode import iter_records, unpack_header
    from rigcore.records import TYPE_HEADER, pack_header, seal

    templates = [big_library._template(number) for number in range(4)]
    for number in range(sets_n):
        _, header, blob, _ = big_library._made(templates, number, sets_n)
        records = [(kind, body) for kind, _, body, _ in iter_records(blob)]
        header = {**unpack_header(records[0][1]), "rig": f"{rig:012x}", "no": number}
        records[0] = (TYPE_HEADER, pack_header(header))
        library.add_set(b"".join(seal(kind, seq, body, number) for seq, (kind, body) in enumerate(records)))


def check(target: Target, *libraries: Library, has_names: bool = True) -> None:
    """The target holds each listed set of the libraries once, as it is there, and nothing else."""
    rows = {row.set_id: (row, library) for library in libraries for row in library.sets()}
    published = target.rows(
        "SELECT set_id, coalesce(person, ''), backward_m, tail FROM retrorig.sets ORDER BY set_id"
    )
    assert [one[0] for one in published] == sorted(rows)
    for set_id, person, backward_m, *tail in published:
        row, library = rows[set_id]
        assert person == (_person(library, row, has_names) or "")
        assert float(backward_m) == row.backward_m
        if has_names:
            keys = row.as_dict()
            assert json.loads("{" + "|".join(tail)) == {
                key: keys[key] for key in keys if key not in ("set_id", "rig_id", "athlete")
            }
    _check_files(target, rows, has_names)


def _check_files(target: Target, rows: dict[str, tuple[SetRow, Library]], has_names: bool) -> None:
    assert not target.column("SELECT file FROM retrorig.files WHERE state <> 'whole'")
    named = target.column("SELECT DISTINCT file FROM retrorig.sets ORDER BY 1")
    for kind in ("samples", "raw"):
        there = [str(path.relative_to(target.store / kind).with_suffix("")) for path in target.files(kind)]
        assert sorted(there) == named
    if not rows:
        return
    samples, raw = target.table("samples"), target.table("raw")
    counted = Counter(samples["set_id"].to_pylist())
    assert counted == Counter({set_id: row.samples for set_id, (row, _) in rows.items() if row.samples})
    assert sorted(raw["set_id"].to_pylist()) == sorted(rows)
    people = dict(zip(samples["set_id"].to_pylist(), samples["athlete"].to_pylist()))
    for set_id, data in zip(raw["set_id"].to_pylist(), raw["data"].to_pylist()):
        row, library = rows[set_id]
        assert people[set_id] == _person(library, row, has_names)
        ours, theirs = decode_set(library.blob(set_id)), decode_set(data)
        assert "athlete" not in theirs.header
        assert {**ours.header, "athlete": None} == {**theirs.header, "athlete": None}
        assert (ours.t_us, ours.count, ours.code, ours.end) == (
            theirs.t_us,
            theirs.count,
            theirs.code,
            theirs.end,
        )


def _person(library: Library, row: SetRow, has_names: bool) -> str | None:
    return row.label if has_names or not row.label else library.site.pseudonym(row.label)
