"""Pages while a set runs: one huge number, and beside it what is small."""

from rigcore import TYPE_CHECKING
from rigcore.force import FAULT_BASE
from rigcore.plan_progress import DISTANCE, OPEN, STEPS, TIME

from ..view import POINT_MN, TRACE_N, clock, clock_text, left_text

if TYPE_CHECKING:
    from ..canvas import Canvas
    from ..view import View


NUMBER_W = 99
NARROW_W = 86  # where metres ahead stand beside a band
AHEAD_MAX_MM = 999_000
BANDED_X = 99
SIDE_X = 100
STEP_W = 86
GAIN_MAX = 8


def short(number: str, chars_n: int) -> str:
    """A decimal number in at most so many characters, rounded."""
    for decimals in range(2, -1, -1):
        text = "%.*f" % (decimals, float(number))
        if len(text) <= chars_n and len(text) <= len(number):
            return text
    return number


def huge_number(view: "View") -> "tuple[str, str]":
    """(number, unit): what is left of the target, or what is done."""
    plan_runner = view.session.plan_runner
    target, amount = plan_runner.target, plan_runner.amount
    if view.set_to("number") == "done" and target != OPEN:
        amount = 0
    if target == TIME:
        return clock(left_text(amount - view.elapsed_ms) if amount else clock_text(view.elapsed_ms))
    if target == STEPS:
        return "%d" % abs(amount - view.session.steps.steps_n), "st"
    mm = max(0, amount - view.distance_mm) if target == DISTANCE and amount else view.distance_mm
    return view.distance(mm), view.unit("distance")


def running(canvas: "Canvas", view: "View") -> None:
    """The number that counts, as tall as the panel; speed and force beside it, or the band."""
    number, unit = huge_number(view)
    place, ahead = view.band(), ahead_mm(view)
    canvas.huge(number, 0, 0, NUMBER_W if place is None or ahead is None else NARROW_W)
    _side(canvas, view, "MAX" if view.is_over else unit, place, ahead)


def _side(canvas: "Canvas", view: "View", unit: str, place: "int | None", ahead: "int | None") -> None:
    canvas.line(unit, SIDE_X, 0, canvas.small)
    if place is not None:
        number = short(view.banded(), 3)
        if len(number) <= 3:  # more would stand in the band
            canvas.line(number, BANDED_X, 26, canvas.side)
        canvas.band(place, view.is_flashing)
        if ahead is not None:
            _ahead(canvas, view, ahead, NARROW_W, 44)
        return
    _beside(canvas, view, "upper", 11)
    if ahead is not None:
        _ahead(canvas, view, ahead, BANDED_X, 40)
        canvas.line(view.unit("distance"), SIDE_X, 54, canvas.small)
        return
    _beside(canvas, view, "lower", 40)


def _beside(canvas: "Canvas", view: "View", place: str, y: int) -> None:
    """The number that the athlete has chosen for this place, "upper" or "lower"."""
    chosen = view.set_to(place)
    if chosen == "speed" or chosen == "force":
        number, unit = view.speed() if chosen == "speed" else view.force()
    elif chosen == "steps":
        number, unit = "%d" % view.session.steps.steps_n, "st"
    else:
        number, unit = "--" if view.cadence_spm is None else "%d" % view.cadence_spm, "/min"
    if number == "--":
        canvas.line(number, SIDE_X, y, canvas.words)
    else:
        canvas.line(short(number, 4), SIDE_X, y, canvas.side)
    canvas.line(unit, SIDE_X, y + 13 + (y > 20), canvas.small)


def ahead_mm(view: "View") -> "int | None":
    """How far one is ahead of the plan's pace, less than 0 behind it; None without one."""
    plan_runner = view.session.plan_runner
    pace_mmps = plan_runner.progress.get("pace_mmps", plan_runner.index) if plan_runner.index >= 0 else None
    if pace_mmps is None:
        return None
    seconds, ms = divmod(view.elapsed_ms, 1000)
    return view.distance_mm - seconds * pace_mmps - ms * pace_mmps // 1000


def _ahead(canvas: "Canvas", view: "View", mm: int, x: int, y: int) -> None:
    """With its sign, which the digits' face lacks: "+0.4", "-12"."""
    number = view.distance(min(abs(mm), AHEAD_MAX_MM))
    if len(number) > 3:
        number = "%.0f" % float(number)
    if not view.is_flashing:
        canvas.tint = 1 if mm >= 0 else 2
    canvas.line("+" if mm >= 0 else "-", x, y - 1)
    canvas.line(number, x + 8, y, canvas.side)
    canvas.tint = 0


def paused(canvas: "Canvas", view: "View") -> None:
    """Stands still within a set: the number that counts, and that walking on goes on."""
    number, unit = huge_number(view)
    canvas.huge(number, 0, 0, canvas.width, 40)
    canvas.centre(unit + "  button: end set", 40, canvas.small)
    canvas.centre("PAUSE: walk on", 49)


def trace(canvas: "Canvas", view: "View") -> None:
    """The latest step's mean pull, as tall as fits, its peak, and the pull of the last 1.2 s with its scale."""
    peak_mn, mean_mn = latest_step(view)
    number, unit = view.force(mean_mn)
    if mean_mn is None:
        canvas.centre(number, 14)
    else:
        canvas.huge(number, 0, 0, STEP_W, 40)
    points, top_mn = curve(view)
    canvas.line("avg " + unit, STEP_W, 0, canvas.small)
    canvas.line("peak", STEP_W, 12, canvas.small)
    if peak_mn is not None:
        canvas.line(short(view.force(peak_mn)[0], 5), STEP_W, 21, canvas.side)
    canvas.line("top%4s" % short(view.force(top_mn)[0], 3), STEP_W, 34, canvas.small)
    canvas.trace(points)


def curve(view: "View") -> "tuple[bytearray, int]":
    """The trace from its oldest point on, doubled while there is room above it, and the mN of a point of 255."""
    points = view.trace[view.oldest :] + view.trace[: view.oldest]
    gain = 1
    while gain < GAIN_MAX and max(points) * gain < 128:
        gain *= 2
    for i in range(TRACE_N):
        points[i] *= gain
    return points, 255 * POINT_MN // gain


def latest_step(view: "View") -> "tuple[int | None, int | None]":
    """(peak, mean) mN of the latest whole step; before there is one no peak, and the mean of the last second.

    The peak is of three conversions each, as a single one may be noise.
    """
    steps, history, scale = view.session.steps, view.session.history, view.scale
    last = history.n - 1 - steps.since_n
    first = last - steps.step_n
    if not steps.step_n or first < history.oldest() or not scale or view.stride_mn is None:
        return None, view.stride_mn
    low = high = total = n = 0
    for number in range(first, last, 3):
        three = [history.code(number + k) for k in range(3)]
        if max(three) < FAULT_BASE:
            mean = sum(three) // 3
            low, high = (min(low, mean), max(high, mean)) if n else (mean, mean)
            total += mean >> 4
            n += 1
    if not n:
        return None, view.stride_mn
    return max(scale.millinewtons(low), scale.millinewtons(high)), scale.millinewtons(total // n << 4)
