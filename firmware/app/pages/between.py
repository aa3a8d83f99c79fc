"""Pages between sets: choosing a plan, waiting, resting, rating, done."""

from rigcore import TYPE_CHECKING

from ..view import clock_text

if TYPE_CHECKING:
    from rigcore.plan_runner import PlanRunner
    from rigcore.session import Session

    from ..canvas import Canvas
    from ..view import View


NUMBER_W = 97
TURN_MS = 2000
ASKED = {"rpe": "Effort 0-10", "pain": "Pain 0-10"}
COLOURS = {"green": "GREEN go on", "amber": "AMBER take care", "red": "RED stop"}


def idle(canvas: "Canvas", view: "View") -> None:
    """Which plan, or none: the button goes through them, walking starts."""
    progress = view.session.plan_runner.progress
    if not progress.has_plan:
        canvas.line("Free set", 0, 0)
        canvas.line("walk to start", 0, 16)
        if view.session.plan_runner.plan_ids:
            canvas.line("button: plans", 0, 32)
    else:
        canvas.wrapped(progress.plan["name"], 0, 2)
        canvas.line("%d sets" % progress.sets_n, 0, 32)
    canvas.line(view.speed()[0], 0, 49)
    canvas.right("%s %s" % view.force(), 49)


def armed(canvas: "Canvas", view: "View") -> None:
    """What the next set asks, readable from where one stands in the harness."""
    plan_runner = view.session.plan_runner
    since_ms = plan_runner.since_set_ms()
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


def _what_to_do(session: "Session") -> str:
    """How to start, and in turn with it what the coach's rule made of the last set."""
    plan_runner = session.plan_runner
    if plan_runner.colour and session.now_ms // TURN_MS % 2 == 0:
        return _colour(plan_runner)[:16]
    return "walk backward" if plan_runner.is_open() else "press the button"


def _colour(plan_runner: "PlanRunner") -> str:
    if not plan_runner.colour:
        return ""
    rule = plan_runner.progress.plan.get("rule", {}) if plan_runner.progress.has_plan else {}
    return rule.get(plan_runner.colour + "_text") or COLOURS[plan_runner.colour]


def countdown(canvas: "Canvas", view: "View") -> None:
    """3 - 2 - 1, as tall as the panel."""
    left_ms = view.session.plan_runner.due_ms - view.session.now_ms
    canvas.huge("%d" % max(1, (left_ms + 999) // 1000), 0, 0, canvas.width)


def resting(canvas: "Canvas", view: "View") -> None:
    """The rest that is left, and what comes next."""
    plan_runner = view.session.plan_runner
    canvas.huge(clock_text(max(0, plan_runner.rest_left_ms())), 0, 0, canvas.width, 40)
    number, unit = view.goal()
    following = "%s %s %s" % (view.position(), number, unit)
    if view.load():
        following += " %skg" % view.load()
    canvas.centre(following, 49, canvas.words if len(following) <= 16 else canvas.small)
    if plan_runner.colour:
        canvas.centre(_colour(plan_runner)[:20], 40, canvas.small)


def rating(canvas: "Canvas", view: "View") -> None:
    """One question at a time; the number is what was tapped."""
    asked = view.session.plan_runner.rating
    value = asked.values.get(asked.question)
    canvas.line(ASKED.get(asked.question, ""), 0, 0)
    if value is None:
        canvas.centre("tap: 0, 1, 2 ...", 24)
    else:
        canvas.huge("%d" % value, 0, 14, canvas.width, 40)
    canvas.right("hold: done", 54, canvas.small)


def done(canvas: "Canvas", view: "View") -> None:
    """The plan is through."""
    plan_runner = view.session.plan_runner
    canvas.centre("Done", 0)
    canvas.wrapped(plan_runner.progress.plan["name"], 15, 2)
    canvas.line((_colour(plan_runner) or "button: back")[:16], 0, 49)


def table(canvas: "Canvas", view: "View") -> None:
    """The latest sets: number, distance, time."""
    for row, (number, mm, ms) in enumerate(view.rows[-4:]):
        canvas.line("%2d" % number, 0, row * 16)
        canvas.line(view.distance(mm), 32, row * 16)
        canvas.right(clock_text(ms), row * 16)
