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


def moment_us(moment: "tuple[int, int]") -> int:
    """A moment, (turns, ticks), on the scale that never wraps within one boot."""
    return moment[0] * TICKS_PERIOD + moment[1]  # wide


def span_ms(start: "tuple[int, int]", stop: "tuple[int, int]") -> int:
    """Milliseconds from one moment, (turns, ticks), to another."""
    return (stop[0] - start[0]) * TURN_MS + (stop[1] - start[1]) // 1000


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

    def moment(self, ticks: int) -> "tuple[int, int]":
        """(turns, ticks) of a moment within eight minutes of the last feed."""
        return self.turns_at(ticks), ticks

    def board_us(self, ticks: int) -> int:
        """Microseconds on a scale that never wraps within one boot."""
        return moment_us(self.moment(ticks))
