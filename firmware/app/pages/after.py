"""Pages around a plan's sets: what the last one was, the rest, what comes next, the end."""

from rigcore import TYPE_CHECKING
from rigcore.plan_progress import DISTANCE, STEPS, TIME

from ..view import clock, clock_text, left_text

if TYPE_CHECKING:
    from rigcore.plan_runner import PlanRunner
    from rigcore.session import Session

    from ..canvas import Canvas
    from ..view import View


NUMBER_W = 97
TURN_MS = 2000
WORDS_N = 16  # characters in a line of words
SMALL_N = 21  # and of small ones
TINTS = ("", "green", "amber", "red")
COLOURS = {"green": "GREEN go on", "amber": "AMBER take care", "red": "RED stop"}


def summary(canvas: "Canvas", view: "View") -> None:
    """The set that has just ended, the one before, and what the plan asked."""
    rows = view.rows
    label, mm, ms, mean_mn, steps_n = rows[-1]
    _pair(canvas, "Set " + label, "%s %s" % (view.distance(mm), view.unit("distance")), 0)
    _pair(canvas, clock_text(ms), _speed(view, mm, ms), 14)
    _pair(canvas, "%s %s" % view.force(mean_mn), "%d steps" % steps_n, 28)
    if len(rows) > 1:
        _, mm, ms, mean_mn, _ = rows[-2]
        _fitted(canvas, "before", (_speed(view, mm, ms), "%s %s" % view.force(mean_mn)), 44)
    asked = asked_of(view)
    if asked:
        _fitted(canvas, "plan", asked, 54)


def _speed(view: "View", mm: int, ms: int) -> str:
    tenths = max(1, ms // 100)
    return "%s %s" % view.speed(mm * 10 // tenths)


def _pair(canvas: "Canvas", left: str, right: str, y: int) -> None:
    """Two texts of a line, in words where they fit."""
    face = canvas.words if len(left) + len(right) < WORDS_N else canvas.small
    canvas.line(left, 0, y, face)
    canvas.right(right, y, face)


def _fitted(canvas: "Canvas", name: str, texts: "tuple[str, ...]", y: int) -> None:
    """As many of the texts as fit a small line."""
    for text in texts:
        if len(name) + 1 + len(text) <= SMALL_N:
            name += " " + text
    canvas.line(name, 0, y, canvas.small)


def armed(canvas: "Canvas", view: "View") -> None:
    """What the next set asks, readable from where one stands in the harness."""
    plan_runner = view.session.plan_runner
    since_ms = plan_runner.since_set_ms()
    canvas.line("Set " + position(view), 0, 0, canvas.small)
    canvas.right(clock_text(since_ms) if since_ms >= 0 else "%s %s" % view.force(), 0, canvas.small)
    number, unit = goal(view, plan_runner.progress.done_n)
    if number:
        canvas.huge(number, 0, 10, NUMBER_W, 40)
        canvas.line(unit, NUMBER_W, 13, canvas.small)
    else:
        canvas.line(unit, 24, 22)
    load = _load(plan_runner)
    if load:
        canvas.line(load, NUMBER_W, 25, canvas.side)
        canvas.line("kg", NUMBER_W, 39, canvas.small)
    words = _what_to_do(view.session)
    if words == _colour(plan_runner)[:WORDS_N]:
        canvas.tint = TINTS.index(plan_runner.colour)
    canvas.centre(words, 49)


def _what_to_do(session: "Session") -> str:
    """How to start, and in turn with it what the coach's rule made of the last set."""
    plan_runner = session.plan_runner
    if plan_runner.colour and session.now_ms // TURN_MS % 2 == 0:
        return _colour(plan_runner)[:WORDS_N]
    return "walk backward" if plan_runner.is_open() else "press the button"


def _colour(plan_runner: "PlanRunner") -> str:
    if not plan_runner.colour:
        return ""
    rule = plan_runner.progress.plan.get("rule", {}) if plan_runner.progress.has_plan else {}
    return rule.get(plan_runner.colour + "_text") or COLOURS[plan_runner.colour]


def resting(canvas: "Canvas", view: "View") -> None:
    """The rest that is left, and what comes next."""
    plan_runner = view.session.plan_runner
    canvas.huge(left_text(plan_runner.rest_left_ms()), 0, 0, canvas.width, 40)
    number, unit = goal(view, plan_runner.progress.done_n)
    following = "%s %s %s" % (position(view), number, unit)
    load = _load(plan_runner)
    if load:
        following += " %skg" % load
    canvas.centre(following, 49, canvas.words if len(following) <= WORDS_N else canvas.small)
    if plan_runner.colour:
        canvas.tint = TINTS.index(plan_runner.colour)
        canvas.centre(_colour(plan_runner)[:20], 40, canvas.small)


def done(canvas: "Canvas", view: "View") -> None:
    """The plan is through."""
    plan_runner = view.session.plan_runner
    canvas.centre("Done", 0)
    canvas.wrapped(plan_runner.progress.plan["name"], 15, 2)
    canvas.tint = TINTS.index(plan_runner.colour)
    canvas.line((_colour(plan_runner) or "button: back")[:WORDS_N], 0, 49)


def position(view: "View") -> str:
    """Which set of the plan is next, of how many, as "3/6"."""
    progress = view.session.plan_runner.progress
    return "%d/%d" % (min(progress.done_n + 1, progress.sets_n), progress.sets_n)


def goal(view: "View", index: int) -> "tuple[str, str]":
    """What a set asks, as number and unit: ("10", "m"), ("5:00", "min"); an open set has no number."""
    progress = view.session.plan_runner.progress
    target, amount = progress.get("target", index), progress.get("amount", index)
    if target == DISTANCE:
        number = view.distance(amount)
        return number[:-2] if number.endswith(".0") else number, view.unit("distance")
    if target == TIME:
        return clock(clock_text(amount))
    return ("%d" % amount, "steps") if target == STEPS else ("", "open")


def asked_of(view: "View") -> "tuple[str, ...]":
    """What the plan asked of the latest set: its target, and its band if it has one; () without a plan."""
    plan_runner = view.session.plan_runner
    index, progress = plan_runner.index, plan_runner.progress
    if index < 0:
        return ()
    texts = ("%s %s" % goal(view, index),)
    for key, shown in (("speed_mmps", view.speed), ("force_mn", view.force), ("cadence_spm", _cadence)):
        band = progress.get(key, index)
        if band:
            low, (high, unit) = shown(band[0])[0], shown(band[1])
            texts += ("%s-%s %s" % (_brief(low), _brief(high), unit),)
    pace_mmps = progress.get("pace_mmps", index)
    if pace_mmps:
        texts += ("%s %s" % view.speed(pace_mmps),)
    return texts


def _brief(number: str) -> str:
    """Without the zeros that end its decimals."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _cadence(spm: int) -> "tuple[str, str]":
    return "%d" % spm, "/min"


def _load(plan_runner: "PlanRunner") -> str:
    """Kilograms to be pulled in the next set, as "42.5"; "" when the plan does not say."""
    load_g = plan_runner.progress.get("load_g")
    return "" if load_g is None else "%g" % (load_g / 1000)
