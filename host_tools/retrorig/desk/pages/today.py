"""The first page: a day's athletes and sets, edited in place; and Pull."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from retrorig import Library, SetRow, parse_moment
from retrorig.desk.context import Desk
from retrorig.desk.pages.cells import CELLS, EDITABLE_CELLS, Cell, typed
from retrorig.desk.pages.forms import Form
from retrorig.desk.wording import SaidError
from retrorig.library import Edited


@dataclass(frozen=True)
class DayTable:
    """One day's sets by athlete; `before` and `after` are the next days with sets."""

    day: date | None
    athletes: list[tuple[str | None, list[SetRow]]]
    before: date | None
    after: date | None
    people: list[str]


def page(desk: Desk, request: Request) -> Response:
    """The day that is asked for, else the last one with sets."""
    with desk.library() as library:
        found = _day(library, _asked(request))
    return desk.show(
        request, "today.html", found=found, cells=CELLS, pull=desk.work.last_pull, new=_new(desk)
    )


def sets(desk: Desk, request: Request) -> Response:
    """The sets alone, as after a pull."""
    with desk.library() as library:
        found = _day(library, _asked(request))
    return desk.show(request, "today_sets.html", found=found, cells=CELLS, new=_new(desk))


def cell(desk: Desk, request: Request) -> Response:
    """One value of a set, as when an edit is given up."""
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
    return desk.show(request, "cell.html", row=row, cell=_cell(request))


def edit_form(desk: Desk, request: Request) -> Response:
    """The field in place of a value."""
    key = _cell(request).key
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
    return desk.show(
        request,
        "cell_edit.html",
        row=row,
        cell=_cell(request),
        value=typed(row, key),
        was=json.dumps(row.value(key)),
    )


def edit(desk: Desk, request: Request, form: Form) -> Response:
    """Note a value beside a set, if it still has the value that was seen."""
    set_id, key = request.path_params["set_id"], _cell(request).key
    value = form.value("value", key)
    with desk.library() as library:
        edited = library.edit(
            [set_id],
            {} if value is None else {key: value},
            undo=[key] if value is None else [],
            expected={key: form.json("was")},
        )
        row = library.set(set_id)
    return desk.show(
        request, "edited.html", row=row, cells=CELLS, new=_new(desk), undo=_kept(desk, edited), sentence=None
    )


def undo(desk: Desk, request: Request) -> Response:
    """Take an edit back; that can be undone, too."""
    edited = desk.undo.take(request.path_params["number"])
    if edited is None:
        raise SaidError("no_undo")
    with desk.library() as library:
        back = library.undo(edited)
    return _changed(desk, request, back, "undone")


def remove(desk: Desk, request: Request, form: Form) -> Response:
    """Delete or hide the chosen sets."""
    chosen, how = _chosen(form), request.path_params["how"]
    with desk.library() as library:
        edited = library.delete(chosen) if how == "delete" else library.hide(chosen)
    return _changed(desk, request, edited, "deleted" if how == "delete" else "hidden")


def move(desk: Desk, request: Request, form: Form) -> Response:
    """Give the chosen sets to the person who really walked them; a new name is a new person."""
    chosen, name = _chosen(form), form.text("athlete")
    if not name:
        raise SaidError("nobody_named")
    with desk.library() as library:
        library.people.label_for(name)
        edited = library.edit(chosen, {"athlete": name})
    return _changed(desk, request, edited, "moved")


def pull(desk: Desk, request: Request) -> Response:
    """Begin to pull, or show the pull that is under way: of one rig, or of all there are."""
    at, place = _where(request)
    pulled = desk.work.at(at).pull() if place else desk.work.pull()
    return desk.show(request, "pull.html", pull=pulled, at=at, place=place)


def pull_state(desk: Desk, request: Request) -> Response:
    """How far the pull is; with its end the sets are asked for again."""
    at, place = _where(request)
    pull = desk.work.at(at).last_pull if place else desk.work.last_pull
    answer = desk.show(request, "pull.html", pull=pull, at=at, place=place)
    if pull is not None and not pull.is_running:
        answer.headers["HX-Trigger"] = "sets-changed"
    return answer


def _where(request: Request) -> tuple[str, str]:
    """The rig, and which of several places of a page asks; "" for all rigs together."""
    place = request.query_params.get("place", "")
    return request.query_params.get("at", ""), place if place.lstrip("-").isdigit() else ""


def _changed(desk: Desk, request: Request, edited: Edited, what: str) -> Response:
    answer = desk.show(
        request, "changed.html", undo=_kept(desk, edited), what=what, sets_n=len(edited.after), kind="done"
    )
    answer.headers["HX-Trigger"] = "sets-changed"
    return answer


def _kept(desk: Desk, edited: Edited) -> int | None:
    return desk.undo.keep(edited) if edited.before != edited.after else None


def _chosen(form: Form) -> list[str]:
    chosen = form.texts("set")
    if not chosen:
        raise SaidError("none_chosen")
    return chosen


def _cell(request: Request) -> Cell:
    found = EDITABLE_CELLS.get(request.path_params["key"])
    if found is None:
        raise SaidError("fixed")
    return found


def _new(desk: Desk) -> frozenset[str]:
    """What came with the last pull."""
    return frozenset(desk.work.last_pull.new if desk.work.last_pull else ())


def _asked(request: Request) -> date | None:
    text = request.query_params.get("day")
    if not text:
        return None
    asked = parse_moment("day", text)
    return date(asked.year, asked.month, asked.day)


def _day(library: Library, asked: date | None) -> DayTable:
    day = asked or library.last_day()
    rows = library.sets(on=day) if day else library.sets()  # without any date all belong together
    return DayTable(
        day=day,
        athletes=_by_athlete(rows),
        before=library.last_day(until=day - timedelta(days=1)) if day else None,
        after=library.first_day(since=day + timedelta(days=1)) if day else None,
        people=sorted(library.people.names().values()),
    )


def _by_athlete(rows: Sequence[SetRow]) -> list[tuple[str | None, list[SetRow]]]:
    """Groups in the order of the names; nobody's sets last."""

    def order(row: SetRow) -> tuple[bool, str]:
        return row.athlete is None, row.athlete or ""

    return [(name or None, list(sets)) for (_, name), sets in groupby(sorted(rows, key=order), key=order)]
