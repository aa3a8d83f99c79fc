"""A private PostgreSQL in a temporary folder, reached by a socket alone, and the catalogue's way into it by ADBC."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgres
import pyarrow as arrow
from tests.growth.needs import SERVICE_USER, LeftOut, postgres_programs, server_lacks
from tests.growth.questions import CATALOGUE, Answer


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that lives as long as the block. LeftOut when it can't start."""
    if lacks := server_lacks():
        raise LeftOut(lacks)
    programs = postgres_programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="retrorig-pg-"))
    try:
        _give_away(folder)
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "retrorig",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        _run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql:///postgres?host={folder}&user=retrorig"
        finally:
            _run(programs / "pg_ctl", "-D", folder / "data", "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def _give_away(folder: Path) -> None:
    """As root the server runs as its own user."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVICE_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(*command: object) -> None:
    user = SERVICE_USER if os.geteuid() == 0 else None
    arguments = [str(part) for part in command]
    done = subprocess.run(
        arguments, user=user, group=user, extra_groups=[] if user else None, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LeftOut(f"PostgreSQL's {Path(arguments[0]).name} failed: {' '.join(done.stderr.split())}")
