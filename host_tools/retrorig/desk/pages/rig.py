"""The page of rigs: found, lost or busy, their facts, and all that can be done with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig.calibration import Calibrating, certificate, distance_from, weight
from retrorig.config import listed, takes_effect_at_start
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task
from retrorig.doctor import gather, judged, worst
from retrorig.errors import RetrorigError
from retrorig.library.calibration_record import Record
from retrorig.rig import Rig
from rigcore.settings_schema import SETTINGS


def page(desk: Desk, request: Request) -> Response:
    """Every rig with its state and what can be done with it."""
    with desk.library() as library:
        people = sorted(library.people.names().values())
    rigs = [(number, name, work.last_pull) for number, (name, work) in enumerate(desk.work.works().items())]
    return desk.show(request, "rig.html", rigs=rigs, people=people)


def state(desk: Desk, request: Request) -> Response:
    """A rig's facts, or why it does not answer."""
    name, number = request.query_params.get("port", ""), request.query_params.get("n", "0")
    work = desk.work.at(name)
    facts: dict[str, str] | None = None
    trouble = ""
    try:
        facts = work.look()
    except RetrorigError as error:
        trouble = str(error)
    return desk.show(
        request, "rig_state.html", facts=facts, trouble=trouble, busy_with=work.busy_with or "state", port=name,
        number=int(number) if number.isdigit() else 0,
    )  # fmt: skip


def athlete(desk: Desk, request: Request, form: Form) -> Response:
    """Set whose sets come next; a new name makes a new person, an empty one means nobody."""
    name = form.text("athlete")
    label = ""
    if name:
        with desk.library() as library:
            label = library.people.label_for(name)
    desk.work.at(form.text("port")).use(lambda rig: rig.athlete(label), "athlete")
    told = (
        f"The next sets are {name}'s; the rig is told only {label}."
        if name
        else "The next sets are nobody's."
    )
    return _said(desk, request, told)


def tare(desk: Desk, request: Request, form: Form) -> Response:
    """Take the present pull as zero force."""
    found = desk.work.at(form.text("port")).use(Rig.tare, "tare")
    moved = "" if found.moved_n is None else f", which moved it by {found.moved_n:+.1f} N"
    return _said(desk, request, f"The present pull is zero now{moved}.")


def doctor(desk: Desk, request: Request, form: Form) -> Response:
    """Judge each part; with somebody at the rig, who turns and pulls when asked."""
    work, is_guided = desk.work.at(form.text("port")), bool(form.text("guided"))

    def do(task: Task) -> dict[str, Any]:
        guide = _Asking(task) if is_guided else None
        facts = work.use(lambda rig: gather(rig.client, guide, task.report), "doctor")
        verdicts = judged(facts)
        return {"worst": worst(verdicts), "verdicts": verdicts}

    return shown(desk, request, desk.tasks.start("doctor", do, "doctor.html"))


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

    return shown(desk, request, desk.tasks.start("calibrate", do, "calibrated.html"))


def settings(desk: Desk, request: Request) -> Response:
    """The rig's settings as a form."""
    name = request.query_params.get("port", "")
    return _settings(desk, request, name, desk.work.at(name).use(Rig.settings, "settings"), [])


def change(desk: Desk, request: Request, form: Form) -> Response:
    """Store what was changed in the form: all of it or nothing."""
    name = form.text("port")

    def do(rig: Rig) -> tuple[dict[str, Any], dict[str, Any]]:
        before = rig.settings()
        changed = {
            key: form.text(key) for key in SETTINGS if form.text(key) not in ("", str(before.get(key)))
        }
        stored = rig.change_settings(**changed) if changed else {}
        return rig.settings(), stored

    values, stored = desk.work.at(name).use(do, "settings")
    told = (
        [f"Stored: {', '.join(f'{key} {value}' for key, value in stored.items())}."]
        if stored
        else ["Nothing was changed."]
    )
    if takes_effect_at_start(stored):
        told.append("This takes effect when the rig starts next.")
    return _settings(desk, request, name, values, told)


def update(desk: Desk, request: Request, form: Form) -> Response:
    """Put this program's firmware on the rig; sets, settings and calibration stay."""
    work = desk.work.at(form.text("port"))

    def do(task: Task) -> Sequence[str]:
        from retrorig.flash import flash_board

        def flashing() -> list[str]:
            for step, evidence in flash_board(work.port, partial(_bar, task), firmware_only=True):
                task.say(f"{step}: {evidence}")
            return ["The rig has this program's firmware."]

        return work.without_port(flashing, "firmware")

    return shown(desk, request, desk.tasks.start("firmware", do))


class _Asking:
    """A doctor's guide: whoever looks at the page says when it was done."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def say(self, what_to_do: str) -> None:
        self._task.ask(what_to_do)


@contextmanager
def _bar(task: Task, label: str):
    task.say(label)
    task.report(0, 0)
    yield task.report


def _belt(form: Form) -> Callable[[Calibrating], Record | None]:
    by = distance_from(
        form.text("length") or None,
        form.text("length_pm") or "10mm",
        int(form.text("turns")) if form.text("turns").isdigit() else None,
        form.text("circumference") or None,
        "0.5mm",
    )
    repeats = int(form.text("repeats")) if form.text("repeats").isdigit() else 3
    is_new = bool(form.text("new"))
    return lambda job: job.belt(by, max(3, min(repeats, 50)), is_new)


def _force(form: Form) -> Callable[[Calibrating], Record | None]:
    weights = [weight(text) for text in form.text("weights").replace(",", " ").replace(";", " ").split()]
    pm_pct, is_new = form.value("weights_pm", "load_kg"), bool(form.text("new"))
    pm_rel = (float(pm_pct) if pm_pct is not None else 0.5) / 100
    return lambda job: job.force(weights, pm_rel, is_new)


def _direction(_: Form) -> Callable[[Calibrating], Record | None]:
    return lambda job: job.direction()


def _told(record: Record) -> dict[str, Any]:
    """A calibration for people: what is in force, how it was made, and how far each weight was off the line."""
    points = record.get("evidence", {}).get("points", [])
    return {
        "title": certificate.TITLES[record["kind"]],
        "values": certificate.values(record),
        "facts": certificate.facts(record),
        "points": points,
        "plot": certificate.plotted(points) if points else None,
    }


def _settings(
    desk: Desk, request: Request, port: str, values: dict[str, Any], told: Sequence[str]
) -> Response:
    words = {key: possible for key, (_, possible) in SETTINGS.items() if isinstance(possible, tuple)}
    return desk.show(request, "rig_settings.html", port=port, settings=listed(values), words=words, told=told)


def _said(desk: Desk, request: Request, sentence: str) -> Response:
    return desk.show(request, "message.html", sentence=sentence, undo=None, kind="done")
