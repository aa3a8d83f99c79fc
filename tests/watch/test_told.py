"""What a watch tells and when it looks again, by events alone: no rig, no port, no waiting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from retrorig.errors import DiskFullError, LinkLostError, NoRigError
from retrorig.link.pull import PullResult
from retrorig.live.stream import RETRY_S, Found, Lost, Told
from retrorig.watch import EventLog, WatchEvent, rig_watch
from retrorig.watch.rig_watch import MEND_S, SILENT_RETRY_S, SILENT_TRIES, RigWatch, _pulled

PORT = "/dev/ttyUSB0"


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RigWatch, Mock, list[WatchEvent]]]:
    """One that was not started, its stream, and what it has told."""
    stream, told = Mock(retry_s=RETRY_S), []
    monkeypatch.setattr(rig_watch, "SharedStream", Mock(return_value=stream))
    monkeypatch.setattr(rig_watch, "open_port", Mock())
    yield RigWatch(PORT, None, told.append), stream, told


def test_what_does_not_answer_is_asked_seldom_from_the_third_time_on_and_at_once_again_when_it_has(
    watch: tuple[RigWatch, Mock, list[WatchEvent]],
) -> None:
    watched, stream, _ = watch
    pauses_s = []
    for _ in range(SILENT_TRIES + 1):
        watched._open(PORT)
        pauses_s.append(stream.retry_s)
    assert pauses_s == [RETRY_S] * (SILENT_TRIES - 1) + [SILENT_RETRY_S] * 2
    watched._take(Found({"rig": "r1", "boot": 1}))
    assert stream.retry_s == RETRY_S
    watched._open(PORT)
    assert stream.retry_s == RETRY_S, "it is counted anew"


def test_a_port_that_can_not_be_opened_is_no_silence(
    watch: tuple[RigWatch, Mock, list[WatchEvent]], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, stream, _ = watch
    monkeypatch.setattr(rig_watch, "open_port", Mock(side_effect=NoRigError("In use.")))
    for _ in range(SILENT_TRIES + 2):
        with pytest.raises(NoRigError):
            watched._open(PORT)
    assert stream.retry_s == RETRY_S


def moment(state: str, set_no: int, is_running: bool = False) -> Told:
    return Told(SimpleNamespace(state=state, set_no=set_no, is_running=is_running), 0.0, 0.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "is_due"),
    [
        (("idle", 3, False), ("idle", 3, False), False),
        (("running", 4, True), ("idle", 4, False), True),
        (("idle", 3, False), ("running", 4, True), False),
        (("idle", 3, False), ("idle", 4, False), True),
        (("resting", 4, False), ("armed", 4, False), True),
    ],
)
def test_a_rig_is_pulled_when_a_set_has_ended_and_not_while_one_runs(
    watch: tuple[RigWatch, Mock, list[WatchEvent]], before: Any, after: Any, is_due: bool
) -> None:
    watched, _, _ = watch
    watched._offset_s = rig_watch._offset_s()
    watched._take(moment(*before))
    watched._due.clear()
    watched._take(moment(*after))
    assert watched._due.is_set() == is_due


@pytest.mark.parametrize(
    ("jump_s", "is_due"), [(0.0, False), (4.0, False), (-4.0, False), (6.0, True), (-6.0, True)]
)
def test_after_a_jump_of_this_computer_s_clock_the_rig_is_told_the_time(
    watch: tuple[RigWatch, Mock, list[WatchEvent]], jump_s: float, is_due: bool
) -> None:
    watched, _, _ = watch
    watched._take(moment("idle", 3))
    watched._offset_s = rig_watch._offset_s() - jump_s
    watched._due.clear()
    watched._take(moment("idle", 3))
    assert watched._due.is_set() == is_due


def test_trouble_is_told_once_until_it_is_over(watch: tuple[RigWatch, Mock, list[WatchEvent]]) -> None:
    watched, _, told = watch
    for event in (
        Lost("Gone."),
        Lost("Gone."),
        Lost("In use."),
        Lost("Gone."),
        Found({"rig": "r1", "boot": 1}),
        Lost("Gone."),
    ):
        watched._take(event)
    assert [(event.kind, event.sentence) for event in told] == [
        ("lost", "Gone."), ("lost", "In use."), ("lost", "Gone."), ("found", "The rig answers."), ("lost", "Gone."),
    ]  # fmt: skip
    assert [event.rig for event in told] == ["", "", "", "r1", "r1"]


def test_trouble_of_another_kind_is_news(watch: tuple[RigWatch, Mock, list[WatchEvent]]) -> None:
    watched, _, told = watch
    reasons = ["No room.", "No room.", "Another library's schema.", "No room."]
    for reason in reasons:
        assert not watched._fail(reason)
    assert [event.sentence for event in told] == reasons[1:]


@pytest.mark.parametrize(
    ("outcome", "is_fine", "told_n"),
    [
        (None, True, 0),
        (LinkLostError("Broke."), True, 0),
        (DiskFullError("No room."), False, 1),
        (ZeroDivisionError("a bug"), False, 1),
    ],
)
def test_a_pull_that_failed_is_tried_again_soon_and_told_once(
    watch: tuple[RigWatch, Mock, list[WatchEvent]], outcome: Exception | None, is_fine: bool, told_n: int
) -> None:
    watched, stream, told = watch
    for _ in range(2):
        future: Future[None] = Future()
        future.set_exception(outcome) if outcome else future.set_result(None)
        stream.borrow.return_value = future
        assert watched._pull() == is_fine
    assert [event.kind for event in told] == ["trouble"] * told_n
    stream.borrow.return_value = None
    assert watched._pull(), "without a rig there is nothing to try"
    assert MEND_S < 60


@pytest.mark.parametrize(
    ("new", "notices", "sentence"),
    [
        (["a"], [], "1 new set."),
        (["a", "b"], ["A clock."], "2 new sets. A clock."),
        ([], ["A clock."], "0 new set. A clock."),
    ],
)
def test_a_pull_is_told_with_its_sets_and_notices(new: list[str], notices: list[str], sentence: str) -> None:
    assert _pulled(new, notices) == sentence


def test_a_notice_whose_amount_has_grown_is_no_news(watch: tuple[RigWatch, Mock, list[WatchEvent]]) -> None:
    watched, _, told = watch
    for notice in ("2.1 m moved.", "3.4 m moved.", "A clock was wrong.", "3.4 m moved."):
        watched._tell_pulled(PullResult(notices=[notice]))
    assert [event.sentence for event in told] == ["2.1 m moved.", "A clock was wrong.", "3.4 m moved."]
    watched._tell_pulled(PullResult(new=["a"], notices=["5 m moved."]))
    assert (told[-1].kind, told[-1].new, told[-1].sentence) == ("pulled", ["a"], "1 new set. 5 m moved.")


@pytest.mark.parametrize(("rig", "written"), [("r1", "r1"), ("", None)])
def test_an_event_s_line_of_json_says_all_of_it(tmp_path: Path, rig: str, written: str | None) -> None:
    event = WatchEvent("pulled", PORT, rig, "2 new sets.", ["a", "b"])
    folder = tmp_path / "made" / "with it"
    log = EventLog(folder)
    log.write(event)
    log.close()
    (line,) = (folder / "watch.log").read_text().splitlines()
    assert json.loads(line) == event.as_dict() == {
        "time_utc": event.time_utc, "event": "pulled", "port": PORT, "rig": written, "new": ["a", "b"],
        "sentence": "2 new sets.",
    }  # fmt: skip
    assert event.time_utc.endswith("+00:00")
