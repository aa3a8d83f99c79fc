"""One set: its plots beside others', its numbers with plus-minus, quality in words, splits, feet, trim."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retrorig import Library, SetRow
from retrorig.desk.context import Desk
from retrorig.desk.pages.cells import typed
from retrorig.desk.pages.forms import Form, number
from retrorig.desk.pages.set_notes import notes_of
from retrorig.desk.wording import Phrase, SaidError
from retrorig.library import FEET
from retrorig.report import ALONG, EVERY_M, Traced, splits_of, words

POINTS_N = 1200
"""Of a line: two for each dot of a wide plot."""
OTHERS_MAX_N = 5
"""Sets that may be drawn over one: more can't be told apart."""
NEAR_N = 12
_TRIMS = ("trim_start_s", "trim_end_s")


def page(desk: Desk, request: Request) -> Response:
    """The set with everything but the points of its plots, which the page asks for."""
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
        traced = desk.traced(library, row) if row.samples else None
        near = _near(library, row)
        calibrations = library.calibrations.all(row.rig_id)
    notes = notes_of(row)
    units = desk.units
    numbers = [
        (Phrase(name), words.value(row, key, units), words.plus_minus(row, key, units))
        for key, (name, *_) in words.QUANTITIES.items()
        if words.value(row, key)
    ]
    return desk.show(
        request,
        "set.html",
        row=row,
        numbers=numbers,
        sentences=_sentences(row, traced),
        samples_n=row.samples,
        near=near,
        foot=row.first_foot,
        feet=FEET,
        every=EVERY_M,
        start=typed(row, _TRIMS[0]),
        end=typed(row, _TRIMS[1]),
        was_start=json.dumps(row.trim_start_s),
        was_end=json.dumps(row.trim_end_s),
        undo=_number(request.query_params.get("undo", "")),
        what="trimmed",
        sets_n=1,
        kind="done",
        notes=notes,
        noted=json.dumps({each.key: each.text for each in notes}),
        calibrations=calibrations,
    )


def traces(desk: Desk, request: Request) -> Response:
    """The points of the plots within a stretch, as many as can be seen; of other sets, too."""
    asked = request.query_params
    along = asked.get("along", ALONG[0])
    units = desk.units
    place = units.factor("m") if along == "distance" else 1.0
    ends = [number(asked.get(name, "")) for name in ("from", "to")]
    start, stop = (None if end is None else end / place for end in ends)
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
        others = [library.set(set_id) for set_id in _others(library, asked.getlist("with"), row)]
        if stop is None and others:
            stop = max(desk.traced(library, each).between(along, points_n=4).last for each in (row, *others))
        found = desk.traced(library, row).between(along, start, stop, POINTS_N)
        drawn = [_drawn(desk, library, other, along, start, stop) for other in others]
    shown = {**found.as_dict(along, units), "others": drawn, "foot": row.first_foot}
    if stop is not None and others:
        shown["stop"] = max(shown["stop"], *(other["stop"] for other in drawn))
    return JSONResponse(shown)


def splits(desk: Desk, request: Request) -> Response:
    """The set cut into equal distances."""
    every = number(request.query_params.get("every", "")) or EVERY_M[0]
    metre = desk.units.factor("m")
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
        found = splits_of(desk.traced(library, row).samples, every / metre)
    return desk.show(request, "splits.html", splits=found)


def foot(desk: Desk, request: Request, form: Form) -> Response:
    """Note with which foot the set began, or take that back."""
    set_id, first = request.path_params["set_id"], form.text("foot")
    values, undo = ({"first_foot": first}, []) if first else ({}, ["first_foot"])
    with desk.library() as library:
        edited = library.edit([set_id], values, undo=undo)
    return desk.again(set_id, desk.undo.keep(edited))


def trim(desk: Desk, request: Request, form: Form) -> Response:
    """Leave out what is before and after, unless somebody else trimmed meanwhile."""
    set_id = request.path_params["set_id"]
    wanted = {key: form.value(key, key) for key in _TRIMS}
    with desk.library() as library:
        edited = library.edit(
            [set_id],
            {key: value for key, value in wanted.items() if value},
            undo=[key for key, value in wanted.items() if not value],
            expected={"trim_start_s": form.json("was_start"), "trim_end_s": form.json("was_end")},
        )
    return desk.again(set_id, desk.undo.keep(edited))


def _near(library: Library, row: SetRow) -> list[SetRow]:
    """Sets of the same person that one may want to see beside it: the newest, and those of the same day."""
    if row.athlete is None:
        return []
    since = library.choose((), athlete=row.label)[-NEAR_N:]
    same_day = library.choose((), athlete=row.label, on=row.day) if row.day else []
    ids = dict.fromkeys([*same_day, *since])
    return [library.set(set_id) for set_id in ids if set_id != row.set_id][: 2 * NEAR_N]


def _others(library: Library, names: list[str], row: SetRow) -> list[str]:
    """Ids of the sets to draw over this one."""
    wanted = [name for text in names for name in text.split()]
    found = [set_id for set_id in library.choose(wanted) if set_id != row.set_id] if wanted else []
    if len(found) > OTHERS_MAX_N:
        raise SaidError("too_many_lines", len(found), OTHERS_MAX_N)
    return found


def _drawn(
    desk: Desk, library: Library, row: SetRow, along: str, start: float | None, stop: float | None
) -> dict[str, Any]:
    """Another set's lines, and what it is called."""
    found = desk.traced(library, row).between(along, start, stop, POINTS_N).as_dict(along, desk.units)
    day = f"{row.started:%Y-%m-%d %H:%M}" if row.started else row.set_id
    load = "" if row.load_kg is None else f", {row.load_kg:g} kg"
    return {"name": f"{day}{load}", **{key: found[key] for key in ("speed", "force", "power", "stop")}}


def _sentences(row: SetRow, traced: Traced | None) -> list[str]:
    found = [
        *words.reasons(row),
        *words.blanks(row),
        *words.around(row),
        *words.beside(row),
    ]
    if traced is not None:
        found += words.caveats(row, traced.samples)
    if row.trim_start_s or row.trim_end_s:
        found.append(words.trimmed(row))
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
