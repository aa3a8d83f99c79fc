"""Long work in threads: which of it a page goes on with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from retrorig.desk.tasks import Task, Tasks

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
