"""Pages before a session and between its sets: choosing a plan, the countdown, the questions, the table."""

from rigcore import TYPE_CHECKING

from ..view import clock_text

if TYPE_CHECKING:
    from ..canvas import Canvas
    from ..view import View


LONG_MS = 599_000  # a longer time leaves no room for words
LABELS = {
    "number": "huge number",
    "upper": "upper number",
    "lower": "lower number",
    "distance_unit": "distances",
    "speed_unit": "speeds",
    "force_unit": "forces",
    "sound": "beeps",
    "volume": "volume 1-4",
    "metronome": "metronome",
    "still_s": "stand to end, s",
    "brightness": "brightness 1-5",
    "mirror": "mirror",
}
ASKED = {"rpe": "Effort 0-10", "pain": "Pain 0-10"}


def idle(canvas: "Canvas", view: "View") -> None:
    """Which plan, or none: the button goes through them, walking starts."""
    plan_runner = view.session.plan_runner
    progress = plan_runner.progress
    if progress.has_plan:
        canvas.wrapped(progress.plan["name"], 0, 2)
        canvas.line("Sets: %d" % progress.sets_n, 0, 30)
        canvas.line("button: another plan", 0, 45, canvas.small)
        canvas.line("wait: take this one", 0, 54, canvas.small)
        return
    canvas.line("Free set", 0, 0)
    canvas.line("walk to start", 0, 16)
    if plan_runner.plan_ids:
        canvas.line("button: plans", 0, 32)
    canvas.line(view.speed()[0], 0, 49)
    canvas.right("%s %s" % view.force(), 49)


def countdown(canvas: "Canvas", view: "View") -> None:
    """3 - 2 - 1, as tall as the panel."""
    left_ms = view.session.plan_runner.due_ms - view.session.now_ms
    canvas.huge("%d" % max(1, (left_ms + 999) // 1000), 0, 0, canvas.width)


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


def settings(canvas: "Canvas", view: "View") -> None:
    """One setting and what it is at; the buttons go on and change it."""
    canvas.line("Settings", 0, 0, canvas.small)
    canvas.line(LABELS.get(view.setting, view.setting), 0, 12)
    canvas.line("%s" % view.set_to(view.setting), 0, 28)
    canvas.line("1st: change", 0, 45, canvas.small)
    canvas.line("2nd: back 3rd: next", 0, 54, canvas.small)


def table(canvas: "Canvas", view: "View") -> None:
    """The latest sets: which, distance, time."""
    if not view.rows:
        canvas.centre("No set yet", 12)
        canvas.centre("walk backward", 32)
        return
    canvas.line("Set", 0, 0, canvas.small)
    canvas.line(view.unit("distance"), 64, 0, canvas.small)
    canvas.right("min", 0, canvas.small)
    for row, (label, mm, ms, _, _) in enumerate(view.rows):
        y = 13 + 17 * row
        face = canvas.words if ms < LONG_MS and len(label) < 6 else canvas.small
        canvas.line(label, 0, y, face)
        canvas.line(view.distance(mm), 50, y, face)
        canvas.right(clock_text(ms), y, face)
