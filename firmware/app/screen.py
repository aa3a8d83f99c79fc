"""Chooses the page that fits the state, and draws it."""

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from .canvas import Canvas
    from .view import View


MODULES = (  # and their pages, which are functions of the names that states have, and some that are asked for
    ("app.pages.between", "idle countdown rating table settings"),
    ("app.pages.after", "armed resting done summary"),
    ("app.pages.running", "running paused trace"),
    ("app.pages.trouble", "fault message"),
)


class Screen:
    """`draw(view)` onto the canvas; nothing is sent to the panel here."""

    def __init__(self, canvas: "Canvas") -> None:
        self.canvas = canvas
        self._pages: "Any" = None  # the module of the page that was drawn last: one is in memory at a time

    def draw(self, view: "View") -> None:
        if not hasattr(self._pages, view.page) and not self._load(view.page):
            return
        self.canvas.clear()
        getattr(self._pages, view.page)(self.canvas, view)

    def _load(self, page: str) -> bool:
        """False when there is no room for it in the heap now."""
        self._pages = None
        for module, pages in MODULES:
            if page in pages.split():
                try:
                    self._pages = transient_import(module)
                except MemoryError:
                    return False
        return True
