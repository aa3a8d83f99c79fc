"""The desk's routes, and every error as a sentence on the page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from retrorig import InputError, LinkLostError, NoRigError, RetrorigError
from retrorig.desk.context import Desk
from retrorig.desk.pages import (
    athlete,
    calibrations,
    care,
    library_page,
    live,
    plans,
    reports,
    rig,
    rig_history,
    set_notes,
    set_page,
    task_parts,
    today,
)
from retrorig.desk.pages.forms import Form
from retrorig.desk.security import JOIN_PATH, UPLOAD_PATH, Gate, Keys
from retrorig.desk.tasks import sentence_of
from retrorig.desk.wording import Said, SaidError

log = logging.getLogger(__name__)

Page = Callable[[Desk, Request], Response]
Action = Callable[[Desk, Request, Form], Response]
_STATUS: Mapping[type[RetrorigError], int] = {InputError: 422, NoRigError: 503, LinkLostError: 503}


def application(desk: Desk, keys: Keys, port: int, address: Callable[[], str]) -> Gate:
    """The whole desk behind its access check; `address` makes one more address that lets a browser in."""

    async def join(_: Request) -> Response:
        return JSONResponse({"address": address()})

    async def failed(request: Request, error: Exception) -> Response:
        return _failed(desk, request, error)

    may_change = desk.published is None
    routes: list[BaseRoute] = [
        Mount("/assets", StaticFiles(directory=str(files("retrorig.desk") / "assets"))),
        Route(JOIN_PATH, join),
        Route("/live/stream", partial(live.stream, desk)),
        *(
            Route(path, partial(take, desk), methods=["POST"])
            for path, take in _UPLOADS.items()
            if may_change
        ),
        *(Route(path, _page(desk, page)) for path, page in _PAGES.items()),
        *(
            Route(path, _page(desk, button), methods=["POST"])
            for path, button in _offered(desk, _BUTTONS).items()
        ),
        *(
            Route(path, _action(desk, action), methods=["POST"])
            for path, action in _offered(desk, _FORMS).items()
        ),
    ]
    handlers: dict[Any, Any] = {RetrorigError: failed, HTTPException: failed, Exception: failed}
    desk.sharing.app = partial(shared_application, desk)
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
    return Gate(Starlette(routes=routes, exception_handlers=handlers), keys, hosts)


def shared_application(desk: Desk, keys: Keys, hosts: tuple[str, ...]) -> Gate:
    """What others on the network may see: the live page, and nothing that changes anything."""

    async def failed(request: Request, error: Exception) -> Response:
        return _failed(desk, request, error)

    routes: list[BaseRoute] = [
        Mount("/assets", StaticFiles(directory=str(files("retrorig.desk") / "assets"))),
        Route("/", _page(desk, live.shared_page)),
        Route("/live/stream", partial(live.shared_stream, desk)),
    ]
    handlers: dict[Any, Any] = {RetrorigError: failed, HTTPException: failed, Exception: failed}
    return Gate(Starlette(routes=routes, exception_handlers=handlers), keys, hosts)


def _here(desk: Desk, _: Request) -> Response:
    """An open page reports at intervals that it is open."""
    desk.seen()
    return Response(status_code=204)


_PAGES: dict[str, Page] = {
    "/": today.page,
    "/today/sets": today.sets,
    "/pull": today.pull_state,
    "/sets/{set_id}": set_page.page,
    "/sets/{set_id}/cell/{key}": today.cell,
    "/sets/{set_id}/edit/{key}": today.edit_form,
    "/sets/{set_id}/traces": set_page.traces,
    "/sets/{set_id}/splits": set_page.splits,
    "/live": live.page,
    "/share/qr.svg": live.qr,
    "/here": _here,
    "/people": athlete.people,
    "/people/{label}": athlete.page,
    "/people/{label}/{part}": athlete.part,
    "/pictures/{number:int}.svg": athlete.picture,
    "/plans": plans.page,
    "/plans/rig": plans.on_rig,
    "/reports": reports.page,
    "/reports/sets": reports.sets,
    "/rig": rig.page,
    "/rig/state": rig.state,
    "/rig/settings": rig.settings,
    "/calibrations": calibrations.kept,
    "/calibrations/compare": calibrations.compare,
    "/library": library_page.page,
    "/tasks/{number:int}": task_parts.state,
    "/tasks/{number:int}/files/{file:int}": task_parts.file,
}
_UPLOADS: dict[str, Callable[[Desk, Request], Any]] = {
    UPLOAD_PATH: library_page.upload,
    "/rig/calibration/file": calibrations.put_file,
}
_BUTTONS: dict[str, Page] = {
    "/pull": today.pull,
    "/undo/{number:int}": today.undo,
    "/library/backup": library_page.backup,
    "/library/compact": library_page.compact,
    "/library/samples": library_page.samples,
}
_FORMS: dict[str, Action] = {
    "/sets/{set_id}/edit/{key}": today.edit,
    "/sets/{set_id}/trim": set_page.trim,
    "/sets/{set_id}/foot": set_page.foot,
    "/today/remove/{how}": today.remove,
    "/today/move": today.move,
    "/share": live.share,
    "/tasks/{number:int}/answer": task_parts.answer,
    "/plans/check": plans.check,
    "/plans/form": plans.fill,
    "/plans/keep": plans.keep,
    "/plans/push": plans.push,
    "/plans/choose": plans.choose,
    "/reports/report": reports.report,
    "/reports/export": reports.export,
    "/rig/athlete": rig.athlete,
    "/rig/tare": rig.tare,
    "/rig/doctor": rig.doctor,
    "/rig/calibrate": calibrations.calibrate,
    "/rig/calibration/save": calibrations.save,
    "/rig/calibration/put": calibrations.put_back,
    "/calibrations/certificate": calibrations.certificate,
    "/library/recompute": care.recompute,
    "/library/grades": care.grades,
    "/library/clocks": rig_history.clocks,
    "/library/drag": rig_history.drag,
    "/sets/{set_id}/note": set_notes.note,
    "/rig/settings": rig.change,
    "/rig/update": rig.update,
    "/library/add": library_page.add,
    "/library/rename": library_page.rename,
    "/library/forget": library_page.forget,
    "/library/merge": library_page.merge,
    "/library/check": library_page.check,
    "/library/restore": library_page.restore,
    "/library/settings": library_page.settings,
}


_READING = (
    "/reports/report", "/reports/export", "/library/drag", "/plans/check", "/plans/form", "/tasks/{number:int}/answer",
)  # fmt: skip
"""What changes neither a library nor a rig: all that a desk of what is published accepts."""


def _offered(
    desk: Desk, actions: Mapping[str, Callable[..., Response]]
) -> dict[str, Callable[..., Response]]:
    """These, and a refusal in place of those that change something where nothing can be changed."""
    return {
        path: _refuse if desk.published and path not in _READING else action
        for path, action in actions.items()
    }


def _refuse(*_: object) -> Response:
    raise SaidError("read_only")


def _page(desk: Desk, page: Page) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        return await run_in_threadpool(page, desk, request)

    return answer


def _action(desk: Desk, action: Action) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        form = Form(await request.form(max_files=0, max_fields=5000))
        return await run_in_threadpool(action, desk, request, form)

    return answer


def _failed(desk: Desk, request: Request, error: Exception) -> Response:
    """The sentence: within the page where one is open, else as a page."""
    if isinstance(error, RetrorigError):
        status = next((n for kind, n in _STATUS.items() if isinstance(error, kind)), 500)
        sentence = sentence_of(error)
    elif isinstance(error, HTTPException):
        status, sentence = error.status_code, Said("missing" if error.status_code == 404 else "odd")
    else:
        log.info("a page failed", exc_info=error)
        status, sentence = 500, sentence_of(error)
    template = "message.html" if request.headers.get("hx-request") else "error.html"
    return desk.show(request, template, status, sentence=sentence, undo=None, kind="error")
