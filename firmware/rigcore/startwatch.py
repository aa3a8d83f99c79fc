"""Detects the start of the next movement; a belt that coasts after a set starts none until it has stood."""

from . import TYPE_CHECKING
from .detect import Ground, StartDetector
from .history import BLOCK_N

if TYPE_CHECKING:
    from .history import History
    from .motion import Geometry
    from .setrun import SetRun

# After a target the belt must stand this long, and longer than it did within the set, before a set starts anew.
STAND_US = 500_000
REST_N = 192  # samples of a stand, two seconds: where it is
LATE_N = 48  # of which the last may be of the next movement


class StartWatch:
    """Feed it every sample between movements; `rest` and `since` say where the latest one began."""

    def __init__(self, history: "History", run: "SetRun") -> None:
        self._history = history
        self._run = run
        self.is_running_out = False  # the athlete is still slowing down after the set
        self._stand_us = STAND_US

    def use(self, geometry: "Geometry") -> None:
        """Take lengths from this geometry; only between sets."""
        self._start = StartDetector(geometry)
        self._after = Ground(geometry)

    @property
    def rest(self) -> int:
        """The count that the movement began at, or lay at before it turned round."""
        return self._start.rest

    @property
    def since(self) -> int:
        """The sample before which nothing belongs to the movement."""
        return self._start.since

    def feed(self, number: int, ticks: int, count: int) -> bool:
        """True once a movement has begun."""
        return self._start.feed(number, ticks, count)

    def feed_running_out(self, number: int, ticks: int, count: int) -> None:
        """Take a sample of the belt that runs out after a set."""
        self._after.feed(number, ticks, count)
        if self._after.stands(ticks, self._stand_us):
            self.wait_for_movement()

    def wait_for_movement(self) -> None:
        """Whatever moved until now starts nothing."""
        self.is_running_out = False
        number = max(0, self._history.n - 1)
        self._start.reset(number, self._history.ticks(number), self._history.count(number))

    def wait_from_stop(self) -> None:
        """What has moved since the latest movement ended may be the beginning of the next."""
        history, newest = self._history, self._history.n - 1
        first = max(self._run.stop_number, history.oldest(), newest - REST_N)
        # The block of the stop begins within the movement.
        first = min(first + BLOCK_N - 1 & -BLOCK_N, newest)
        low, high = history.span(first, max(first, newest - LATE_N))
        place = min(high, low + self._start.start_counts)  # more than that is no sway, but who walks already
        self._start.reset(newest, history.ticks(newest), place)
        self._start.since = self._run.stop_number
        self.is_running_out = False

    def run_out(self) -> None:
        """Treat all movement as part of the set that just ended, until the belt stands."""
        self.is_running_out = True
        number = self._history.n - 1
        self._after.reset(number, self._history.ticks(number), self._history.count(number))
        longest_us = self._run.movement.ground.longest_us
        self._stand_us = max(STAND_US, min(longest_us + longest_us // 2, self._run.still_us))

    def give_up_movement(self) -> None:
        """Treat the present movement as part of the rest between sets."""
        if self._run.is_open:
            self._run.drop("")
        self.wait_for_movement()
