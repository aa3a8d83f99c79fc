"""A private PostgreSQL in a temporary folder, reached by a socket alone, and the catalogue's way into it by ADBC."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgres
import pyarrow as arrow
from tests.growth.questions import CATALOGUE, Answer
from tests.publish.postgres import server as private_server


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that lives as long as the block. LeftOut when it can't start."""
    with private_server() as made:
        yield made.socket_address()


@dataclass(frozen=True)
class Sent:
    """The catalogue in the server: its answer to CATALOGUE and SQLite's, seconds of sending, bytes it takes there."""

    theirs: Answer
    ours: Answer
    seconds: float
    size_bytes: int


def send_catalogue(file: Path, address: str) -> Sent:
    """All rows of the library's `sets` into the server."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as catalogue:
        table = _catalogue(catalogue)
        ours = catalogue.execute(CATALOGUE).fetchall()
    started = time.perf_counter()
    with postgres.connect(address) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("sets", table, mode="create")
        connection.commit()
        sending_s = time.perf_counter() - started
        cursor.execute(CATALOGUE.replace("sum(samples)", "sum(samples)::bigint"))
        theirs = cursor.fetchall()
        cursor.execute("SELECT pg_total_relation_size('sets')")
        (size_bytes,) = cursor.fetchone() or (0,)
    return Sent(theirs, ours, sending_s, size_bytes)


def _catalogue(catalogue: sqlite3.Connection) -> arrow.Table:
    found = catalogue.execute("SELECT * FROM sets")
    names = [column[0] for column in found.description]
    columns = [arrow.array(values) for values in zip(*found.fetchall(), strict=True)]
    unknown = [arrow.types.is_null(column.type) for column in columns]
    return arrow.table(
        [
            column.cast(arrow.string()) if null else column
            for column, null in zip(columns, unknown, strict=True)
        ],
        names=names,
    )
