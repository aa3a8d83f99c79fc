"""One person: a page whose parts are asked for one by one, each with its table and its picture."""

from __future__ import annotations

import threading

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from retrorig import RetrorigError, local
from retrorig.desk.context import Desk
from retrorig.desk.pages.athlete_parts import PARTS
from retrorig.desk.pages.forms import number
from retrorig.desk.pages.part import Asked, PagePart
from retrorig.desk.wording import SaidError

_drawing = threading.Lock()


def people(desk: Desk, request: Request) -> Response:
    """Everybody, with how many sets they have and since when."""
    with desk.library() as library:
        found = library.people.all()
    days = {each["label"]: [_day(each[key]) for key in ("first_utc", "last_utc")] for each in found}
    return desk.show(request, "people.html", people=found, days=days)


def page(desk: Desk, request: Request) -> Response:
    """The page; each part of it is asked for on its own."""
    label = request.path_params["label"]
    with desk.library() as library:
        name = library.people.names().get(library.people.label_of(label), label)
    return desk.show(
        request, "athlete.html", label=label, name=name, parts=list(PARTS), query=request.url.query,
        asked={key: request.query_params.get(key, "") for key in ("limit", "stop")},
    )  # fmt: skip


def part(desk: Desk, request: Request) -> Response:
    """One part, or the sentence that says why there is none."""
    answer = PARTS.get(request.path_params["part"])
    if answer is None:
        raise SaidError("no_part")
    limit, stop = (number(request.query_params.get(key, "")) for key in ("limit", "stop"))
    try:
        with desk.library() as library:
            rows = desk.rows_of(library, request.path_params["label"])
            found = answer(Asked(library, rows, desk.units, limit, stop))
    except RetrorigError as error:
        found = PagePart([str(error)])
    picture = desk.pictures.keep(found.answer) if found.answer is not None else None
    return desk.show(request, "athlete_part.html", part=found, picture=picture)


def picture(desk: Desk, request: Request) -> Response:
    """The picture of an answer, as SVG."""
    found = desk.pictures.get(request.path_params["number"])
    if found is None:
        raise SaidError("no_picture")
    path = desk.new_folder() / "picture.svg"
    from retrorig.progress import draw  # drawing is loaded only where something is drawn

    with _drawing:  # matplotlib draws one at a time
        draw(found, path)
    return FileResponse(path, media_type="image/svg+xml")


def _day(moment_utc: str | None) -> str:
    """The day by this computer's clock."""
    return f"{local(moment_utc):%Y-%m-%d}" if moment_utc else ""
