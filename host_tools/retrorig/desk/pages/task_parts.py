"""Parts of a page that show a task: its progress, its questions, its result and its files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.tasks import Task
from retrorig.desk.wording import SaidError

CLOSED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-modals"
"""For pages that retrorig wrote, which have their style within: no script runs in them, and they can be printed."""


def shown(desk: Desk, request: Request, task: Task) -> Response:
    """The task as it stands."""
    return desk.show(request, "task.html", task=task)


def state(desk: Desk, request: Request) -> Response:
    """The same, asked for again and again while it runs."""
    return shown(desk, request, _task(desk, request))


def answer(desk: Desk, request: Request, form: Form) -> Response:
    """Pass an answer to a task's question."""
    task = _task(desk, request)
    asked_n = int(form.text("asked") or 0)
    task.answer(asked_n, None if form.text("give_up") else form.text("answer"))
    return shown(desk, request, task)


def file(desk: Desk, request: Request) -> Response:
    """A file that a task made, to be saved, or with ?view to be looked at."""
    task, number = _task(desk, request), request.path_params["file"]
    if not 0 <= number < len(task.files):
        raise SaidError("no_file")
    path = task.files[number]
    if "view" in request.query_params and path.suffix == ".html":
        return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": CLOSED})
    return FileResponse(path, filename=path.name, headers={"Content-Security-Policy": CLOSED})


def _task(desk: Desk, request: Request) -> Task:
    return desk.tasks.get(request.path_params["number"])
