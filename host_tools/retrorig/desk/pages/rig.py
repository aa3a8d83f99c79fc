"""The page of rigs: found, lost or busy, their facts, and all that can be done with one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig import RetrorigError, Rig
from retrorig.config import listed, takes_effect_at_start
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task, sentence_of
from retrorig.desk.wording import Said
from retrorig.doctor import gather, judged, worst


def page(desk: Desk, request: Request) -> Response:
    """Every rig with its state and what can be done with it."""
    with desk.library() as library:
        people = sorted(library.people.names().values())
    rigs = [
        (number, name, work.last_pull, desk.tasks.running_at(name))
        for number, (name, work) in enumerate(desk.work.works().items())
    ]
    return desk.show(request, "rig.html", rigs=rigs, people=people)


def state(desk: Desk, request: Request) -> Response:
    """A rig's facts, or why it does not answer."""
    name, number = request.query_params.get("port", ""), request.query_params.get("n", "0")
    work = desk.work.at(name)
    facts: dict[str, str] | None = None
    trouble: str | Said = ""
    try:
        facts = work.look()
    except RetrorigError as error:
        trouble = sentence_of(error)
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
    return _said(desk, request, Said("next", name, label) if name else Said("next_nobody"))


def tare(desk: Desk, request: Request, form: Form) -> Response:
    """Take the present pull as zero force."""
    found = desk.work.at(form.text("port")).use(Rig.tare, "tare")
    if found.moved_n is None:
        return _said(desk, request, Said("tared"))
    units = desk.units
    moved = f"{found.moved_n * units.factor('N'):+.1f} {units.force}"
    return _said(desk, request, Said("tared_by", moved))


def doctor(desk: Desk, request: Request, form: Form) -> Response:
    """Judge each part; with somebody at the rig, who turns and pulls when asked."""
    work, is_guided = desk.work.at(form.text("port")), bool(form.text("guided"))

    def do(task: Task) -> dict[str, Any]:
        guide = _Asking(task) if is_guided else None
        facts = work.use(lambda rig: gather(rig.client, guide, task.report), "doctor")
        verdicts = judged(facts)
        return {"worst": worst(verdicts), "verdicts": verdicts}

    return shown(desk, request, desk.tasks.start("doctor", do, "doctor.html", form.text("port")))


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
            key: form.text(key) for key, value in before.items() if form.text(key) not in ("", str(value))
        }
        stored = rig.change_settings(**changed) if changed else {}
        return rig.settings(), stored

    values, stored = desk.work.at(name).use(do, "settings")
    listing = ", ".join(f"{key} {value}" for key, value in sorted(stored.items()))
    told = [Said("stored", listing) if stored else Said("unchanged")]
    if takes_effect_at_start(stored):
        told.append(Said("at_start"))
    return _settings(desk, request, name, values, told)


def update(desk: Desk, request: Request, form: Form) -> Response:
    """Put this program's firmware on the rig; sets, settings and calibration stay."""
    work = desk.work.at(form.text("port"))

    def do(task: Task) -> Sequence[Said]:
        from retrorig.flash import flash_board

        def flashing() -> list[Said]:
            for step, evidence in flash_board(work.port(), partial(_bar, task), firmware_only=True):
                task.say(f"{step}: {evidence}")
            return [Said("updated")]

        return work.without_port(flashing, "firmware")

    return shown(desk, request, desk.tasks.start("firmware", do, port=form.text("port")))


class _Asking:
    """A doctor's guide: whoever looks at the page says when it was done."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def say(self, what_to_do: str) -> None:
        self._task.ask(what_to_do, "begin")


@contextmanager
def _bar(task: Task, label: str):
    task.say(label)
    task.report(0, 0)
    yield task.report


def _settings(
    desk: Desk, request: Request, port: str, values: dict[str, Any], told: Sequence[Said]
) -> Response:
    return desk.show(request, "rig_settings.html", port=port, settings=listed(values), told=told)


def _said(desk: Desk, request: Request, sentence: Said) -> Response:
    return desk.show(request, "message.html", sentence=sentence, undo=None, kind="done")
