"""Detects when backward movement starts and stops; sway and lean are no movement.

Ground is new where the belt is further backward than before. A stand is the absence of new ground, whatever the belt
does meanwhile.
"""

from . import TYPE_CHECKING
from .history import BLOCK_N, PACE_N
from .ticks import ticks_diff

if TYPE_CHECKING:
    from .history import History
    from .motion import Geometry

REST_COUNTS = 2  # an edge that dithers by a count or two is no movement
END_COUNTS = 5  # a belt that stays within so many has come to rest, though it may creep
START_MM = 30  # beyond the furthest place of the stand before is a start
TURN_MM = 80  # a belt that went so far forward is not swaying: its furthest place before is forgotten
NEW_MM = 12  # less new ground within a stand's time is sway
LEAN_MM = 12  # who leans before the first step lets the belt creep by so much at most
STAND_US = 2_000_000  # without NEW_MM of new ground the belt stands
SLACK_US = 700_000  # a stand with some new ground, but less than NEW_MM, must last longer by this
SOFT_N = 32  # a start that is softer belongs to a lean
LEAN_SHARE = 12  # a lean is slower than a twelfth of the movement after it
SWAY_MM = 40  # to either side; what moves further is no sway
QUIET_MM = 3
ZONE_US = 2_000_000  # at the end of a stand show where it sways
LOOK_BACK_N = 300
SWAY_N = 160  # samples, two seconds, in which a slow sway comes to where it turns


def band_counts(geometry: "Geometry", mm: int) -> int:
    """So many millimetres in counts, but no fewer than an edge dithers by: a coarse encoder has few."""
    return max(REST_COUNTS, geometry.counts(mm))


class Ground:
    """The furthest place backward, when it was reached, and when NEW_MM of new ground had been made."""

    def __init__(self, geometry: "Geometry") -> None:
        self._new_counts = band_counts(geometry, NEW_MM) + 1
        self.sway_counts = band_counts(geometry, SWAY_MM)
        self.quiet_counts = band_counts(geometry, QUIET_MM)
        self.reset(0, 0, 0)

    def reset(self, number: int, ticks: int, count: int) -> None:
        self.furthest = self._mark = count
        self.number = self.mark_number = number  # of the samples at which they were reached
        self._ticks = self._mark_ticks = ticks
        self.longest_us = 0  # without new ground, before there was some again

    def feed(self, number: int, ticks: int, count: int) -> bool:
        """True where this sample made new ground."""
        if count < self.furthest + REST_COUNTS:
            return False
        self.furthest = count
        self.number = number
        self.longest_us = max(self.longest_us, ticks_diff(ticks, self._ticks))
        self._ticks = ticks
        if count - self._mark >= self._new_counts:
            self._mark = count
            self._mark_ticks = ticks
            self.mark_number = number
        return True

    def stands(self, ticks: int, still_us: int) -> bool:
        """Whether the belt has made no new ground for so long."""
        return (
            ticks_diff(ticks, self._ticks) >= still_us
            or ticks_diff(ticks, self._mark_ticks) >= still_us + SLACK_US
        )

    def is_quiet(self, ticks: int) -> bool:
        """Whether less than NEW_MM of new ground was made for STAND_US."""
        return ticks_diff(ticks, self._mark_ticks) >= STAND_US


class StartDetector:
    """Recognises backward movement beyond the furthest place of the stand before, or after the belt turned round.

    `base` is that place; `rest` is where the movement began, which is another one after a turn. Of a belt that sways
    it is the furthest of the two latest stretches without new ground.
    """

    def __init__(self, geometry: "Geometry") -> None:
        self.start_counts = max(REST_COUNTS + 1, geometry.counts(START_MM))
        self._turn_counts = max(REST_COUNTS + 1, geometry.counts(TURN_MM))
        self._ground = Ground(geometry)
        self.reset(0, 0, 0)

    def reset(self, number: int, ticks: int, count: int) -> None:
        self.since = number  # what moved before is none of its business
        self._ground.reset(number, ticks, count)
        self.base = self.rest = self._before = self._low = count

    def feed(self, number: int, ticks: int, count: int) -> bool:
        """True once the belt is START_MM beyond where it stood."""
        ground = self._ground
        ground.feed(number, ticks, count)
        if count < self._low:
            self._low = count
            if self.base - count > self._turn_counts:
                self.base = self._before = count + self._turn_counts
                self.rest = count
                ground.reset(number, ticks, count)
        elif count - self.base >= self.start_counts:
            return True
        if ground.is_quiet(ticks):
            self.base = self.rest = max(self._before, ground.furthest)
            self._before = ground.furthest
            ground.reset(number, ticks, count)
            self._low = count
        return False


