"""The coach's page of `retrorig desk`: a web server on this laptop that answers this laptop's browser alone.

running.py   start, join one that runs, end
security.py  who may ask: token, Host, Origin; what a page may load
app.py       the routes, and errors as sentences
context.py   what every page needs: library, words, templates, undo
rigs.py      the rigs that are plugged in; rig_work.py: the one owner of a rig's port
tasks.py     work that takes a while, with what it says and asks meanwhile
followed.py  what belongs to a moment of a rig: the plan's set, who walks, who is next
sharing.py   the live page for others on the local network
settings.py  what a desk remembers
words/       every word of the pages, a file a language
pages/       one file a page; templates/ and assets/ are what it shows

It computes nothing: numbers, sentences and plots come from the same functions as the command line's. Built on Starlette
with htmx and uPlot, all files local: under the closed content policy of security.py a page of NiceGUI 3.18 stays
empty (it needs inline scripts, inline styles and eval), and pages made on the server can be tested by a plain client.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from retrorig.extras import require
from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.desk.running import Started
    from retrorig.desk.shortcut import make_shortcut
    from retrorig.publish import PublishedCopy

__all__ = ["Started", "make_shortcut", "open_desk"]

__getattr__ = on_use(__name__, {"running": ("Started",), "shortcut": ("make_shortcut",)})


def open_desk(
    folder: str | Path | None,
    port: str | None,
    http_port: int,
    announce: Callable[[Started], None],
    share: bool = False,
    published: PublishedCopy | None = None,
) -> None:
    """`running.run_desk` where its packages are installed; `folder` None is the user's own library.

    `published`: what is published at a database is shown in place of a library, and nothing can be changed.

    MissingPackageError without the extra `desk`.
    """
    for package in ("starlette", "uvicorn", "python_multipart", "jinja2"):
        require(package, "desk")
    from retrorig.desk.running import run_desk
    from retrorig.library import default_folder

    if published:
        folder = published.folder
    run_desk(Path(folder) if folder else default_folder(), port, http_port, announce, share, published)
