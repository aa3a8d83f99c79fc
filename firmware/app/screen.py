"""Chooses the page that fits the state, and draws it."""

from rigcore import engine

from .pages import between, running, trouble

PAGES = {  # state: page
    engine.IDLE: between.choosing,
    engine.ARMED: between.armed,
    engine.COUNTDOWN: between.countdown,
    engine.RUNNING: running.run,
    engine.PAUSED: running.paused,
    engine.RESTING: between.resting,
    engine.RATING: between.rating,
    engine.DONE: between.done,
    engine.FAULT: trouble.fault,
}
EXTRA = {  # pages that are asked for by name
    "trace": running.trace,
    "table": between.table,
    "message": trouble.message,
}


class Screen:
    """`draw(view)` onto the canvas; nothing is sent to the panel here."""

    def __init__(self, canvas):
        self.canvas = canvas

    def draw(self, view):
        self.canvas.clear()
        page = EXTRA.get(view.page) or PAGES[view.page]
        page(self.canvas, view)
