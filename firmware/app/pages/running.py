"""Pages while a set runs: one huge number, and beside it what is small."""

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from ..canvas import Canvas
    from ..view import View


NUMBER_W = 99
BANDED_X = 99
SIDE_X = 100


def short(number: str, chars_n: int) -> str:
    """A decimal number in at most so many characters, rounded."""
    for decimals in range(2, -1, -1):
        text = "%.*f" % (decimals, float(number))
        if len(text) <= chars_n and len(text) <= len(number):
            return text
    return number


def running(canvas: "Canvas", view: "View") -> None:
    """The number that counts, as tall as the panel; speed and force beside it, or the band."""
    number, unit = view.left()
    canvas.huge(number, 0, 0, NUMBER_W)
    _side(canvas, view, "MAX" if view.is_over else unit)


def _side(canvas: "Canvas", view: "View", unit: str) -> None:
    place = view.band()
    speed, speed_unit = view.speed()
    force, force_unit = view.force()
    canvas.line(unit, SIDE_X, 0, canvas.small)
    if place is not None:
        number = short(view.banded(), 3)
        if len(number) <= 3:  # more would stand in the band
            canvas.line(number, BANDED_X, 26, canvas.side)
        canvas.band(place, view.is_flashing)
        return
    canvas.line(short(speed, 4), SIDE_X, 11, canvas.side)
    canvas.line(speed_unit, SIDE_X, 24, canvas.small)
    if force == "--":
        canvas.line(force, SIDE_X, 40, canvas.words)
    else:
        canvas.line(short(force, 4), SIDE_X, 40, canvas.side)
    canvas.line(force_unit, SIDE_X, 54, canvas.small)


def paused(canvas: "Canvas", view: "View") -> None:
    """Stands still within a set: the number that counts, and that walking on goes on."""
    number, unit = view.left()
    canvas.huge(number, 0, 0, canvas.width, 40)
    canvas.centre(unit + "  button: end set", 40, canvas.small)
    canvas.centre("PAUSE: walk on", 49)


def trace(canvas: "Canvas", view: "View") -> None:
    """Force of the latest step or two: 1.3 s."""
    force, unit = view.force()
    canvas.line("%s %s" % (force, unit), 0, 0)
    speed, unit = view.speed()
    canvas.right("%s %s" % (speed, unit), 0)
    canvas.trace(view.curve())
