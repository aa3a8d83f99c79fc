"""Calibrations: the guided steps that make one; the library's compared, printed, saved and put in force again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from retrorig import Rig
from retrorig.calibration import (
    TITLES,
    Calibrating,
    backup_of,
    compared,
    distance_from,
    facts,
    plotted,
    read_backup,
    result,
    values,
    weight,
    write_backup,
    write_certificate,
)
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task
from retrorig.desk.wording import Said
from retrorig.library import Record

REPEATS = (3, 50)
"""Pushes of the belt: fewer tell nothing of their scatter, more nobody makes."""

_AFTER_A_UNIT = re.compile(r"(?<=[A-Za-z])[\s,;]+")
"""Where one weight of several ends: a blank may also stand before a unit, and a comma within a number."""


def calibrate(desk: Desk, request: Request, form: Form) -> Response:
    """The guided steps of one of the calibrations."""
    steps = {"belt": _belt, "force": _force, "direction": _direction}[form.text("what") or "direction"](form)
    work, person = desk.work.at(form.text("port")), form.text("person") or None

    def do(task: Task) -> dict[str, Any] | None:
        def calibrating(rig: Rig) -> Record | None:
            with desk.library() as library:
                return steps(rig.calibrating(library, task, person))

        record = work.use(calibrating, "calibrate")
        return None if record is None else _told(record)

    return shown(desk, request, desk.tasks.start("calibrate", do, "calibrated.html", form.text("port")))


def kept(desk: Desk, request: Request) -> Response:
    """Every calibration of the library, the newest first."""
    with desk.library() as library:
        records = library.calibrations.all()[::-1]
    rows = [(record, record["made_utc"][:16].replace("T", " "), result(record)) for record in records]
    return desk.show(request, "calibrations.html", rows=rows, port=request.query_params.get("port", ""))


def compare(desk: Desk, request: Request) -> Response:
    """Two of them side by side."""
    asked = [request.query_params.get(name, "") for name in ("first", "second")]
    with desk.library() as library:
        first, second = (library.calibrations.get(name) for name in asked)
    return desk.show(request, "calibrations_compared.html", names=asked, found=compared(first, second))


def certificate(desk: Desk, request: Request, form: Form) -> Response:
    """A page about one of them, to be printed and signed."""
    name = form.text("id")

    def do(task: Task) -> Sequence[Said]:
        with desk.library() as library:
            record = library.calibrations.get(name)
        path = desk.new_folder() / f"calibration-{record['id']}.html"
        write_certificate(path, record)
        task.files.append(path)
        return []

    return shown(desk, request, desk.tasks.start("certificate", do))


def save(desk: Desk, request: Request, form: Form) -> Response:
    """The calibration in force on a rig as a file."""
    work = desk.work.at(form.text("port"))

    def do(task: Task) -> Sequence[Said]:
        def fetch(rig: Rig) -> dict[str, Any]:
            with desk.library() as library:
                return rig.calibration(library)

        found = work.use(fetch, "calibrate")
        path = desk.new_folder() / f"calibration-{found['rig']}.json"
        write_backup(path, found)
        task.files.append(path)
        return [Said("calibration_saved", found["calibration"]["id"])]

    return shown(desk, request, desk.tasks.start("calibration", do))


def put_back(desk: Desk, request: Request, form: Form) -> Response:
    """Put a calibration of the library in force on a rig."""
    with desk.library() as library:
        backup = backup_of(library.calibrations.get(form.text("id")))
    return _put(desk, request, form.text("port"), backup)


async def put_file(desk: Desk, request: Request) -> Response:
    """The same with one that was saved as a file."""
    path = desk.new_folder() / "calibration.json"
    path.write_bytes(await request.body())
    backup = await run_in_threadpool(read_backup, path)
    return await run_in_threadpool(_put, desk, request, request.query_params.get("port", ""), backup)


def _put(desk: Desk, request: Request, port: str, backup: dict[str, Any]) -> Response:
    work = desk.work.at(port)

    def do(_: Task) -> Sequence[Said]:
        def store(rig: Rig) -> dict[str, Any]:
            with desk.library() as library:
                return rig.restore_calibration(library, backup)

        return [Said("calibration_back", work.use(store, "calibrate")["id"])]

    return shown(desk, request, desk.tasks.start("calibration", do))


def _belt(form: Form) -> Callable[[Calibrating], Record | None]:
    by = distance_from(
        form.text("length") or None,
        form.text("length_pm") or "10mm",
        int(form.text("turns")) if form.text("turns").isdigit() else None,
        form.text("circumference") or None,
        "0.5mm",
    )
    repeats = int(form.text("repeats")) if form.text("repeats").isdigit() else REPEATS[0]
    is_new = bool(form.text("new"))
    return lambda job: job.belt(by, max(REPEATS[0], min(repeats, REPEATS[1])), is_new)


def _force(form: Form) -> Callable[[Calibrating], Record | None]:
    texts = _AFTER_A_UNIT.split(form.text("weights").strip(" ,;"))
    weights = [weight(text) for text in texts if text]
    pm_pct, is_new = form.value("weights_pm", "load_kg"), bool(form.text("new"))
    pm_rel = (float(pm_pct) if pm_pct is not None else 0.5) / 100
    return lambda job: job.force(weights, pm_rel, is_new)


def _direction(_: Form) -> Callable[[Calibrating], Record | None]:
    return lambda job: job.direction()


def _told(record: Record) -> dict[str, Any]:
    """A calibration for people: what is in force, how it was made, and how far each weight was off the line."""
    points = record.get("evidence", {}).get("points", [])
    return {
        "title": TITLES[record["kind"]],
        "values": values(record),
        "facts": facts(record),
        "points": points,
        "plot": plotted(points) if points else None,
    }
