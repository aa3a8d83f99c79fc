"""Chooses the page that fits the state, and draws it."""

from rigcore import TYPE_CHECKING, state_machine

from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from .canvas import Canvas
    from .view import View


PAGES = {  # state: module and page
    state_machine.IDLE: "between choosing",
    state_machine.ARMED: "between armed",
    state_machine.COUNTDOWN: "between countdown",
    state_machine.RUNNING: "running run",
    state_machine.PAUSED: "running paused",
    state_machine.RESTING: "between resting",
    state_machine.RATING: "between rating",
    state_machine.DONE: "between done",
    state_machine.FAULT: "trouble fault",
    # and those that are asked for by name
    "trace": "running trace",
    "table": "between table",
    "message": "trouble message",
}


class Screen:
    """`draw(view)` onto the canvas; nothing is sent to the panel here."""

    def __init__(self, canvas: "Canvas") -> None:
        self.canvas = canvas
        self._module: "Any" = None
        self._name = ""

    def draw(self, view: "View") -> None:
        name, page = PAGES[view.page].split()
        if name != self._name and not self._load(name):
            return
        self.canvas.clear()
        getattr(self._module, page)(self.canvas, view)

    def _load(self, name: str) -> bool:
        """Pages of one kind are in memory at a time; False where these find no room now."""
        self._module, self._name = None, ""
        try:
            self._module = transient_import("app.pages." + name)
        except MemoryError:
            return False
        self._name = name
        return True
