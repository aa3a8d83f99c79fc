"""Work with the rigs as pages are told of it: one piece at a time, several pulls as one, an end when nobody looks."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from retrorig.desk import rig_work, rigs, running
from retrorig.desk.rig_work import PullTask, RigWork
from retrorig.desk.rigs import Rigs
from retrorig.desk.running import FILE_NAME, Serving
from retrorig.desk.settings import FILE_NAME as SETTINGS
from retrorig.desk.settings import DeskSettings, read_settings, write_settings
from retrorig.desk.tasks import Task
from retrorig.errors import InputError, LinkLostError


class Pulled:
    """A rig whose pull waits until it may go on, brings two sets, and may break then."""

    def __init__(self) -> None:
        self.may_go_on, self.pulls_n, self.error = threading.Event(), 0, None

    def pull(self, library: object, report: Any, result: Any) -> None:
        self.pulls_n += 1
        report(3, 10)
        assert self.may_go_on.wait(60)
        result.new += ["a", "b"]
        result.notices.append("A clock was wrong.")
        result.known_n = 4
        report(10, 10)
        if self.error:
            raise self.error

    def described(self) -> dict[str, str]:
        return {"rig": "r1"}


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Pulled:
    made = Pulled()

    @contextmanager
    def connect(port: str | None) -> Any:
        assert port == "/dev/a"
        yield made

    monkeypatch.setattr(rig_work, "connect", connect)
    return made


def ended(pull: PullTask) -> PullTask:
    until_s = time.monotonic() + 30
    while pull.is_running:
        assert time.monotonic() < until_s
    return pull


@pytest.mark.parametrize("error", [None, LinkLostError("The link to the rig broke.")])
def test_a_pull_under_way_is_told_and_not_begun_again(
    tmp_path: Path, rig: Pulled, error: Exception | None
) -> None:
    rig.error = error  # type: ignore[assignment]
    work, before = RigWork(tmp_path, lambda: "/dev/a"), set(threading.enumerate())
    pull = work.pull()
    assert work.pull() is pull and pull.is_running
    assert all(thread.daemon for thread in set(threading.enumerate()) - before), "Ctrl-C waits for none"
    rig.may_go_on.set()
    ended(pull)
    assert pull.new == ["a", "b"] and pull.notices == ["A clock was wrong."], "what came stays"
    assert (pull.done_bytes, pull.total_bytes, rig.pulls_n) == (10, 10, 1)
    assert pull.errors == ([] if error is None else ["The link to the rig broke."])
    assert pull.known_n == (4 if error is None else 0)
    assert ended(work.pull()) is not pull and rig.pulls_n == 2


def test_one_piece_of_work_has_the_rig_and_others_are_told_which(tmp_path: Path, rig: Pulled) -> None:
    work = RigWork(tmp_path, lambda: "/dev/a")
    assert work.look() == {"rig": "r1"} and work.busy_with == ""
    assert work.use(lambda _: (work.busy_with, work.look()), "Tare") == ("Tare", None)
    assert work.without_port(lambda: (work.busy_with, work.look()), "Flash") == ("Flash", None)
    with pytest.raises(ZeroDivisionError):
        work.use(lambda _: 1 // 0, "Tare")
    assert work.busy_with == "" and work.look() == {"rig": "r1"}, "the next may come"


def test_pulls_of_several_rigs_are_told_as_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pulls = [
        PullTask(3, 10, False, ["a"], 2, ["one"], []),
        PullTask(4, 20, True, ["b", "c"], 5, [], ["Broke."]),
    ]
    works = [SimpleNamespace(last_pull=None, pull=lambda pull=pull: pull) for pull in pulls]
    made = iter(works)
    monkeypatch.setattr(rigs, "RigWork", lambda *_: next(made))
    monkeypatch.setattr(
        rigs, "candidates", lambda: [SimpleNamespace(device=one) for one in ("/dev/a", "/dev/b")]
    )
    desks = Rigs(tmp_path, None)
    assert desks.last_pull is None
    both = PullTask(7, 30, True, ["a", "b", "c"], 7, ["one"], ["Broke."])
    assert desks.pull() == both
    works[1].last_pull = pulls[1]
    assert desks.last_pull is pulls[1]
    works[0].last_pull = pulls[0]
    assert desks.last_pull == both
    pulls[1].is_running = False
    assert desks.last_pull.is_running is False


def test_a_desk_ends_a_minute_or_two_after_its_last_page_if_that_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A page in the background says that it is open once a minute."""
    now = [1000.0]
    monkeypatch.setattr("retrorig.desk.context.time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with Serving(tmp_path) as serving:
        write_settings(tmp_path, DeskSettings(ends_with_last_tab=True))
        assert not serving.is_left(), "no page was open yet"
        serving.desk.seen()
        for after_s, is_left in ((0, False), (62, False), (120, True)):
            now[0] = 1000.0 + after_s
            assert serving.is_left() == is_left
        write_settings(tmp_path, DeskSettings(ends_with_last_tab=False))
        assert not serving.is_left()


@pytest.mark.parametrize(
    "left", ['{"port": 1, "key": "another"}', "{", "[]", '{"key": "x"}', '{"port": "x"}']
)
def test_the_note_by_which_a_desk_is_joined_is_taken_back_by_its_own_desk_alone(
    tmp_path: Path, left: str
) -> None:
    with Serving(tmp_path):
        note = tmp_path / FILE_NAME
        assert note.stat().st_mode & 0o777 == 0o600, "whoever has its key gets in"
    assert not note.exists()
    with Serving(tmp_path):
        note.write_text(left)
    assert note.read_text() == left


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"speed": 5}', '{"speed": "parsec"}', '{"ends_with_last_tab": 1}']
)
def test_damaged_settings_are_as_if_never_set(tmp_path: Path, text: str) -> None:
    kept = DeskSettings(True, "yd", "km/h", "lbf")
    write_settings(tmp_path, kept)
    assert read_settings(tmp_path) == kept
    (tmp_path / SETTINGS).write_text(text)
    assert read_settings(tmp_path) == DeskSettings()
    with pytest.raises(InputError):
        write_settings(tmp_path / "none", kept)


def test_an_answer_is_for_the_question_that_is_open_and_counts_once() -> None:
    task = Task(1, "calibrate", "done.html")
    assert (task.done, task.total, task.asked_n, task.is_running) == (0, 0, 0, True), "it has just begun"
    answers: list[str] = []

    def asking(_: Task) -> str:
        answers.append(task.ask("First?"))
        answers.append(task.ask("Second?", go="done"))
        return "result"

    thread = threading.Thread(target=task.carry_out, args=(asking,), daemon=True)
    task.answer(0, "too soon")
    thread.start()
    for number, words in enumerate(("one", "two"), 1):
        while task.asked_n < number or task.question is None:
            assert thread.is_alive()
        task.answer(number - 1, "of before")
        task.answer(number + 1, "of later")
        assert task.question == ("First?", "Second?")[number - 1]
        task.answer(number, words)
        task.answer(number, "twice")
    thread.join(20)
    assert answers == ["one", "two"] and task.result == "result" and not task.is_running
