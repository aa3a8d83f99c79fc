"""Pages that say in words what is wrong or what was done."""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from ..canvas import Canvas
    from ..view import View


def fault(canvas: "Canvas", view: "View") -> None:
    """What is wrong, and the mend."""
    canvas.tint = 3
    canvas.line("Fault", 0, 0)
    canvas.tint = 0
    canvas.wrapped(view.trouble, 15, 3)


def message(canvas: "Canvas", view: "View") -> None:
    """A short answer to something done by hand, as a tare."""
    canvas.wrapped(view.message, 2, 4)
