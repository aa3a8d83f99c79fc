"""One connection for several: open while somebody listens, lent to who asks, let go of for who needs the port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from retrorig import shared_stream
from retrorig.errors import LinkLostError, NoRigError
from retrorig.live.stream import Answered, Event, Found, Lost
from retrorig.rig import Rig
from retrorig.shared_stream import SharedStream

WAIT_S = 20.0


class Following:
    """Stands in for the stream of one try to reach the rig; `reach` is what it meets there."""

    reach: Callable[[Following], None]
    made: list[Following]
    changed: threading.Condition

    def __init__(self, connect: Any, take: Callable[[Event], None], period_ms: int, pace: Any) -> None:
        self.connect, self.take, self.period_ms = connect, take, period_ms
        self._stop = threading.Event()
        with self.changed:
            self.made.append(self)
            self.changed.notify_all()

    def run(self) -> None:
        type(self).reach(self)
        assert self._stop.wait(WAIT_S)

    def stop(self) -> None:
        self._stop.set()

    def do(self, job: Callable[[Any], None]) -> None:
        self.lent = job

    @property
    def is_over(self) -> bool:
        return self._stop.is_set()


def answers(stream: Following) -> None:
    stream.take(Found({"rig": "r1", "boot": 1}))


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[SharedStream]:
    """A rig that answers at once."""
    Following.made, Following.changed, Following.reach = [], threading.Condition(), staticmethod(answers)
    monkeypatch.setattr(shared_stream, "Stream", Following)
    made = SharedStream("/dev/a", 250, open_url=cast("Any", lambda port: f"opened {port}"))
    made.retry_s = 0.0
    yield made
    made.close()


class Heard:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, n: int) -> list[Event]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.events) >= n, WAIT_S)
            return self.events


def streams(n: int) -> list[Following]:
    with Following.changed:
        assert Following.changed.wait_for(lambda: len(Following.made) >= n, WAIT_S)
        return Following.made


def test_the_port_is_open_while_somebody_listens_and_all_hear_the_same(shared: SharedStream) -> None:
    assert shared.borrow(lambda rig: 1) is None and not Following.made, "nobody listens"
    first, second = Heard(), Heard()
    shared.add(first)
    first.wait(1)
    (stream,) = streams(1)
    assert (stream.connect(), stream.period_ms) == ("opened /dev/a", 250)
    shared.add(second)
    stream.take(Answered("tare", None))
    stream.take(Lost("Gone."))
    assert first.wait(2)[1:] == second.wait(1) == [Lost("Gone.")], "an answer is who asked's alone"
    shared.remove(first)
    assert not stream.is_over
    shared.remove(first)
    assert not stream.is_over, "who was never there changes nothing"
    shared.remove(second)
    assert stream.is_over and len(Following.made) == 1
    assert shared.borrow(lambda rig: 1) is None


def test_the_port_may_be_another_one_at_each_try(
    monkeypatch: pytest.MonkeyPatch, shared: SharedStream
) -> None:
    ports = iter(["/dev/b", None])
    moving = SharedStream(lambda: next(ports), open_url=cast("Any", lambda port: f"opened {port}"))
    moving.add(Heard())
    (stream,) = streams(1)
    assert [stream.connect(), stream.connect()] == ["opened /dev/b", "opened None"]
    moving.close()


def test_a_rig_that_is_not_there_is_waited_for(shared: SharedStream) -> None:
    def absent(stream: Following) -> None:
        if len(Following.made) < 3:
            raise NoRigError("There is no such port.")
        answers(stream)

    Following.reach = staticmethod(absent)
    heard = Heard()
    shared.add(heard)
    lost = Lost("There is no such port.")
    assert heard.wait(3) == [lost, lost, Found({"rig": "r1", "boot": 1})]
    assert len(streams(3)) == 3


def test_who_borrows_gets_what_came_of_it_and_errors_are_theirs(shared: SharedStream) -> None:
    heard = Heard()
    shared.add(heard)
    heard.wait(1)
    (stream,) = streams(1)
    seen: list[object] = []

    def job(rig: Rig) -> int:
        seen.append(rig.client)
        return 7

    waiting = shared.borrow(job)
    assert waiting and not waiting.done()
    stream.lent(cast("Any", "the client"))
    assert waiting.result(0) == 7 and seen == ["the client"]
    broken = shared.borrow(lambda rig: 1 // 0)
    stream.lent(cast("Any", "the client"))
    assert broken
    with pytest.raises(ZeroDivisionError):
        broken.result(0)
    stream.lent(cast("Any", "the client"))  # nothing waits: nothing is done
    assert len(seen) == 1


def test_a_link_that_breaks_answers_all_who_wait(shared: SharedStream) -> None:
    def breaks(rig: Rig) -> None:
        raise LinkLostError("The link to the rig broke.")

    heard = Heard()
    shared.add(heard)
    heard.wait(1)
    (stream,) = streams(1)
    first, others = shared.borrow(breaks), [shared.borrow(lambda rig: 1) for _ in range(2)]
    with pytest.raises(LinkLostError):
        stream.lent(cast("Any", "the client"))
    stream.take(Lost("The link to the rig broke."))
    for each in (first, *others):
        assert each
        with pytest.raises(LinkLostError):
            each.result(0)
    assert shared.borrow(lambda rig: 1) is None, "until it is found again"
    stream.take(Found({"rig": "r1", "boot": 2}))
    assert shared.borrow(lambda rig: 1) is not None


@pytest.mark.parametrize("leaves", [False, True])
def test_the_port_is_free_in_between_and_taken_again_if_somebody_still_listens(
    shared: SharedStream, leaves: bool
) -> None:
    heard = Heard()
    with shared.paused():
        assert not Following.made
    assert not Following.made, "nobody listened"
    shared.add(heard)
    heard.wait(1)
    with pytest.raises(KeyError), shared.paused():
        assert streams(1)[0].is_over
        if leaves:
            shared._listeners.clear()
        raise KeyError
    assert len(Following.made) == 1 if leaves else len(streams(2)) == 2
