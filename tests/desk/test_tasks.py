"""Long work in threads: which of it a page goes on with, what is said of it, and which files it gives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest
from starlette.responses import FileResponse

from retrorig.desk.pages import task_parts
from retrorig.desk.pages.rig import _bar
from retrorig.desk.pages.task_parts import CLOSED
from retrorig.desk.tasks import Task, Tasks
from retrorig.desk.wording import SaidError

PORT, OTHER_PORT = "/dev/one", "/dev/other"


class Begun(NamedTuple):
    """A task that goes on until it is ended."""

    task: Task
    end: Callable[[], None]


def begun(tasks: Tasks, port: str | None) -> Begun:
    over = threading.Event()
    task = tasks.start("pull", lambda task: over.wait(), port=port)

    def end() -> None:
        over.set()
        while task.is_running:
            pass

    return Begun(task, end)


def test_a_page_that_is_loaded_anew_goes_on_with_the_newest_work_at_its_rig() -> None:
    tasks = Tasks()
    older, newer = begun(tasks, PORT), begun(tasks, PORT)
    elsewhere, nowhere = begun(tasks, OTHER_PORT), begun(tasks, None)
    assert tasks.running_at(PORT) is newer.task and tasks.running_at(OTHER_PORT) is elsewhere.task
    newer.end()
    assert tasks.running_at(PORT) is older.task, "what is over is on no page any more"
    older.end()
    assert tasks.running_at(PORT) is None
    elsewhere.end()
    nowhere.end()


def test_each_step_of_an_update_is_said_and_its_bar_begins_without_a_length() -> None:
    task = Task(1, "firmware", "task_done.html")
    task.report(3, 4)
    with _bar(task, "copying the firmware") as report:
        assert (task.done, task.total, task.lines) == (0, 0, ["copying the firmware"])
        report(1, 2)
    assert (task.done, task.total) == (1, 2)


def test_a_file_of_a_task_is_looked_at_only_if_it_is_a_page(tmp_path: Path) -> None:
    task = Task(1, "report", "task_done.html")
    task.files += [tmp_path / "report.html", tmp_path / "sets.csv"]
    desk = SimpleNamespace(tasks=SimpleNamespace(get=lambda number: task))

    def asked(file: int, **query: str) -> FileResponse:
        request = SimpleNamespace(path_params={"number": 1, "file": file}, query_params=query)
        return cast("FileResponse", task_parts.file(cast("Any", desk), cast("Any", request)))

    for number, is_page in ((0, True), (1, False)):
        seen, saved = asked(number, view=""), asked(number)
        assert ("attachment" in seen.headers.get("content-disposition", "")) != is_page
        assert "attachment" in saved.headers["content-disposition"]
        assert seen.headers["content-security-policy"] == saved.headers["content-security-policy"] == CLOSED
    for number in (-1, 2):
        with pytest.raises(SaidError):
            asked(number)
