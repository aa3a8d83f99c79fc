"""A library of many short sets, for measuring how commands grow. Everything in it follows from the number alone.

The sets are real ones as far as any command can tell: their bytes decode, and their rows are what their bytes give.
They are a few walks under many headers, over two years, by 20 rigs and 40 people.
"""

from __future__ import annotations

import binascii
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.host.sets import MadeSet, blob_of, header_of, ramped

from retrorig.export.parquet_file import write_parquet
from retrorig.export.sources import ExportedSet
from retrorig.library import Library
from retrorig.library.clocks import boot_of, format_utc
from retrorig.library.columns import as_columns
from retrorig.library.sample_files import place_of
from retrorig.library.schema import COLUMNS
from retrorig.measure.metrics import measure, set_id
from retrorig.measure.sample_table import SampleTable, table_of
from retrorig.measure.samples import sample_set
from retrorig.set_row import SetRow
from retrorig.vocabulary import KINDS
from rigcore.decode import RawSet, decode_set, iter_records
from rigcore.records import TYPE_HEADER, pack_header, seal

RIGS_N = 20
PEOPLE_N = 40
TEMPLATES_N = 16
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=730)
BATCH_N = 1000
FRAME = "set_id, rig, no, crc32, era, boot, bytes, data, label"


@dataclass(frozen=True)
class Template:
    """One walk: the header's fields, the records after the header, and what was computed from it."""

    header: dict[str, Any]
    records: list[tuple[int, bytes]]
    row: dict[str, Any]
    raw: RawSet
    samples: SampleTable


def make(
    folder: Path, sets_n: int, with_samples: bool = False, note: Callable[[int], None] = lambda done: None
) -> None:
    """Make a library of `sets_n` sets of 3 to 9 s at 10 conversions a second (30 to 90 samples) in an empty `folder`.

    With `with_samples` also its Parquet folders, one file a set, which takes far longer than all the rest. `note` is
    called now and then with the number of sets made. 100,000 sets without samples take some 10 s and 200 MB.
    """
    templates = [_template(number) for number in range(TEMPLATES_N)]
    with Library(folder, create=True) as library:
        for number in range(PEOPLE_N):
            library.people.label_for(f"Athlete {number + 1}")
        for first in range(0, sets_n, BATCH_N):
            numbers = range(first, min(first + BATCH_N, sets_n))
            made = [_made(templates, number, sets_n) for number in numbers]
            places = [_write_samples(folder, one[0], one[3]) for one in made] if with_samples else []
            _insert(library, made, places)
            note(numbers.stop)


@cache
def _template(number: int) -> Template:
    """One walk at 0.6 to 1.2 m/s with a pull of 60 to 210 N."""
    chance = random.Random(number)
    duration_s = 3 + 6 * number / TEMPLATES_N
    pull_n = 60 + 10 * number
    plan = MadeSet(
        ramped(chance.uniform(0.6, 1.2), duration_s),
        lambda t: pull_n,
        duration_s,
        rate_hz=10.0,
        seed=number,
        header={"rate_mhz": 10_000},
    )
    blob = blob_of(plan)
    raw = decode_set(blob)
    records = [(kind, body) for kind, _, body, _ in iter_records(blob) if kind != TYPE_HEADER]
    return Template(header_of(plan), records, measure(raw), raw, table_of(sample_set(raw)))


def _made(
    templates: list[Template], number: int, sets_n: int
) -> tuple[SetRow, dict[str, Any], bytes, Template]:
    """(row, header, bytes, template) of one set."""
    chance = random.Random(number)
    template = chance.choice(templates)
    started = FIRST + SPAN * (number / max(sets_n, 1))
    header = {
        **template.header,
        "rig": f"{chance.randrange(RIGS_N):012x}",
        "boot": number // 1000 + 1,
        "no": number,
        "athlete": f"a{chance.randrange(PEOPLE_N) + 1}",
        "kind": chance.choice(KINDS),
        "start_unix_ms": round(started.timestamp() * 1000),
    }
    records = [(TYPE_HEADER, pack_header(header)), *template.records]
    blob = b"".join(seal(kind, seq, body, number) for seq, (kind, body) in enumerate(records))
    stamp = datetime.fromtimestamp(header["start_unix_ms"] / 1000, UTC)
    own = {"set_id": set_id(header), "rig_id": header["rig"], "kind": header["kind"]}
    row = SetRow(**{**template.row, **own}, label=header.get("athlete"), started_utc=format_utc(stamp))
    return row, header, blob, template


def _insert(library: Library, made: list[Any], places: list[str]) -> None:
    rows = [as_columns(row) for row, *_ in made]
    raw_sets = [
        (
            row.set_id,
            header["rig"],
            header["no"],
            binascii.crc32(blob),
            boot_of(header).era,
            header["boot"],
            len(blob),
            blob,
            row.label,
        )
        for row, header, blob, _ in made
    ]
    files = [(row.set_id, place, 1) for (row, *_), place in zip(made, places)]
    connection = library.db.connection
    with library.db.transaction():
        connection.executemany(
            f"INSERT INTO sets ({', '.join(COLUMNS)}, tail) VALUES ({_marks(len(COLUMNS) + 1)})", rows
        )
        connection.executemany(f"INSERT INTO raw_sets ({FRAME}) VALUES ({_marks(9)})", raw_sets)
        connection.executemany("INSERT INTO parquet VALUES (?, ?, ?)", files)


def _marks(n: int) -> str:
    return ", ".join("?" * n)


def _write_samples(folder: Path, row: SetRow, template: Template) -> str:
    place = place_of(row)
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_parquet([ExportedSet(row, lambda: template.samples)], file)
    return str(place)
