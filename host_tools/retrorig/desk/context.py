"""The state that every page uses: library, rigs, words, templates, and edits that can be undone."""

from __future__ import annotations

import shutil
import time
from collections import OrderedDict
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from retrorig import Library, SetRow, local
from retrorig.desk.rigs import Rigs
from retrorig.desk.settings import read_settings
from retrorig.desk.sharing import Sharing
from retrorig.desk.tasks import Tasks
from retrorig.desk.wording import Said, in_words, language_of, phrase_in, words_in
from retrorig.library import Edited
from retrorig.report import Traced, Units
from retrorig.scratch import new_scratch_folder

if TYPE_CHECKING:
    from retrorig.publish import PublishedCopy

UNDO_MAX_N = 200
"""Edits that can be taken back."""
TRACED_N = 6
"""Sets whose plots are kept; a set of half an hour takes 20 MB."""

PICTURES_N = 50
PEOPLE_N = 3
"""People whose sets are kept: somebody with 10,000 takes 20 MB."""

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """The newest things, each under a number of its own."""

    def __init__(self, most_n: int) -> None:
        self._kept: OrderedDict[int, Thing] = OrderedDict()
        self._most_n, self._next = most_n, 1

    def keep(self, thing: Thing) -> int:
        """The number under which `take` and `get` give it back."""
        number, self._next = self._next, self._next + 1
        self._kept[number] = thing
        while len(self._kept) > self._most_n:
            self._kept.popitem(last=False)
        return number

    def get(self, number: int) -> Thing | None:
        """The thing of this number, which stays kept."""
        return self._kept.get(number)

    def take(self, number: int) -> Thing | None:
        """The thing of this number, which is then no longer kept."""
        return self._kept.pop(number, None)


class Desk:
    """One running desk: `folder` is its library, `port` the rig's, None for the one that is found.

    `published`: what is published at a database, in place of a library; then nothing can be changed.
    """

    def __init__(self, folder: Path, port: str | None = None, published: PublishedCopy | None = None) -> None:
        self.folder, self.published = folder, published
        self.work = Rigs(folder, port)
        self.tasks = Tasks()
        self.sharing = Sharing()
        self.seen_s: float | None = None
        self.undo = Kept[Edited](UNDO_MAX_N)
        self.pictures = Kept[Any](PICTURES_N)
        self._rows: OrderedDict[str, tuple[object, list[SetRow]]] = OrderedDict()
        self._temp = new_scratch_folder()
        self._traced: OrderedDict[tuple[object, ...], Traced] = OrderedDict()
        self._templates = Environment(
            loader=PackageLoader("retrorig.desk"), autoescape=True, undefined=StrictUndefined
        )

    @property
    def units(self) -> Units:
        """What the pages show distances, speeds and forces in."""
        return read_settings(self.folder).units

    @property
    def place(self) -> str:
        """Where the sets are, for people."""
        return self.published.called if self.published else str(self.folder.absolute())

    def seen(self) -> None:
        """A page is open now."""
        self.seen_s = time.monotonic()

    def library(self) -> Library:
        """The library, for one request: a context manager. It is made when there is none.

        What is published is as new as `PublishedCopy.freshen` makes it.
        """
        if self.published:
            self.published.freshen()
            return self.published.library()
        return Library(self.folder, create=True)

    def new_folder(self) -> Path:
        """An empty folder that goes when the desk ends: files to be saved by the browser are made there."""
        return Path(mkdtemp(dir=self._temp))

    def forget_kept(self) -> None:
        """Drop all kept rows and plots, after a person was forgotten."""
        self._rows.clear()
        self._traced.clear()
        self.undo = Kept(UNDO_MAX_N)
        self.pictures = Kept(PICTURES_N)

    def forget_plots(self) -> None:
        """Numbers of sets are others now."""
        self._traced.clear()

    def again(self, set_id: str, undo: int) -> Response:
        """A set's page once more: every number of it is another."""
        return Response(status_code=204, headers={"HX-Redirect": f"/sets/{set_id}?undo={undo}"})

    def close(self) -> None:
        """Close the rigs' ports and remove the files that were made to be saved."""
        self.tasks.close()
        self.sharing.stop()
        self.work.close()
        shutil.rmtree(self._temp, ignore_errors=True)

    def rows_of(self, library: Library, athlete: str) -> list[SetRow]:
        """Every set of a person; kept until the library changes, as a page asks for them several times."""
        stamp = tuple(_stamp(library.db.path.with_name(library.db.path.name + end)) for end in ("", "-wal"))
        found = self._rows.pop(athlete, None)
        if found is None or found[0] != stamp:
            found = stamp, library.sets(athlete=athlete)
        self._rows[athlete] = found
        while len(self._rows) > PEOPLE_N:
            self._rows.popitem(last=False)
        return found[1]

    def traced(self, library: Library, row: SetRow) -> Traced:
        """A set's plots; those of the last few sets are kept, as who zooms asks for the same again and again."""
        version = self.published and self.published.version
        key = (row.set_id, row.calibration_id, row.trim_start_s, row.trim_end_s, version)
        found = self._traced.pop(key, None)
        self._traced[key] = found = found or Traced(library.drawn_samples(row.set_id), row)
        while len(self._traced) > TRACED_N:
            self._traced.popitem(last=False)
        return found

    def show(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page or a part of one, in the browser's language."""
        language = language_of(request)
        words = words_in(language, self.units)
        html = self._templates.get_template(template).render(
            w=words,
            say=partial(in_words, words=words),
            phrase=partial(phrase_in, words=words),
            language=language,
            path=request.url.path,
            shared_at=self.sharing.address,
            published=self.published and _told(self.published),
            **values,
        )
        return HTMLResponse(html, status)


def _told(published: PublishedCopy) -> Said:
    """What a page says of the database that it shows."""
    which = "published_before" if published.is_away else "published"
    return Said(which, published.called, f"{local(published.read_utc):%Y-%m-%d %H:%M}")


def _stamp(file: Path) -> tuple[int, int]:
    """By which a file is known to have changed."""
    try:
        known = file.stat()
    except OSError:
        return 0, 0
    return known.st_mtime_ns, known.st_size
