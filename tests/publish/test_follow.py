"""`--follow`: each change of the library is published by itself, also when the database was away meanwhile."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.publish.target import Target, check
from tests.walker_belt import WalkerBelt
from tests.watch.test_watch import PORTS, Plug, watched

from retrorig import Library
from retrorig.publish import ChangePublisher, PublishResult
from retrorig.virtual.rig import VirtualRig

WAIT_S = 90.0
SETS_N = 6


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
        assert _sent(said) == SETS_N
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


def test_each_pull_of_a_watch_is_published(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.publish.following.LOOK_S", 0.05)
    monkeypatch.setattr("retrorig.link.relayed.announcement", lambda url: tmp_path / "announced")
    said: queue.Queue[PublishResult | str] = queue.Queue()
    belt = WalkerBelt(sets=400, distance_m=2.0, rest_s=5.0, wait_s=0.5)
    with VirtualRig(belt, seed=6) as rig, Library(tmp_path / "room", create=True) as library:
        rig.power_on()
        rig.run_for(4_000_000)
        rig.start_belt()
        monkeypatch.setattr("retrorig.watch.rig_watch.open_port", lambda url: Plug(rig).open())
        with _following(library, target, said):
            assert _sent(said) == 0
            with watched(library.folder, PORTS[0]) as told:
                told.wait(lambda _: len(told.new()) >= 1)
                while not _sent(said):  # greeting the rig changes the library, too
                    pass
                told.wait(lambda _: len(told.new()) >= 3)
            while target.column("SELECT count(*) FROM retrorig.sets") != [str(len(library.sets()))]:
                _sent(said)
        check(target, library)


def _sent(said: queue.Queue[PublishResult | str]) -> int:
    found = said.get(timeout=WAIT_S)
    assert isinstance(found, PublishResult), found
    return found.sent_n