class StandWatch:
    """Since when the belt has not moved by more than END_COUNTS: a set that ends now ended there or before."""

    def reset(self, number: int, ticks: int, count: int) -> None:
        self._number = number
        self._ticks = ticks
        self._low = self._high = count

    def feed(self, number: int, ticks: int, count: int) -> None:
        self._low, self._high = min(self._low, count), max(self._high, count)
        if self._high - self._low > END_COUNTS:
            self.reset(number, ticks, count)

    def is_beyond(self, number: int, ticks: int, samples_n: int, us: int) -> bool:
        """Whether the stand is longer than both so many samples and microseconds."""
        return number > self._number + samples_n and ticks_diff(ticks, self._ticks) > us


def first_movement(history: "History", rest: int, lean_counts: int, since: int) -> int:
    """Number of the last sample before the movement that has left the stand whose furthest place is `rest`.

    From where the belt is surely beyond a lean, back to where it was no faster than it sways there or creeps; never
    before sample `since`.
    """
    oldest = max(history.oldest(), history.n - 1 - LOOK_BACK_N, since)
    number = history.n - 1
    while number > oldest and history.count(number) > rest + lean_counts:
        number -= 1
    speed = history.moved(min(number + 2, history.n - 1))
    sway = 2 * history.pace(max(oldest, number - LOOK_BACK_N // 2), max(oldest, number - 4 * PACE_N))
    slow = max(REST_COUNTS, min(max(sway, speed // LEAN_SHARE), speed // 2))
    while number > oldest and history.moved(number) > slow:
        number -= 1
    number = _foot(history, number, oldest)
    soft = number
    while soft > max(oldest, number - SOFT_N) and history.count(soft) > rest + REST_COUNTS:
        soft -= 1
    return soft if history.count(soft) <= rest + REST_COUNTS else number


def _foot(history: "History", number: int, oldest: int) -> int:
    """The last sample before the belt left the pace it had: what is slow over PACE_N samples may end quickly."""
    before = max(oldest, number - PACE_N)
    place = history.count(before) + REST_COUNTS + max(0, history.moved(before))
    while number > before and history.count(number) > place:
        number -= 1
    return number


def _zone(history: "History", ground: "Ground") -> "tuple[int, int]":
    """(lowest, highest) count of the later part of the stand after NEW_MM of new ground."""
    first = newest = history.n - 1
    ticks = history.ticks(newest)
    while first > ground.mark_number + 2 * BLOCK_N and ticks_diff(ticks, history.ticks(first)) < ZONE_US:
        first -= BLOCK_N
    if first <= max(ground.mark_number + BLOCK_N, history.oldest()):
        return history.count(newest), history.count(newest)
    return history.span(first, newest)


def sways(history: "History", ground: "Ground") -> bool:
    """Whether the belt sways in the present stand."""
    low, high = _zone(history, ground)
    return high - low > ground.quiet_counts


def last_movement(history: "History", ground: "Ground", earliest: int) -> int:
    """Number of the sample at which a belt that stands now made its last ground by walking.

    Where it sways about its place, that is where it first came to the middle of the sway; where it was drawn back
    after it, the furthest place itself.
    """
    newest = history.n - 1
    if ground.number >= newest - 1:
        return newest  # it goes on
    low, high = _zone(history, ground)
    half = (high - low) // 2
    if ground.furthest > high + max(half, REST_COUNTS) or half > ground.sway_counts:
        return max(ground.number, earliest)
    number = newest
    while number > earliest and (history.count(number) >= low - REST_COUNTS or number > ground.number):
        number -= 1
    place = high if half <= REST_COUNTS else low + half
    while number < newest and history.count(number) < place - REST_COUNTS:
        number += 1
    return number


def walked_until(history: "History", number: int, begun: int) -> int:
    """Where the belt, which turned at sample `number`, had slowed down to the pace of a sway; never before `begun`."""
    oldest = max(begun, history.oldest(), number - SWAY_N)
    slow = max(REST_COUNTS, history.pace(oldest, number) // LEAN_SHARE)
    while number > oldest + PACE_N // 2 and history.moved(number) <= slow:
        number -= 1
    return number - PACE_N // 2


def resting_count(low: int, count: int) -> int:
    """Where the belt lay before a movement whose first sample is at `count`, `low` being the lowest just before."""
    return low if count - low <= REST_COUNTS else count


def has_settled(last: int, later: int) -> bool:
    """Whether the belt crept to rest: from count `last` at its last movement to `later`, half a second after."""
    return -END_COUNTS <= later - last <= END_COUNTS
