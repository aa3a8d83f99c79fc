"""One movement: the ground it makes, where it came to rest, and whether it was walking.

It stops where the belt made its last ground. That place is found while the history still has it, and looked for again
when new ground is made.
"""

from . import TYPE_CHECKING
from .bounds import (
    END_COUNTS,
    LEAN_MM,
    StandWatch,
    first_movement,
    has_settled,
    last_movement,
    sways,
    walked_until,
)
from .detect import Ground, band_counts
from .force import FAULT_BASE
from .history import BLOCK_N, PACE_N
from .ticks import span_ms, ticks_diff
from .verdict import PROVEN_MS, PUSH_MM, WALK, Evidence

if TYPE_CHECKING:
    from .history import History
    from .motion import Geometry
    from .ticks import LongClock

FORWARD_MM = 1000  # so far forward from its furthest place, a belt has left the set behind
SETTLE_N = 40  # samples, half a second, in which the belt creeps to its resting place after the last movement
PLACE_N = 400  # samples of a stand after which its end is placed, however slow or fast they come
SWAY_MM = 25  # who sways after the last step makes so much new ground at most
REST_US = 400_000
REST_CODE_N = 64  # samples before the first movement: the pull then is that of a stand
TURN_N = 96  # samples, a second, within which the belt leaves or keeps the place where it stood for a moment
PLACE_US = 3_000_000  # of a stand: then the history still has its beginning, and the end is placed
STILL, FORWARD = "still", "forward"


