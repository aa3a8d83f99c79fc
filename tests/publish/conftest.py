"""One PostgreSQL for all tests of a process, and a new database with a new folder for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.growth.needs import LeftOut
from tests.publish.buckets import bucket as bucket
from tests.publish.buckets import keys as keys
from tests.publish.desks import copy as copy
from tests.publish.desks import visitor as visitor
from tests.publish.postgres import Server, server
from tests.publish.target import Target, make_library
from tests.tools import in_memory

from retrorig import Library

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    try:
        with server(in_memory.place()) as made:
            yield made
    except LeftOut as why:
        if os.environ.get("RETRORIG_NEEDS_POSTGRES") == "1":
            raise
        pytest.skip(str(why))


@pytest.fixture
def target(postgres: Server, tmp_path: Path) -> Iterator[Target]:
    name = f"sites{next(_numbers)}"
    postgres.make_database(name)
    yield Target(postgres, name, tmp_path / "store")
    postgres.drop_database(name)


@pytest.fixture
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Library]:
    """A library of as many sets as the test's module says."""
    with make_library(tmp_path / "library", request.module.SETS_N) as made:
        yield made
