"""`--follow`: each change of the library is published by itself, also when the database was away meanwhile."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.publish.target import Target, check, make_library

from retrorig import Library
from retrorig.publish import ChangePublisher, PublishResult

WAIT_S = 90.0


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library", 6) as made:
        yield made


@contextmanager
def _following(library: Library, target: Target, said: queue.Queue[PublishResult | str]) -> Iterator[None]:
    follower = ChangePublisher(
        library.folder, target.address, str(target.store), tell=said.put, tell_lost=said.put
    )
    thread = threading.Thread(target=follower.run)
    thread.start()
    try:
        yield
    finally:
        follower.stop()
        thread.join(WAIT_S)
    assert not thread.is_alive()


def test_each_change_is_published_and_a_database_that_was_away_is_told_once(
    target: Target, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.publish.following.LOOK_S", 0.05)
    monkeypatch.setattr("retrorig.publish.following.AGAIN_S", (0.05,))
    said: queue.Queue[PublishResult | str] = queue.Queue()
    ids = [row.set_id for row in library.sets()]
    with _following(library, target, said):
        assert _sent(said) == 6
        library.edit(ids[:1], {"notes": "first"})
        assert _sent(said) == 1
        target.server.stop()
        try:
            library.edit(ids[:2], {"notes": "second"})
            lost = said.get(timeout=WAIT_S)
            assert isinstance(lost, str) and "tried again" in lost
        finally:
            target.server.start()
        assert _sent(said) == 2
    check(target, library)
    assert said.empty()


def _sent(said: queue.Queue[PublishResult | str]) -> int:
    found = said.get(timeout=WAIT_S)
    assert isinstance(found, PublishResult), found
    return found.sent_n