class Movement:
    """Reads the history it is given: `open` it at the first sample, `feed` it every one after it.

    `is_proven` once it is a walk whatever comes.
    """

    def __init__(self, history: "History", clock: "LongClock") -> None:
        self._history = history
        self._clock = clock
        self.is_proven = False
        self.start_number = 0
        self.start = (0, 0)  # as (turns of the clock, ticks), because a set may outlast a turn
        self.lost_n = 0  # samples that have no conversion
        self.stand = StandWatch()
        self._evidence = Evidence()

    def use(self, geometry: "Geometry") -> None:
        """Take lengths from this geometry; before the first movement or between two."""
        self.geometry = geometry
        self.ground = Ground(geometry)
        self._sway_counts = band_counts(geometry, SWAY_MM)
        self._lean_counts = band_counts(geometry, LEAN_MM)
        self._forward_counts = max(3, geometry.counts(FORWARD_MM))

    def first(self, rest: int, since: int) -> int:
        """Number of the last sample before the movement that has left the place `rest`; not before `since`."""
        return first_movement(self._history, rest, self._lean_counts, since)

    def open(self, first: int, zero: "int | None") -> None:
        """A movement begins at sample `first`; what has come since then is looked at. `zero`: see Evidence.reset."""
        self.start_number = first
        self.start = self.moment(first)
        self.lost_n = 0
        self.is_proven = False
        rest_code = self._history.code(max(first - REST_CODE_N, self._history.oldest()))
        self._evidence.reset(band_counts(self.geometry, PUSH_MM), rest_code, zero)
        self._begin_at(first)
        for number in range(first + 1, self._history.n):
            self._look(number)

    def resume(self, first: int) -> None:
        """It goes on at sample `first` after a pause."""
        history = self._history
        self._begin_at(first)
        for number in range(first + 1, history.n):
            self.ground.feed(number, history.ticks(number), history.count(number))
            self.stand.feed(number, history.ticks(number), history.count(number))

    def _begin_at(self, first: int) -> None:
        history = self._history
        ticks, count = history.ticks(first), history.count(first)
        self.ground.reset(first, ticks, count)
        self.stand.reset(first, ticks, count)
        self._origin = count
        self.begun = first
        self._is_placed = self._is_final = self._has_turned = False

    def _look(self, number: int) -> None:
        ticks, count = self._history.ticks(number), self._history.count(number)
        is_new = self.ground.feed(number, ticks, count)
        if is_new:
            self._is_final = False
            if self._is_placed and self.ground.furthest - self._placed_count > self._sway_counts:
                self._is_placed = self._has_turned = False
        self.stand.feed(number, ticks, count)
        code = self._history.code(number)
        if not self.is_proven:
            self._gather(number, is_new, code)
        if code >= FAULT_BASE:
            self.lost_n += 1

    def _gather(self, number: int, is_new: bool, code: int) -> None:
        self._evidence.feed(self._history.moved(number), self.ground.furthest, is_new, code)

    def feed(self, number: int, still_us: int) -> str:
        """Take one sample; STILL after a stand of `still_us`, or FORWARD, once the movement has ended, else ""."""
        self._look(number)
        ground, ticks = self.ground, self._history.ticks(number)
        if ground.behind >= self._forward_counts:
            self._place(ground.number)
            return FORWARD
        if ground.stands(ticks, min(still_us, PLACE_US)) or number - ground.number >= PLACE_N:
            self._place_once()
        elif not self._has_turned and ground.behind > ground.quiet_counts:
            self._has_turned = True
            self._place_before(walked_until(self._history, ground.number, self.begun))
        elif not self._is_placed and self._is_at_rest(number, ticks):
            self._place()
        return STILL if self._is_final and ground.stands(ticks, still_us) else ""

    # -- where it ended

    def _is_at_rest(self, number: int, ticks: int) -> bool:
        """Whether the belt has stood at its furthest place for a moment: if it sways from here on, it ended here."""
        return self.ground.behind <= END_COUNTS and self.stand.is_beyond(number, ticks, PACE_N, REST_US)

    def _place_once(self) -> None:
        """The stand is long enough: its end is where it was placed before, unless new ground was made that lasted."""
        if self._is_final:
            return
        if not self._is_placed or not (sways(self._history, self.ground) or self._has_swayed()):
            self._place()
        self._is_final = True

    def _place_before(self, number: int) -> None:
        """The end is at this sample, unless it was placed before that."""
        if not self._is_placed or number < self._placed[0]:
            self._place(number)

    def _has_swayed(self) -> bool:
        """Whether the belt went back from where its end was placed, or stood there and got on by little: no step."""
        history, placed = self._history, self._placed[0]
        last = history.n - 1
        if self.ground.furthest - self._placed_count < self.ground.quiet_counts:
            if has_settled(history.count(placed), history.count(min(placed + TURN_N, last))):
                return True
        first = min(last, max(placed + BLOCK_N, history.oldest()))
        way = max(END_COUNTS, self.ground.quiet_counts // 2)
        return history.span(first, last)[0] < history.count(placed) - way

    def _place(self, number: int = -1) -> None:
        """Find the end, or take this sample. What the belt creeps to its resting place is in the set's metres."""
        history = self._history
        earliest = max(self.begun, history.oldest())
        if number < 0:
            number = last_movement(history, self.ground, earliest)
        settled = number = max(number, earliest)
        later = min(number + SETTLE_N, history.n - 1)
        if has_settled(history.count(number), history.count(later)):
            settled = later
        self._placed_count = self.ground.furthest
        self._placed = number, self.moment(number), history.sums(settled)
        self._is_placed = True

    def end(self) -> "tuple[int, tuple[int, int], tuple[int, int]]":
        """The last sample of the movement: its number, its moment, and the sums where the belt came to rest."""
        if not self._is_placed:
            self._place()
        # Made anew, as it stays: where it was found it would lie amid garbage.
        number, (turns, ticks), (backward, forward) = self._placed
        self._placed = number, (turns, ticks), (backward, forward)
        return self._placed

    def moment(self, number: int) -> "tuple[int, int]":
        """When sample `number` was taken, as (turns of the clock, ticks)."""
        return self._clock.moment(self._history.ticks(number))

    # -- whether it was walking

    def may_be_proven(self, number: int) -> bool:
        """Whether the movement is long enough to be judged as a walk for good."""
        evidence = self._evidence
        if evidence.pushes_n >= 2:
            return True
        return evidence.is_near_best(self._history.moved(number)) and self.span_ms(number) >= PROVEN_MS

    def span_ms(self, number: int) -> int:
        """Milliseconds from the first movement to sample `number`."""
        return span_ms(self.start, self.moment(number))

    def verdict(self, counted: "tuple[int, int]") -> str:
        """WALK, or why it is none so far, with so many counts backward and forward."""
        if self.is_proven:
            return WALK
        made_ms = ticks_diff(self._history.ticks(self.ground.number), self.start[1]) // 1000
        return_pct = counted[1] * 100 // max(1, counted[0])
        return self._evidence.verdict(self.ground_mm(), made_ms, return_pct)

    def ground_mm(self) -> int:
        """New ground of the movement, or of its latest piece after a pause."""
        return self.geometry.mm(self.ground.furthest - self._origin)

    def is_under_way(self, ms: int) -> bool:
        """Whether it has gone on for so long and still makes new ground."""
        newest = self._history.n - 1
        return self.ground.number >= newest - 2 * PACE_N and self.span_ms(newest) >= ms

    def is_by_hand(self, pushes_n: int = 2) -> bool:
        """Whether it looks so far as if a hand moved the belt: so many pushes, from rest and without a pull.

        One that is over will do, if two are asked for.
        """
        evidence = self._evidence
        if self.is_proven or evidence.is_pulled() is not False or not evidence.is_halting():
            return False
        is_over = pushes_n == 2 and self.ground.number < self._history.n - 1 - 2 * PACE_N
        return evidence.pushes_n >= pushes_n or is_over
