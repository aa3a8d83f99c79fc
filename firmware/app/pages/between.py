"""Pages between sets: choosing a plan, waiting, resting, rating, done."""

from ..view import clock_text

NUMBER_W = 97
TURN_MS = 2000
ASKED = {"rpe": "Effort 0-10", "pain": "Pain 0-10"}
COLOURS = {"green": "GREEN go on", "amber": "AMBER take care", "red": "RED stop"}


def choosing(canvas, view):
    """Which plan, or none: the button goes through them, walking starts."""
    course = view.session.conduct.course
    if not course.has_plan:
        canvas.line("Free set", 0, 0)
        canvas.line("walk to start", 0, 16)
        if view.session.conduct.plan_ids:
            canvas.line("button: plans", 0, 32)
    else:
        canvas.wrapped(course.plan["name"], 0, 2)
        canvas.line("%d sets" % course.sets_n, 0, 32)
    canvas.line(view.speed()[0], 0, 49)
    canvas.right("%s %s" % view.force(), 49)


def armed(canvas, view):
    """What the next set asks, readable from where one stands in the harness."""
    conduct = view.session.conduct
    since_ms = conduct.since_set_ms()
    canvas.line("Set " + view.position(), 0, 0, canvas.small)
    canvas.right(clock_text(since_ms) if since_ms >= 0 else "%s %s" % view.force(), 0, canvas.small)
    number, unit = view.goal()
    if number:
        canvas.huge(number, 0, 10, NUMBER_W, 40)
        canvas.line(unit, NUMBER_W, 13, canvas.small)
    else:
        canvas.line(unit, 24, 22)
    if view.load():
        canvas.line(view.load(), NUMBER_W, 25, canvas.side)
        canvas.line("kg", NUMBER_W, 39, canvas.small)
    canvas.centre(_what_to_do(view.session), 49)


def _what_to_do(session):
    """How to start, and in turn with it what the coach's rule made of the last set."""
    conduct = session.conduct
    if conduct.colour and session.now_ms // TURN_MS % 2 == 0:
        return _colour(conduct)[:16]
    return "walk backward" if conduct.is_open() else "press the button"


def _colour(conduct):
    if not conduct.colour:
        return ""
    rule = conduct.course.plan.get("rule", {}) if conduct.course.has_plan else {}
    return rule.get(conduct.colour + "_text") or COLOURS[conduct.colour]


def countdown(canvas, view):
    """3 - 2 - 1, as tall as the panel."""
    left_ms = view.session.conduct.due_ms - view.session.now_ms
    canvas.huge("%d" % max(1, (left_ms + 999) // 1000), 0, 0, canvas.width)


def resting(canvas, view):
    """The rest that is left, and what comes next."""
    conduct = view.session.conduct
    canvas.huge(clock_text(max(0, conduct.rest_left_ms())), 0, 0, canvas.width, 40)
    number, unit = view.goal()
    following = "%s %s %s" % (view.position(), number, unit)
    if view.load():
        following += " %skg" % view.load()
    canvas.centre(following, 49, canvas.words if len(following) <= 16 else canvas.small)
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
