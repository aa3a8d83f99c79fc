"""One set: its plots with zoom, its numbers with their plus-minus, its quality in words, its trim."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retrorig.desk.context import Desk
from retrorig.desk.pages.cells import typed
from retrorig.desk.pages.forms import Form, number
from retrorig.library import SetRow
from retrorig.measure.samples import Samples
from retrorig.report import words
from retrorig.report.traces import ALONG, traces_of

POINTS_N = 1200
"""Of a line: two for each dot of a wide plot."""
_TRIMS = ("trim_start_s", "trim_end_s")


def page(desk: Desk, request: Request) -> Response:
    """The set with everything but the points of its plots, which the page asks for."""
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
        samples = desk.samples(library, row) if row.samples else None
    numbers = [
        (name, words.value(row, key), words.plus_minus(row, key))
        for key, (name, *_) in words.QUANTITIES.items()
        if words.value(row, key)
    ]
    return desk.show(
        request,
        "set.html",
        row=row,
        numbers=numbers,
        sentences=_sentences(row, samples),
        samples_n=row.samples,
        start=typed(row, _TRIMS[0]),
        end=typed(row, _TRIMS[1]),
        was_start=json.dumps(row.trim_start_s),
        was_end=json.dumps(row.trim_end_s),
        undo=_number(request.query_params.get("undo", "")),
        what="trimmed",
        sets_n=1,
        kind="done",
    )


def traces(desk: Desk, request: Request) -> Response:
    """The points of the plots within a stretch, as many as can be seen."""
    asked = request.query_params
    along = asked.get("along", ALONG[0])
    ends = [number(asked.get(name, "")) for name in ("from", "to")]
    with desk.library() as library:
        row = library.set(request.path_params["set_id"])
        found = traces_of(desk.samples(library, row), along, ends[0], ends[1], POINTS_N)
    return JSONResponse(found.as_dict())


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
    where = f"/sets/{set_id}?undo={desk.undo.keep(edited)}"
    return Response(status_code=204, headers={"HX-Redirect": where})  # every number of the page is another


def _sentences(row: SetRow, samples: Samples | None) -> list[str]:
    found = [*words.reasons(row), *words.blanks(row), *words.around(row), *words.beside(row)]
    if samples is not None:
        found += words.caveats(row, samples)
    if row.trim_start_s or row.trim_end_s:
        found.append(words.trimmed(row))
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
