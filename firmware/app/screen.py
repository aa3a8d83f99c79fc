"""Chooses the page that fits the state, and draws it."""

from rigcore import TYPE_CHECKING, state_machine

from .pages import between, running, trouble

if TYPE_CHECKING:
    from .canvas import Canvas
    from .view import View


PAGES = {  # state: page
    state_machine.IDLE: between.choosing,
    state_machine.ARMED: between.armed,
    state_machine.COUNTDOWN: between.countdown,
    state_machine.RUNNING: running.run,
    state_machine.PAUSED: running.paused,
    state_machine.RESTING: between.resting,
    state_machine.RATING: between.rating,
    state_machine.DONE: between.done,
    state_machine.FAULT: trouble.fault,
}
EXTRA = {  # pages that are asked for by name
    "trace": running.trace,
    "table": between.table,
    "message": trouble.message,
}


class Screen:
    """`draw(view)` onto the canvas; nothing is sent to the panel here."""

    def __init__(self, canvas: "Canvas") -> None:
        self.canvas = canvas

    def draw(self, view: "View") -> None:
        self.canvas.clear()
        page = EXTRA.get(view.page) or PAGES[view.page]
        page(self.canvas, view)
