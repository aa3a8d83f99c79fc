"""The tables in the database: made where there are none, and their version looked at before anything is sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import Field, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, get_args, get_type_hints

from retrorig.errors import InputError
from retrorig.publish.connection import Connection
from retrorig.set_row import SetRow

VERSION = 3
"""Of the tables and files of a published library; another one is refused."""

SERVER_MIN = 150_000
"""PostgreSQL 15: the oldest whose views can keep to their reader's rights."""

CLOCK_S = 300.0
"""Dates of sets come from this computer's clock: so far it may be from the server's."""

_OWN = ("set_id", "label", "name", "removed")
"""Fields of a row that stand elsewhere in the table, or in none."""

_TYPES = {str: "text", float: "double precision", int: "bigint", list: "json", dict: "json"}


@dataclass(frozen=True)
class About:
    """What the database says of itself: the mark that its store of files bears, and where that is."""

    mark: str
    store: str


@cache
def field_columns() -> dict[str, str]:
    """The columns of `retrorig.sets` that hold a row's fields, each with its type."""
    hints = get_type_hints(SetRow)
    kept: list[Field[Any]] = [of for of in fields(SetRow) if of.name not in _OWN]
    return {of.name: _TYPES[_plain(hints[of.name])] for of in kept}


def _plain(hint: Any) -> type:
    """The one type that a hint such as `float | None` or `list[str]` stands for."""
    (found,) = [one for one in get_args(hint) or (hint,) if one is not type(None)][:1]
    origin = getattr(hint, "__origin__", None)
    return origin if origin in (list, dict) else found


def tables_sql() -> str:
    """The tables, as SQL."""
    columns = ", ".join(f"{name} {kind}" for name, kind in field_columns().items())
    return (files("retrorig.publish") / "tables.sql").read_text("utf-8").replace("{columns}", columns)


def roles_sql() -> str:
    """Roles and row security, as SQL."""
    return (files("retrorig.publish") / "roles.sql").read_text("utf-8")


def open_tables(connection: Connection, store: str | None) -> About:
    """Look at the server and its tables, and make them where the schema is missing, for files at `store`.

    InputError for a server that is too old, a clock that is off, a schema of somebody else's, another version, or
    tables that are to be made without a store named.
    """
    _check_server(connection)
    with connection.transaction():
        connection.run("SELECT pg_advisory_xact_lock(hashtextextended('retrorig', 0))")
        if not connection.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'retrorig'"):
            if store is None:
                raise InputError(
                    f"Nothing is published at {connection.called} yet: "
                    "name a folder or bucket for its files with --files."
                )
            _make_tables(connection, store)
    return read_about(connection)


def _make_tables(connection: Connection, store: str) -> None:
    for statement in tables_sql().split(";\n"):
        connection.run(statement)
    sql = "INSERT INTO retrorig.about (version, mark, store) VALUES ($1::int, $2, $3)"
    connection.run(sql, VERSION, secrets.token_hex(8), store)


def read_about(connection: Connection) -> About:
    """What is published at a database; InputError when that is nothing, or of another version."""
    if not connection.rows(
        "SELECT to_regclass('retrorig.about') WHERE to_regclass('retrorig.about') IS NOT NULL"
    ):
        raise InputError(
            f"The database {connection.called} holds nothing that retrorig published "
            "(no table retrorig.about): choose another."
        )
    with _ours(connection):
        ((version, mark, store),) = connection.rows("SELECT version, mark, store FROM retrorig.about")
    if version != VERSION:
        newer = "update this program" if version > VERSION else "publish into another database"
        raise InputError(
            f"What is published at {connection.called} has version {version}, this program writes {VERSION}: {newer}."
        )
    return About(mark, store)


@contextmanager
def _ours(connection: Connection) -> Iterator[None]:
    """What is called as our table and is none is somebody else's."""
    try:
        yield
    except (InputError, ValueError) as error:
        raise InputError(
            f"The schema retrorig at {connection.called} can't be read as ours ({error}): choose another database."
        ) from None


def _check_server(connection: Connection) -> None:
    ((number, now),) = connection.rows("SELECT current_setting('server_version_num')::int, now()")
    if number < SERVER_MIN:
        raise InputError(
            f"The database {connection.called} is PostgreSQL {number // 10_000}: 15 or newer is needed."
        )
    off_s = abs((datetime.now(UTC) - now).total_seconds())
    if off_s > CLOCK_S:
        raise InputError(
            f"This computer's clock and that of {connection.called} are {off_s / 60:.0f} minutes apart: "
            "put the wrong one right first, as sets are dated by this one."
        )


@contextmanager
def only_one(connection: Connection, site: str) -> Iterator[None]:
    """Keep other programs from publishing the same site meanwhile; InputError after half a minute in vain."""
    connection.run("SET lock_timeout = '30s'")
    connection.run("SELECT pg_advisory_lock(hashtextextended($1, 1))", site)
    try:
        yield
    finally:
        with suppress(Exception):  # a lost connection has let it go
            connection.run("SELECT pg_advisory_unlock(hashtextextended($1, 1))", site)
