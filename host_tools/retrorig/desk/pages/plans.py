"""Plans: the ready-made and the coach's own, as a form and as text, checked while one types; pushed to the rig."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig import InputError, Rig
from retrorig.desk.context import Desk
from retrorig.desk.pages import plan_form
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task
from retrorig.desk.wording import Said, SaidError
from retrorig.plans import (
    BYTES_MAX,
    QUESTIONS,
    STEP_COLUMNS,
    TARGETS,
    FaultyPlanError,
    every_plan,
    keep_plan,
    outline,
    own_plans,
    plan_table,
    plan_text,
    read_plan_text,
    steps,
)
from retrorig.report import Units
from retrorig.texts import read_text


def page(desk: Desk, request: Request) -> Response:
    """The list, and the plan that is asked for, else a new one."""
    found, wanted = every_plan(desk.folder), request.query_params.get("plan", "")
    if wanted and wanted not in found:
        raise SaidError("no_plan", wanted)
    text = read_text(found[wanted], "plan") if wanted else plan_text(plan_form.NEW_PLAN)
    own = own_plans(desk.folder)
    return desk.show(
        request, "plans.html", plans=[(name, name in own) for name in found], wanted=wanted, ports=desk.work.ports(),
        **_edited(text, desk.units),
    )  # fmt: skip


def check(desk: Desk, request: Request, form: Form) -> Response:
    """What is wrong with the text that is being typed, and the form that it makes."""
    return desk.show(
        request, "plan_checked.html", show="form", **_edited(form.text("text") + "\n", desk.units)
    )


def fill(desk: Desk, request: Request, form: Form) -> Response:
    """The text that the form makes, and what is wrong with it; a button of it also changes the form."""
    text = plan_text(plan_form.table_from(form))
    parts = "both" if form.text("press") else "text"
    return desk.show(request, "plan_checked.html", show=parts, **_edited(text, desk.units))


def keep(desk: Desk, request: Request, form: Form) -> Response:
    """Keep a plan as one's own."""
    path = keep_plan(desk.folder, form.text("text") + "\n")
    return desk.show(request, "plan_kept.html", name=path.stem, kind="done")


def push(desk: Desk, request: Request, form: Form) -> Response:
    """Put a plan on the rig, and let it follow it from its beginning."""
    plan = read_plan_text(form.text("text") + "\n")
    work = desk.work.at(form.text("port"))

    def do(task: Task) -> Sequence[Said]:
        def wait() -> None:
            task.say(Said("waits"))

        work.use(lambda rig: rig.push_plan(plan, choose=True, on_wait=wait), "push")
        return [Said("pushed", plan["name"], plan["id"])]

    return shown(desk, request, desk.tasks.start("push", do))


def on_rig(desk: Desk, request: Request) -> Response:
    """What the rig holds."""
    name = request.query_params.get("port", "")
    found = desk.work.at(name).use(Rig.plans, "plans")
    return desk.show(request, "plans_on_rig.html", held=_held(found), port=name, place=found)


def choose(desk: Desk, request: Request, form: Form) -> Response:
    """Let the rig follow a plan that it holds, or none."""
    name, plan_id = form.text("port"), form.text("plan")

    def do(rig: Rig) -> dict[str, Any]:
        rig.choose_plan(plan_id)
        return rig.plans()

    found = desk.work.at(name).use(do, "plans")
    return desk.show(request, "plans_on_rig.html", held=_held(found), port=name, place=found)


def _held(found: dict[str, Any]) -> list[tuple[str, str, int, bool]]:
    """Id, name and sets of each plan on a rig, and whether it is followed."""
    return [(*outline(plan)[:3], plan["id"] == found["chosen"]) for plan in found["plans"]]


def _edited(text: str, units: Units) -> dict[str, Any]:
    """A plan that is being edited: its text, its fields, what is wrong with it or what its sets are."""
    faults: Sequence[str] = ()
    about = None
    try:
        plan = read_plan_text(text)
        about = (*outline(plan), BYTES_MAX)
        table = steps(plan, units)
    except FaultyPlanError as error:
        faults, table = error.faults, []
    except InputError as error:
        faults, table = (str(error),), []
    try:
        fields = plan_form.fields_of(plan_table(text))
    except InputError:
        fields = None
    return {
        "text": text, "faults": faults, "about": about, "steps": table, "columns": STEP_COLUMNS, "fields": fields,
        "form": plan_form, "targets": list(TARGETS), "questions": QUESTIONS,
    }  # fmt: skip
