"""Pages between sets: choosing a plan, waiting, resting, rating, done."""

from ..view import clock_text

ASKED = {"rpe": "Effort 0-10", "pain": "Pain 0-10"}
COLOURS = {"green": "GREEN go on", "amber": "AMBER take care", "red": "RED stop"}


def choosing(canvas, view):
    """Which plan, or none: the button goes through them, walking starts."""
    course = view.session.conduct.course
    if not course.has_plan:
        canvas.line("Free set", 0, 0)
        canvas.line("walk to start", 0, 16)
    else:
        canvas.wrapped(course.plan["name"], 0, 2)
        canvas.line("%d sets" % course.sets_n, 0, 32)
    _values(canvas, view)


def armed(canvas, view):
    """What the next set asks, large enough to read before turning round."""
    conduct = view.session.conduct
    canvas.line("Set " + view.position(), 0, 0)
    if conduct.since_set_ms() >= 0:
        canvas.right(clock_text(conduct.since_set_ms()), 0)
    canvas.centre(view.goal() + view.load(), 17)
    canvas.centre(_how(conduct), 32)
    _values(canvas, view, _colour(conduct))


def _how(conduct):
    if conduct.is_open():
        return "walk backward"
    return "press the button"


def _colour(conduct):
    if not conduct.colour:
        return ""
    rule = conduct.course.plan.get("rule", {}) if conduct.course.has_plan else {}
    return rule.get(conduct.colour + "_text") or COLOURS[conduct.colour]


def _values(canvas, view, words=""):
    """The bottom line: a word if there is one, else speed and force."""
    if words:
        canvas.line(words[:16], 0, 49)
        return
    force, unit = view.force()
    canvas.line(view.speed()[0], 0, 49)
    canvas.right("%s %s" % (force, unit), 49)


def countdown(canvas, view):
    """3 - 2 - 1, as tall as the panel."""
    left_ms = view.session.conduct.due_ms - view.session.now_ms
    canvas.huge("%d" % max(1, (left_ms + 999) // 1000), 0, 0, canvas.width)


def resting(canvas, view):
    """The rest that is left, and what comes next."""
    conduct = view.session.conduct
    canvas.huge(clock_text(max(0, conduct.rest_left_ms())), 0, 0, canvas.width, 40)
    canvas.centre("%s  %s" % (view.position(), view.goal()), 49)
    if conduct.colour:
        canvas.centre(_colour(conduct)[:20], 40, canvas.small)


def rating(canvas, view):
    """One question at a time; the number is what was tapped."""
    asked = view.session.conduct.rating
    value = asked.values.get(asked.question)
    canvas.line(ASKED.get(asked.question, ""), 0, 0)
    if value is None:
        canvas.centre("tap: 0, 1, 2 ...", 24)
    else:
        canvas.huge("%d" % value, 0, 14, canvas.width, 40)
    canvas.right("hold: done", 54, canvas.small)


def done(canvas, view):
    """The plan is through."""
    conduct = view.session.conduct
    canvas.centre("Done", 0)
    canvas.wrapped(conduct.course.plan["name"], 15, 2)
    canvas.line((_colour(conduct) or "button: back")[:16], 0, 49)


def table(canvas, view):
    """The latest sets: number, distance, time."""
    for row, (number, mm, ms) in enumerate(view.rows[-4:]):
        canvas.line("%2d" % number, 0, row * 16)
        canvas.line(view.distance(mm), 32, row * 16)
        canvas.right(clock_text(ms), row * 16)
