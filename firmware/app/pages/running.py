"""Pages while a set runs: one huge number, and beside it what is small."""

NUMBER_W = 99
SIDE_X = 100


def short(number, chars_n):
    """A decimal number in at most so many characters, rounded."""
    for decimals in range(2, -1, -1):
        text = "%.*f" % (decimals, float(number))
        if len(text) <= chars_n and len(text) <= len(number):
            return text
    return number


def run(canvas, view):
    """The number that counts, as tall as the panel; speed and force beside it, or the band."""
    number, unit = view.left()
    canvas.huge(number, 0, 0, NUMBER_W)
    _side(canvas, view, unit)


def _side(canvas, view, unit):
    place = view.band()
    speed, speed_unit = view.speed()
    force, force_unit = view.force()
    canvas.line(unit, SIDE_X, 0, canvas.small)
    if place is not None:
        canvas.line(short(speed, 3), SIDE_X, 26, canvas.side)
        canvas.band(place)
        return
    canvas.line(short(speed, 4), SIDE_X, 11, canvas.side)
    canvas.line(speed_unit, SIDE_X, 24, canvas.small)
    if force == "--":
        canvas.line(force, SIDE_X, 40, canvas.words)
    else:
        canvas.line(short(force, 4), SIDE_X, 40, canvas.side)
    canvas.line(force_unit, SIDE_X, 54, canvas.small)


def paused(canvas, view):
    """Stands still within a set: what is left, and that walking on goes on."""
    number, unit = view.left()
    canvas.centre("PAUSE", 0)
    canvas.centre("%s %s left" % (number, unit) if view.session.conduct.amount else "%s %s" % (number, unit), 18)
    canvas.centre("walk on", 33)
    canvas.centre("button: end set", 48)


def trace(canvas, view):
    """Force of the latest six seconds."""
    force, unit = view.force()
    canvas.line("%s %s" % (force, unit), 0, 0)
    speed, unit = view.speed()
    canvas.right("%s %s" % (speed, unit), 0)
    canvas.trace(view.trace)
