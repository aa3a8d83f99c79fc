"""A desk of what a library published, and somebody at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.test_closed import Client
from tests.publish.target import PEOPLE, Target

from retrorig import Library
from retrorig.desk.running import Serving
from retrorig.publish import PublishedCopy, publish, published_copy


@pytest.fixture
def copy(target: Target, library: Library) -> Iterator[PublishedCopy]:
    """What a library published, with a set of a known person."""
    library.edit([library.sets()[-1].set_id], {"athlete": PEOPLE[0]})
    publish(library, target.address, str(target.store))
    with published_copy(target.address) as made:
        yield made


@pytest.fixture
def visitor(copy: PublishedCopy, tmp_path: Path) -> Iterator[Client]:
    """Somebody at a desk of it."""
    with Serving(copy.folder, port=str(tmp_path / "no-rig"), published=copy) as desk:
        client = Client(desk)
        client.enter(desk.address())
        yield client


def get(visitor: Client, path: str) -> tuple[int, str]:
    answer = visitor.ask(path)
    return answer.status, answer.text  # type: ignore[attr-defined]
