"""Each port that appears is watched, and each that goes is let go of and told; no rig, no waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from retrorig.watch import EventLog, Watch, WatchEvent, rig_watch, service
from retrorig.watch.rig_watch import AGAIN_S, MEND_S, PERIOD_MS


class Watched:
    """Stands in for the watch of one port."""

    made: list[Watched]

    def __init__(self, port: str, library: object, tell: Callable[[WatchEvent], None]) -> None:
        self.port, self.rig, self.library, self.tell = port, f"rig at {port}", library, tell
        self.started_n = self.closed_n = 0
        self.made.append(self)

    def start(self) -> None:
        self.started_n += 1

    def close(self) -> None:
        self.closed_n += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
    Watched.made = []
    monkeypatch.setattr(service, "RigWatch", Watched)
    return Watched.made


def looks(watch: Watch, monkeypatch: pytest.MonkeyPatch, seen: list[list[str]]) -> None:
    """Run the watch for so many looks; at each these USB ports are there."""
    left = iter(seen)
    monkeypatch.setattr(service, "candidates", lambda: [SimpleNamespace(device=one) for one in next(left)])

    class Stop(threading.Event):
        looks_n = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.looks_n += 1
            assert timeout and 0.2 <= timeout <= 2, "a rig that is plugged in is found soon"
            if self.looks_n == len(seen):
                self.set()
            return self.is_set()

    monkeypatch.setattr(watch, "_stop", Stop())
    watch.run()


def test_ports_come_and_go(monkeypatch: pytest.MonkeyPatch, made: list[Watched]) -> None:
    told: list[WatchEvent] = []
    watch = Watch("library", tell=told.append)
    looks(watch, monkeypatch, [[], ["A"], ["A", "B"], ["B"], ["A", "B"]])
    assert [one.port for one in made] == ["A", "B", "A"]
    assert [one.started_n for one in made] == [one.closed_n for one in made] == [1, 1, 1]
    assert [(event.kind, event.port, event.rig) for event in told] == [("unplugged", "A", "rig at A")]
    assert all(one.library == "library" for one in made)
    assert watch.rigs() == {}


def test_ports_that_were_named_are_watched_whatever_is_plugged_in(
    monkeypatch: pytest.MonkeyPatch, made: list[Watched]
) -> None:
    watch = Watch(None, ("/dev/a", "/dev/b"))
    seen: list[dict[str, str]] = []
    monkeypatch.setattr(Watched, "close", lambda self: seen.append(watch.rigs()))
    looks(watch, monkeypatch, [["C"], ["C"]])
    assert [one.port for one in made] == ["/dev/a", "/dev/b"]
    assert seen[0] == {"/dev/a": "rig at /dev/a", "/dev/b": "rig at /dev/b"}


def test_a_watch_that_breaks_lets_its_ports_go(monkeypatch: pytest.MonkeyPatch, made: list[Watched]) -> None:
    def broken(self: Watched) -> None:
        raise RuntimeError("bug")

    watch = Watch(None, ("/dev/a",))
    monkeypatch.setattr(Watched, "start", broken)
    with pytest.raises(RuntimeError):
        watch.run()
    assert [one.closed_n for one in made] == [1]


class Due(threading.Event):
    """Notes what is waited for, and never waits."""

    def __init__(self, waits: list[tuple[str, Any, bool]], name: str) -> None:
        super().__init__()
        self._waits, self._name = waits, name

    def wait(self, timeout: float | None = None) -> bool:
        self._waits.append((self._name, timeout, self.is_set()))
        return self.is_set()


@pytest.mark.parametrize("outcomes", [[True, True], [False, True], [True, False, False, True]])
def test_a_pull_that_failed_is_tried_after_seconds_and_one_that_came_off_after_minutes(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[bool]
) -> None:
    """Within a minute and an hour: what was missed comes in by itself."""
    waits: list[tuple[str, Any, bool]] = []
    monkeypatch.setattr(rig_watch, "SharedStream", lambda *_: None)
    watched = rig_watch.RigWatch("/dev/a", None, lambda event: None)
    watched._stop, watched._due = Due(waits, "stop"), Due(waits, "due")
    left = iter(outcomes)
    is_due: list[bool] = []

    def pull() -> bool:
        is_due.append(watched._due.is_set())
        outcome = next(left, None)
        if outcome is None:
            watched._stop.set()
        return outcome is not False

    monkeypatch.setattr(watched, "_pull", pull)
    watched._pull_when_due()
    expected: list[tuple[str, Any, bool]] = []
    is_failed = False
    for outcome in (*outcomes, True):
        expected.append(("due", AGAIN_S, is_failed))
        is_failed = not outcome
        expected += [("stop", MEND_S, False)] * is_failed
    assert waits == expected, "after a failure nothing else need happen"
    assert not any(is_due), "what is pulled is not due any more"
    assert 5 <= MEND_S <= 60 <= AGAIN_S <= 3600 and 100 <= PERIOD_MS <= 1000


def test_the_log_of_a_new_library_is_its_owners_alone(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "deep" / "library")
    log.close()
    assert (tmp_path / "deep" / "library").stat().st_mode & 0o777 == 0o700
