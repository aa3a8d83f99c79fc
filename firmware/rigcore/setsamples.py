"""Which samples of a movement go into the log: some from before it, all of it, and of a stand the first moments.

They wait in the history until the movement is sure to last. From then on some are written for each that comes, so
that no sample has to wait for all of them.
"""

from . import TYPE_CHECKING
from .bounds import END_COUNTS
from .force import CODE_MAX, CODE_MIN, FAULT_BASE
from .history import BLOCK_N, HISTORY_N
from .movement import SETTLE_N
from .ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Any

    from .bounds import StandWatch
    from .history import History
    from .setwriter import SetWriter
    from .ticks import LongClock

LEAD_N = 16  # samples kept from before the first movement of a belt that stood
LEAN_LEAD_N = 64  # and of one that crept or swayed
STAND_US = 750_000  # of a stand, logged at once: the line settles, then shows the zero of force
SHOWN_US = 500_000  # of a stand, logged at the end even after a belt that crept to its place
HELD_MAX = HISTORY_N - 64
CATCH_UP_N = 8  # samples written for each that comes, once a movement is written that began some time ago
PULLED_CODES = 20_000  # from the least to the most pull on a line in use; about 9 N on a 2 kN cell


class SetSamples:
    """`open` it for a movement, `begin` the set in the log, then `log` every sample; `is_written` from `begin` on."""

    def __init__(self, writer: "SetWriter", history: "History", clock: "LongClock") -> None:
        self.writer = writer
        self._history = history
        self._clock = clock
        self.is_written = False
        self._next = 0  # the first sample that is not logged
        self._wanted = 0  # the first that need not be so far

    def open(self, first: int) -> None:
        """A movement begins at sample `first`."""
        self.is_written = False
        self._next = self._wanted = max(first - self._lead_n(first), self._history.oldest())
        self._is_flushed = False

    def _lead_n(self, first: int) -> int:
        before = max(self._history.oldest(), first - LEAN_LEAD_N)
        low, high = self._history.span(before, max(before, first - BLOCK_N))
        return LEAD_N if high - low <= 2 * END_COUNTS else LEAN_LEAD_N

    def outlives_history(self) -> bool:
        """Whether the history is about to lose the beginning of what is not written."""
        return not self.is_written and self._history.n - self._next >= HELD_MAX

    def begin(self, header: "dict[str, Any]", is_sure: bool) -> bool:
        """Begin the set in the log, with what lay before it; False when the store has no room."""
        self._is_behind = True
        self._wanted = self._history.n  # even where the belt stands by now, what moved must not wait
        self.is_written = self.writer.begin(header, is_sure)
        return self.is_written

    def is_full(self) -> bool:
        """Whether the store refused the set's last block."""
        return self.is_written and self.writer.full

    def log(self, number: int, stand: "StandWatch") -> None:
        """Write this sample, or some that wait since the movement began; of a stand only its first moments."""
        is_held = stand.is_beyond(number, self._history.ticks(number), SETTLE_N, STAND_US)
        if is_held:
            self._wanted = max(self._wanted, number - HELD_MAX)
        else:
            self._wanted = number + 1
            self._is_flushed = False
        stop = self._wanted
        if self._is_behind:
            stop = min(stop, self._next + CATCH_UP_N)
            self._is_behind = stop < self._wanted
        self.log_before(stop)
        if is_held and not self._is_flushed and self._next >= self._wanted:
            self._is_flushed = True  # what came before must not wait with the stand
            self.writer.flush()

    def log_before(self, stop: int) -> None:
        """Write every sample before `stop` that is not written."""
        for number in range(self._next, stop):
            self._log_one(number)
        self._next = max(self._next, stop)

    def _log_one(self, number: int) -> None:
        ticks = self._history.ticks(number)
        self.writer.add(
            self._clock.turns_at(ticks), ticks, self._history.count(number), self._history.code(number)
        )

    def log_rest(self, last: int) -> None:
        """Write some of the stand after `last`, the sample of the last movement: it shows the zero of force."""
        history = self._history
        stop = min(max(last + SETTLE_N + 1, self._wanted), history.n)
        if last >= history.oldest():
            since = history.ticks(last)
            while stop < history.n and ticks_diff(history.ticks(stop), since) <= SHOWN_US:
                stop += 1
        self.log_before(stop)

    def log_pull(self) -> None:
        """Write what was held back, if somebody went on pulling in it."""
        low, high = CODE_MAX, CODE_MIN
        for number in range(self._next, self._history.n):
            code = self._history.code(number)
            if code < FAULT_BASE:
                low, high = min(low, code), max(high, code)
        if high - low > PULLED_CODES:
            self.log_before(self._history.n)
