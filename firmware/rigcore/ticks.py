"""The board's microsecond counter: it wraps at 2**30, so one turn lasts 17.9 minutes.

2**30 itself does not fit the board's 31-bit integers (-2**30 to 2**30 - 1): everything here works
with half a turn instead.
"""

TICKS_PERIOD = 1 << 30  # wide
TURN_MS = 1_073_742  # one turn in milliseconds, rounded
_HALF = 1 << 29


def ticks_diff(later: int, earlier: int) -> int:
    """Signed microseconds from `earlier` to `later`; right while they are under 8.9 minutes apart."""
    delta = later - earlier
    if delta >= _HALF:
        return delta - _HALF - _HALF
    if delta < -_HALF:
        return delta + _HALF + _HALF
    return delta


def ticks_add(ticks: int, delta_us: int) -> int:
    """The tick count `delta_us` (under half a turn) later."""
    shifted = ticks - _HALF + delta_us  # between -turn and +turn
    if shifted >= _HALF:
        return shifted - _HALF
    if shifted < -_HALF:
        return shifted + _HALF + _HALF + _HALF
    return shifted + _HALF


class LongClock:
    """Counts the turns of the tick counter, so that a time of day survives a session.

    Feed it at least once every eight minutes. A time is the pair (turns, ticks), because
    the full number of microseconds does not fit the board's 31-bit integers.
    """

    def __init__(self, ticks: int = 0) -> None:
        self.turns = 0
        self.ticks = ticks

    def feed(self, ticks: int) -> None:
        if ticks - self.ticks < -_HALF:
            self.turns += 1
        self.ticks = ticks

    def turns_at(self, ticks: int) -> int:
        """Turn count that belongs to `ticks`, a moment within eight minutes of the last feed."""
        if ticks - self.ticks > _HALF:
            return self.turns - 1
        if ticks - self.ticks < -_HALF:
            return self.turns + 1
        return self.turns

    def board_us(self, ticks: int) -> int:
        """Microseconds on a scale that never wraps within one boot."""
        return self.turns_at(ticks) * TICKS_PERIOD + ticks  # wide
