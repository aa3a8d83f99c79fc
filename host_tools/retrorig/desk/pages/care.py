"""Sets computed anew, also under another calibration; and which sets of the library are doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig import Choice, Library
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task
from retrorig.desk.wording import Said, SaidError
from retrorig.library import Change
from retrorig.progress import grade_history

AS_BEFORE, OWN = "", "own"
"""The calibration that a set has now, and that which its rig had."""

AT_REST = "rest"
SHOWN_N = 100
WORDS_MAX = 60


def recompute(desk: Desk, request: Request, form: Form) -> Response:
    """Compute sets anew from their raw values: those that are named, of a person or of some days, else all."""
    words = form.text("words").split()
    filters = {key: form.text(key) for key in ("athlete", "since", "until") if form.text(key)}
    calibration, zero = form.text("calibration"), AT_REST if form.text("zero") else None

    def do(task: Task) -> dict[str, Any]:
        with desk.library() as library:
            ids = library.choose(words, Choice(**filters)) if words or filters else library.to_recompute()
            changes, told = _computed(library, task, ids, calibration, zero)
        desk.forget_plots()
        return {
            "told": told,
            "changes": [_row(each) for each in changes][:SHOWN_N],
            "changes_n": len(changes),
        }

    return shown(desk, request, desk.tasks.start("recompute", do, "changes.html"))


def _computed(
    library: Library, task: Task, ids: Sequence[str], calibration: str, zero: str | None
) -> tuple[list[Change], list[str | Said]]:
    if not ids:
        raise SaidError("no_such_set")
    changes = library.edit(ids, {}, undo=["calibration"]).changes if calibration == OWN else []
    if calibration == OWN and not zero:
        return _told(changes), [Said("computed", len(ids))]
    under = library.corrected(None if calibration in (AS_BEFORE, OWN) else calibration, zero=zero)
    found = library.recompute(ids, under, task.report)
    return _told([*changes, *found.changes]), [*found.notices, Said("computed", found.sets_n)]


def grades(desk: Desk, request: Request, _: Form) -> Response:
    """How the sets of each rig were graded, and for which reasons."""

    def do(_: Task) -> Any:
        with desk.library() as library:
            return grade_history(library.each_set())

    return shown(desk, request, desk.tasks.start("grades", do, "grades.html"))


def _told(changes: Sequence[Change]) -> list[Change]:
    """Without keys that follow from others."""
    return [each for each in changes if not isinstance(each.new, dict) and each.key != "edited"]


def _row(change: Change) -> tuple[str, str, str, str]:
    return change.set_id, change.key, _words(change.old), _words(change.new)


def _words(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= WORDS_MAX else f"{text[: WORDS_MAX - 3]}..."
