"""Tasks: long work in threads, with progress, messages, questions and a result."""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrorig import RetrorigError
from retrorig.desk.wording import Said, SaidError

log = logging.getLogger(__name__)

KEPT_N = 100


class GivenUpError(SaidError):
    """The person who was asked gave up."""

    def __init__(self) -> None:
        super().__init__("given_up")


def sentence_of(error: Exception) -> str | Said:
    """What is told of an error: its own sentence, or that the desk has a bug."""
    if isinstance(error, SaidError):
        return error.said
    return str(error) if isinstance(error, RetrorigError) else Said("bug", type(error).__name__, error)


@dataclass
class Task:
    """One piece of work. It is a `Guide` of calibrations: what it says and asks stands on the page.

    `template` shows `result`; `files` are offered to be saved. `go` is the word on the button that answers. `asked_n`
    counts questions, so that an answer that is sent twice does not answer the next one, too. `port`: of the rig that it
    is about.
    """

    number: int
    title: str
    template: str
    port: str | None = None
    done: float = 0
    total: float = 0
    lines: list[str | Said] = field(default_factory=list)
    question: str | None = None
    asked_n: int = 0
    go: str = "go_on"
    result: Any = None
    files: list[Path] = field(default_factory=list)
    error: str | Said | None = None
    is_running: bool = True
    _answers: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue)

    def report(self, done: float, total: float) -> None:
        """Store how far the task is."""
        self.done, self.total = done, total

    def say(self, sentence: str | Said) -> None:
        """Show a message that needs no answer."""
        self.lines.append(sentence)

    def ask(self, prompt: str, go: str = "go_on") -> str:
        """Wait for an answer from the page; InputError when it gave up."""
        self.asked_n += 1
        self.go, self.question = go, prompt
        answer = self._answers.get()
        self.question = None
        if answer is None:
            raise GivenUpError
        return answer

    def answer(self, asked_n: int, text: str | None) -> None:
        """Answer a question, None gives up; nothing when that question is not open any more."""
        if self.question is not None and asked_n == self.asked_n:
            self.question = None
            self._answers.put(text)

    def carry_out(self, do: Callable[[Task], Any]) -> None:
        """Run the task in this thread; an error becomes a sentence."""
        try:
            self.result = do(self)
        except Exception as error:
            log.info("a task failed", exc_info=error)
            self.error = sentence_of(error)
        finally:
            self.is_running = False


class Tasks:
    """The newest KEPT_N tasks of a desk, each in a thread of its own."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Task] = OrderedDict()
        self._changing = threading.Lock()
        self._next = 1

    def start(
        self,
        title: str,
        do: Callable[[Task], Any],
        template: str = "task_done.html",
        port: str | None = None,
    ) -> Task:
        """Begin a task."""
        with self._changing:
            task = Task(self._next, title, template, port)
            self._next += 1
            self._kept[task.number] = task
            while len(self._kept) > KEPT_N:
                self._kept.popitem(last=False)
        threading.Thread(target=task.carry_out, args=(do,), daemon=True).start()
        return task

    def get(self, number: int) -> Task:
        """A task by its number; InputError when it is too long ago."""
        if number not in self._kept:
            raise SaidError("no_task")
        return self._kept[number]

    def running_at(self, port: str) -> Task | None:
        """The newest task about this rig that is not over: a page that is loaded anew goes on with it."""
        running = (task for task in reversed(list(self._kept.values())) if task.is_running)
        return next((task for task in running if task.port == port), None)

    def close(self) -> None:
        """End all tasks that wait for an answer."""
        for task in list(self._kept.values()):
            task.answer(task.asked_n, None)
