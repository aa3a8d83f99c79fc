"""What every page needs: the library, the rig, the words, the templates, and what can be undone."""

from __future__ import annotations

import tomllib
from collections import OrderedDict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from retrorig.desk.rig_work import RigWork
from retrorig.library import Library, SetRow
from retrorig.library.editing import Edited
from retrorig.report.traces import Traced

LANGUAGES = ("en", "de")
UNDO_MAX_N = 200
TRACED_N = 6
"""Sets whose plots are kept; a set of half an hour takes 20 MB."""

Words = dict[str, Any]


@cache
def words_in(language: str) -> Words:
    """Every word of the pages in one language, by page and name."""
    text = files("retrorig.desk").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def language_of(request: Request) -> str:
    """The first language that the browser asks for and that there is; else English."""
    for wanted in request.headers.get("accept-language", "").split(","):
        language = wanted.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


class Undo:
    """Edits that can be taken back, the newest UNDO_MAX_N, each under a number of its own."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Edited] = OrderedDict()
        self._next = 1

    def keep(self, edited: Edited) -> int:
        """The number under which `take` gives it back."""
        number, self._next = self._next, self._next + 1
        self._kept[number] = edited
        while len(self._kept) > UNDO_MAX_N:
            self._kept.popitem(last=False)
        return number

    def take(self, number: int) -> Edited | None:
        """What was kept, once."""
        return self._kept.pop(number, None)


class Desk:
    """One running desk: `folder` is its library, `port` the rig's, None for the one that is found."""

    def __init__(self, folder: Path, port: str | None = None) -> None:
        self.folder = folder
        self.work = RigWork(folder, port)
        self.undo = Undo()
        self._traced: OrderedDict[tuple[object, ...], Traced] = OrderedDict()
        self._templates = Environment(
            loader=PackageLoader("retrorig.desk"), autoescape=True, undefined=StrictUndefined
        )

    def library(self) -> Library:
        """The library, for one request: a context manager. It is made when there is none."""
        return Library(self.folder, create=True)

    def traced(self, library: Library, row: SetRow) -> Traced:
        """A set's plots; those of the last few sets are kept, as who zooms asks for the same again and again."""
        key = (row.set_id, row.calibration_id, row.trim_start_s, row.trim_end_s)
        found = self._traced.pop(key, None)
        self._traced[key] = found = found or Traced(library.samples(row.set_id), row)
        while len(self._traced) > TRACED_N:
            self._traced.popitem(last=False)
        return found

    def show(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page or a part of one, in the browser's language."""
        language = language_of(request)
        html = self._templates.get_template(template).render(
            w=words_in(language), language=language, path=request.url.path, **values
        )
        return HTMLResponse(html, status)
