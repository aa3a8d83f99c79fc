"""Pages that say in words what is wrong or what was done."""


def fault(canvas, view):
    """What is wrong, and the mend."""
    canvas.line("Fault", 0, 0)
    canvas.wrapped(view.trouble, 15, 3)


def message(canvas, view):
    """A short answer to something done by hand, as a tare."""
    canvas.wrapped(view.message, 2, 4)
