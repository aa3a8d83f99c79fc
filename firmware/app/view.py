"""The values behind the pages, brought up to date a few times a second; pages only draw them."""

from rigcore import TYPE_CHECKING, state_machine
from rigcore.units import DISTANCES, FORCES, SPEEDS, convert, text

if TYPE_CHECKING:
    from rigcore.force import ForceScale
    from rigcore.session import Session

    from .settings import Settings


UNKNOWN = "--"
NOW = -(1 << 29)  # no force
ROWS_N = 3
TRACE_N = 60  # points of the force trace
TRACE_US = 20_000  # at least so far apart, so that a step has twenty and more
POINT_MN = 8000  # a point of 255 is 2 kN
BAND_WIDE = 3  # a third of the band's width outside it is "far"

SUMMARY_MS = 4000  # the latest set and what comes next take turns
READY_MS = 8000  # before the end of a rest it is shown alone


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
        self.scale: "ForceScale | None" = None  # of the load cell
        self.cadence_spm = None  # type: int | None
        self.page = state_machine.IDLE
        self.turned_n = 0  # which of the pages between sets is wanted ...
        self.is_turned_in_set = False  # ... and whether the force page in sets
        self.setting = "number"  # the one on the page of settings
        self.ended_ms = -1  # when the latest set ended, -1 once the athlete has gone on
        self.is_over = False  # a limit is exceeded
        self.is_flashing = False  # the panel is inverted, or soon: tints would turn into others
        self.rows = []  # of the latest sets: (name, mm, ms, mean mN or None, steps)
        self.message = ""
        self.trouble = ""
        self.session = session
        self.trace = bytearray(TRACE_N)
        self.oldest = 0  # place of the oldest point

    def turn_page(self) -> None:
        """The other of the two pages that sets have, or the next of those between them."""
        if self.session.is_recording:
            self.is_turned_in_set = not self.is_turned_in_set
        else:
            self.turned_n = (self.turned_n + 1) % 3

    def page_of(self, state: str) -> str:
        """Name of the page to draw in this state."""
        if state == state_machine.RUNNING:
            return "trace" if self.is_turned_in_set else state
        if state not in state_machine.BETWEEN_STATES:
            return state
        if self.turned_n:
            return "table" if self.turned_n == 1 else "settings"
        return "summary" if self._is_summary_due(state) else state

    def _is_summary_due(self, state: str) -> bool:
        """Until the next movement or press in turn with the state's page; that one alone as a rest ends."""
        if self.ended_ms < 0:
            return False
        left_ms = self.session.plan_runner.rest_left_ms()
        if state == state_machine.RESTING and left_ms < READY_MS:
            return False
        since_ms = self.session.now_ms - self.ended_ms
        if state == state_machine.ARMED and since_ms + left_ms > 0:  # there was a rest
            since_ms = SUMMARY_MS - left_ms
        return since_ms // SUMMARY_MS % 2 == 0

    # -- texts

    def set_to(self, name: str) -> "int | str":
        """What this setting is at."""
        return self._settings.get(name)

    def unit(self, quantity: str) -> str:
        """Of "distance", "speed" or "force"."""
        return self._settings.get(quantity + "_unit")

    def distance(self, mm: int) -> str:
        """Tenths below a hundred, whole units above."""
        number, decimals = convert(mm, DISTANCES[self.unit("distance")])
        return text(number, decimals) if abs(number) < 1000 else text((number + 5) // 10, 0)

    def speed(self, mmps: "int | None" = None) -> "tuple[str, str]":
        """(number, unit) of this speed, or of that of the last stride."""
        name = self.unit("speed")
        return text(*convert(self.stride_mmps if mmps is None else mmps, SPEEDS[name])), name

    def force(self, mn: "int | None" = NOW) -> "tuple[str, str]":
        """(number, unit) of this force, None for one that is not known, or of that of the last stride."""
        name = self.unit("force")
        mn = self.stride_mn if mn == NOW else mn
        return (UNKNOWN if mn is None else text(*convert(mn, FORCES[name]))), name

    def keep_row(self, mean_mn: "int | None") -> None:
        """Add the set that has just ended to the table."""
        plan_runner = self.session.plan_runner
        place, progress = plan_runner.index, plan_runner.progress
        label = "%d" % plan_runner.set_no if place < 0 else "%d/%d" % (place + 1, progress.sets_n)
        row = label, self.distance_mm, self.elapsed_ms, mean_mn, self.session.steps.steps_n
        self.rows = self.rows[1 - ROWS_N :] + [row]
        self.ended_ms = self.session.now_ms

    # -- cues

    def band(self) -> "int | None":
        """Where speed, force or cadence is: 0 in the band, -1 and 1 near it, -2 and 2 far; None without a band."""
        wanted, value, _ = self._banded()
        return None if wanted is None or value is None else band_place(value, wanted[0], wanted[1])

    def banded(self) -> str:
        """The text of what the band is about."""
        return self._banded()[2]

    def _banded(self) -> "tuple[list[int] | None, int | None, str]":
        """(band, value, its text) of what the plan has a band of, speed before force before cadence."""
        progress, index = self.session.plan_runner.progress, self.session.plan_runner.index
        if index >= 0:
            for name, value in (
                ("speed_mmps", self.stride_mmps),
                ("force_mn", self.stride_mn),
                ("cadence_spm", self.cadence_spm),
            ):
                wanted = progress.get(name, index)
                if wanted:
                    shown = "%d" % (value or 0)
                    if name != "cadence_spm":
                        shown = (self.speed() if name == "speed_mmps" else self.force())[0]
                    return wanted, value, shown
        return None, None, ""

    def keep_trace(self, force_mn: int) -> None:
        """Add a point to the force trace."""
        self.trace[self.oldest] = min(255, max(0, force_mn // POINT_MN))
        self.oldest = (self.oldest + 1) % TRACE_N


def band_place(value: int, low: int, high: int) -> int:
    margin = (high - low) // BAND_WIDE
    if value < low:
        return -1 if value >= low - margin else -2
    if value > high:
        return 1 if value <= high + margin else 2
    return 0


def clock(shown: str) -> "tuple[str, str]":
    return shown, "h" if shown.count(":") > 1 else "min"


def left_text(ms: int) -> str:
    """Time left, rounded up: the first second shows all of it, and 0:00 that it is over."""
    return clock_text(max(0, ms) + 499)


def clock_text(ms: int) -> str:
    """m:ss, from an hour on h:mm:ss."""
    seconds = (ms + 500) // 1000
    hours, rest = divmod(seconds, 3600)
    return "%d:%02d:%02d" % ((hours,) + divmod(rest, 60)) if hours else "%d:%02d" % divmod(rest, 60)
