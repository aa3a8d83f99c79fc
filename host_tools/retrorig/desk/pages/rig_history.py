"""Rigs over time, from the library: how each clock ran, and whether the belt or the sled drags more than before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig import Library, SampleTable, SetRow
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from retrorig.desk.pages.part import NONE, PagePart, with_pm
from retrorig.desk.pages.task_parts import shown
from retrorig.desk.tasks import Task
from retrorig.desk.wording import Said
from retrorig.progress import DragHistory, by_day, drag_history, latest_alike
from retrorig.report import Units

SETS_MAX_N = 400
"""Newest sets that a history is made of: a page is waited for, and they are half a year of training."""


def clocks(desk: Desk, request: Request, _: Form) -> Response:
    """How each rig's clock ran against this computer's, by which its sets are dated."""

    def do(_: Task) -> Any:
        with desk.library() as library:
            return [_clock(each) for each in library.clocks.all()]

    return shown(desk, request, desk.tasks.start("clocks", do, "clocks.html"))


def drag(desk: Desk, request: Request, form: Form) -> Response:
    """The drag of a rig day by day, from its newest sets under equal conditions; without a rig the newest set's."""
    chosen = {key: form.text(key) for key in ("rig", "athlete") if form.text(key)}

    def do(_: Task) -> dict[str, Any]:
        with desk.library() as library:
            rows = latest_alike(_of_one_rig(library, chosen), SETS_MAX_N)
            found = drag_history({day: _samples(library, sets) for day, sets in by_day(rows).items()})
        return {"part": _part(rows, found, desk.units), "picture": desk.pictures.keep(found)}

    return shown(desk, request, desk.tasks.start("drag", do, "drag.html"))


def _of_one_rig(library: Library, chosen: dict[str, str]) -> list[SetRow]:
    """The sets of the rig that was chosen, or that the newest set is of: all rigs' may be too many at once."""
    newest = library.choose(["last"], **chosen)
    return library.sets(**{**chosen, "rig": library.sets(ids=newest)[0].rig_id}) if newest else []


def _samples(library: Library, rows: Sequence[SetRow]) -> Iterator[SampleTable]:
    return (library.drawn_samples(row.set_id) for row in rows)


def _part(rows: Sequence[SetRow], found: DragHistory, units: Units) -> PagePart:
    newton = units.factor("N")
    table = [
        (
            day.day,
            str(day.sets),
            with_pm(day.drag_n.value * newton, day.drag_n.pm * newton, 1),
            *(_force(value, newton) for value in (day.change_n, day.smallest_change_n)),
        )
        for day in found.days
    ]
    load = NONE if rows[-1].load_kg is None else f"{rows[-1].load_kg:g} kg"
    told = [Said("drag_over", rows[-1].rig_id, load, len(rows), units.force)]
    if found.left_out:
        told.append(Said("drag_left_out", ", ".join(found.left_out)))
    return PagePart(told, ("day", "sets", "drag", "changed", "smallest"), table, found)


def _force(newtons: float | None, factor: float) -> str:
    return NONE if newtons is None else f"{newtons * factor:.1f}"


def _clock(facts: dict[str, Any]) -> tuple[str, ...]:
    """Rig, start, exchanges, hours, drift, and how many contradict the others."""
    return (
        facts["rig"], str(facts["boot"]), str(facts["anchors"]), f"{facts['span_h']:.1f}",
        with_pm(facts["drift_ppm"], facts["drift_pm_ppm"], 1), str(facts["contradicting"]),
    )  # fmt: skip
