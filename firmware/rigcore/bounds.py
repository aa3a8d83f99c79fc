"""Finds the first and the last sample of a movement in the history; sway, lean and creep are none of it.

A rig that has not been moved yet does without this module: it is loaded with the first movement (setrun.py).
"""

from . import TYPE_CHECKING
from .detect import REST_COUNTS
from .history import BLOCK_N, PACE_N
from .ticks import ticks_diff

if TYPE_CHECKING:
    from .detect import Ground
    from .history import History

END_COUNTS = 5  # a belt that stays within so many has come to rest, though it may creep
LEAN_MM = 12  # who leans before the first step lets the belt creep by so much at most
SOFT_N = 32  # a start that is softer belongs to a lean
LEAN_SHARE = 12  # a lean is slower than a twelfth of the movement after it
ZONE_US = 2_000_000  # at the end of a stand show where it sways
LOOK_BACK_N = 300
SWAY_N = 160  # samples, two seconds, in which a slow sway comes to where it turns


class StandWatch:
    """Since when the belt has not moved by more than END_COUNTS: a set that ends now ended there or before."""

    def reset(self, number: int, ticks: int, count: int) -> None:
        self._number = number
        self._ticks = ticks
        self._low = self._high = count

    def feed(self, number: int, ticks: int, count: int) -> None:
        if count < self._low:
            self._low = count
        elif count > self._high:
            self._high = count
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


def has_settled(last: int, later: int) -> bool:
    """Whether the belt crept to rest: from count `last` at its last movement to `later`, half a second after."""
    return -END_COUNTS <= later - last <= END_COUNTS
