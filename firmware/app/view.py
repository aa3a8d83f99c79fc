"""The values behind the pages, brought up to date a few times a second; pages only draw them."""

from rigcore import TYPE_CHECKING, state_machine
from rigcore.plan_progress import DISTANCE, OPEN, STEPS, TIME
from rigcore.units import DISTANCES, FORCES, SPEEDS, convert, text

if TYPE_CHECKING:
    from rigcore.session import Session

    from .settings import Settings


UNKNOWN = "--"
TRACE_N = 60  # points of the force trace
TRACE_US = 20_000  # at least so far apart, so that a step has twenty and more
_POINT_MN = 8000  # a point of 255 is 2 kN
_GAIN_MAX = 8
BAND_SPANS = (
    (44, 20),
    (44, 8),
    (24, 16),
    (12, 8),
    (0, 20),
)  # (top, height) of the band's block, far too low first
BAND_WIDE = 3  # a third of the band's width outside it is "far"

TURNS = {  # states with more than one page; the second button turns them
    state_machine.RUNNING: (state_machine.RUNNING, "trace"),
    state_machine.IDLE: (state_machine.IDLE, "table"),
    state_machine.ARMED: (state_machine.ARMED, "table"),
    state_machine.DONE: (state_machine.DONE, "table"),
}


class View:
    """Distances and times are of the running or the latest set; `page` names what is to be drawn."""

    def __init__(self, settings: "Settings", session: "Session") -> None:
        self._settings = settings
        self.distance_mm = 0
        self.elapsed_ms = 0
        self.speed_mmps = 0
        self.force_mn = None  # type: int | None
        self.stride_mmps = 0  # over the last stride: what the athlete is shown
        self.stride_mn = None  # type: int | None
        self.page = state_machine.IDLE
        self.wanted = 0  # which of the pages that fit the state
        self.is_over = False  # a limit is exceeded
        self.rows = []  # (number, mm, ms) of the latest sets
        self.message = ""
        self.trouble = ""
        self.session = session
        self.trace = bytearray(TRACE_N)
        self._traced = 0  # place of the oldest point

    def turn_page(self) -> None:
        """The next page of those that fit the state."""
        self.wanted += 1

    def page_of(self, state: str) -> str:
        """Name of the page to draw in this state."""
        pages = TURNS.get(state, (state,))
        return pages[self.wanted % len(pages)]

    # -- texts

    def left(self) -> "tuple[str, str]":
        """(number, unit) of the huge number: what is left of the target, or what is done."""
        plan_runner = self.session.plan_runner
        target, amount = plan_runner.target, plan_runner.amount
        if self._settings.get("number") == "done" and target != OPEN:
            amount = 0
        if target == TIME:
            return clock_text(abs(amount - self.elapsed_ms) if amount else self.elapsed_ms), "s"
        if target == STEPS:
            return "%d" % abs(amount - self.session.steps.steps_n), "st"
        mm = max(0, amount - self.distance_mm) if target == DISTANCE and amount else self.distance_mm
        return self.distance(mm), self._settings.get("distance_unit")

    def distance(self, mm: int) -> str:
        """Tenths below a hundred, whole units above."""
        name = self._settings.get("distance_unit")
        number, decimals = convert(mm, DISTANCES[name])
        return text(number, decimals) if abs(number) < 1000 else text((number + 5) // 10, 0)

    def speed(self) -> "tuple[str, str]":
        name = self._settings.get("speed_unit")
        return text(*convert(self.stride_mmps, SPEEDS[name])), name

    def force(self) -> "tuple[str, str]":
        name = self._settings.get("force_unit")
        if self.stride_mn is None:
            return UNKNOWN, name
        number, decimals = convert(self.stride_mn, FORCES[name])
        return text(number, decimals), name

    def position(self) -> str:
        """Which set of how many, as "2/5"; "" without a plan."""
        progress = self.session.plan_runner.progress
        if not progress.has_plan:
            return ""
        index = self.session.plan_runner.index if self.session.is_recording else progress.done_n
        return "%d/%d" % progress.place(min(max(index, 0), progress.sets_n - 1))

    def goal(self) -> "tuple[str, str]":
        """What the next set asks, as number and unit: ("10", "m"), ("5:00", "min"); an open set has no number."""
        progress = self.session.plan_runner.progress
        target, amount = progress.get("target"), progress.get("amount")
        if target == DISTANCE:
            number = self.distance(amount)
            return number[:-2] if number.endswith(".0") else number, self._settings.get("distance_unit")
        if target == TIME:
            return clock_text(amount), "min" if amount < 3_600_000 else "h"
        return ("%d" % amount, "steps") if target == STEPS else ("", "open")

    def load(self) -> str:
        """Kilograms to be pulled in the next set, as "42.5"; "" when the plan does not say."""
        load_g = self.session.plan_runner.progress.get("load_g")
        return "" if load_g is None else "%g" % (load_g / 1000)

    # -- cues

    def band(self) -> "int | None":
        """Where speed or force is: 0 inside the band, -1 and 1 near it, -2 and 2 far; None without a band."""
        progress, index = self.session.plan_runner.progress, self.session.plan_runner.index
        if index < 0:
            return None
        wanted, value = progress.get("speed_mmps", index), self.stride_mmps
        if wanted is None:
            wanted, value = progress.get("force_mn", index), self.stride_mn
        return None if wanted is None or value is None else band_place(value, wanted[0], wanted[1])

    def banded(self) -> str:
        """The text of what the band is about: speed, or force where only that has a band."""
        progress, index = self.session.plan_runner.progress, self.session.plan_runner.index
        return (self.force() if progress.get("speed_mmps", index) is None else self.speed())[0]

    def keep_trace(self, force_mn: int) -> None:
        """Add a point to the force trace."""
        self.trace[self._traced] = min(255, max(0, force_mn // _POINT_MN))
        self._traced = (self._traced + 1) % TRACE_N

    def curve(self) -> bytearray:
        """The trace from its oldest point on, doubled while there is room above it."""
        points = self.trace[self._traced :] + self.trace[: self._traced]
        gain = 1
        while gain < _GAIN_MAX and max(points) * gain < 128:
            gain *= 2
        for i in range(TRACE_N):
            points[i] *= gain
        return points


def band_place(value: int, low: int, high: int) -> int:
    margin = (high - low) // BAND_WIDE
    if value < low:
        return -1 if value >= low - margin else -2
    if value > high:
        return 1 if value <= high + margin else 2
    return 0


def clock_text(ms: int) -> str:
    """m:ss, from an hour on h:mm:ss."""
    seconds = (ms + 500) // 1000
    hours, rest = divmod(seconds, 3600)
    return "%d:%02d:%02d" % ((hours,) + divmod(rest, 60)) if hours else "%d:%02d" % divmod(rest, 60)


def wrap(text: str, columns: int, rows_n: int) -> "list[str]":
    """Rows of at most `columns` characters, broken at spaces where there are some."""
    rows = []
    for word in text.split(" "):
        if rows and len(rows[-1]) + 1 + len(word) <= columns:
            rows[-1] += " " + word
        else:
            while word:
                rows.append(word[:columns])
                word = word[columns:]
    return rows[:rows_n]
