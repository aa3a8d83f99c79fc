"""What is rarely noted beside a set: machine, attachment, tags, a corrected start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from retrorig import SetRow
from retrorig.desk.context import Desk
from retrorig.desk.pages.forms import Form
from rigcore.vocabulary import MACHINES


@dataclass(frozen=True)
class NoteField:
    """A field: its key, its text, and what may be chosen if not every text will do."""

    key: str
    text: str
    options: tuple[str, ...] = ()


def notes_of(row: SetRow) -> list[NoteField]:
    """The fields with what is noted now."""
    started = f"{row.started:%Y-%m-%d %H:%M:%S}" if row.started else ""
    return [
        NoteField("machine", row.machine or "", MACHINES),
        NoteField("attachment", row.attachment or ""),
        NoteField("tags", ", ".join(row.tags)),
        NoteField("started_utc", started),
    ]


def note(desk: Desk, request: Request, form: Form) -> Response:
    """Note what was changed in the form, unless somebody else changed the same meanwhile."""
    set_id = request.path_params["set_id"]
    was = form.json("was")
    with desk.library() as library:
        seen = {each.key: each for each in notes_of(library.set(set_id))}
        changed = [key for key in seen if form.text(key) != was.get(key)]
        values: dict[str, Any] = {key: _value(key, form.text(key)) for key in changed if form.text(key)}
        undo = [key for key in changed if not form.text(key)]
        expected = {key: library.set(set_id).value(key) for key in changed if seen[key].text == was.get(key)}
        expected |= {key: was.get(key) for key in changed if seen[key].text != was.get(key)}
        edited = library.edit([set_id], values, undo=undo, expected=expected)
    return desk.again(set_id, desk.undo.keep(edited))


def _value(key: str, text: str) -> Any:
    return [tag.strip() for tag in text.split(",") if tag.strip()] if key == "tags" else text
