"""When a set starts and ends: by movement that is more than dither, and by standing still."""

from .ticks import ticks_diff

WINDOW_US = 250_000
REST_COUNTS = 2  # an edge that dithers by a count or two is no movement
STAND_N = 40  # samples, half a second: what was no stand for so long is movement
LOOK_BACK_N = 300
PACE_N = 8  # samples, a tenth of a second, over which a belt's pace is told from its sway
END_COUNTS = 5  # a belt that stays within so many has come to rest, though it may creep


def band_counts(geometry, mm):
    """So many millimetres in counts, but no fewer than an edge dithers by: a coarse encoder has few."""
    return max(REST_COUNTS, geometry.counts(mm))


class StartDetector:
    """Recognises backward movement, and the last sample at which the belt had not moved yet.

    A movement counts once it is `start_counts` beyond the resting place. One that gets no further
    within `patience_n` samples was a nudge: the belt rests at its new place.
    """

    def __init__(self, start_counts, patience_n):
        self._start_counts = start_counts
        self._patience_n = patience_n
        self.reset(0, 0)

    def reset(self, number, count):
        self._low = count
        self._rest_number = number

    def feed(self, number, count):
        """Running number of the last sample at rest if movement has begun, else -1."""
        if count <= self._low + REST_COUNTS:
            self._low = min(self._low, count)
            self._rest_number = number
        elif count - self._low >= self._start_counts:
            return self._rest_number
        elif number - self._rest_number > self._patience_n:
            self.reset(number, count)
        return -1


class Starter:
    """A start that lasts: the first sample of a movement that keeps on for `windows_n` quarter seconds.

    A belt that was kicked, or shifted by someone stepping on, slows down instead: a window with less than
    a third of the best one's progress does not count. With `windows_n` 0 any movement is a start.
    """

    def __init__(self, start_counts, patience_n, windows_n):
        self._detector = StartDetector(start_counts, patience_n)
        self._windows_n = windows_n
        self.reset(0, 0)

    def reset(self, number, count):
        self._detector.reset(number, count)
        self.is_pending = False

    def feed(self, number, ticks, count):
        """Running number of the last sample at rest once the movement has lasted, else -1."""
        first = self._detector.feed(number, count)
        if first < 0 or self._windows_n == 0:
            self.is_pending = False
            return first
        if not self.is_pending:
            self.is_pending = True
            self._good_n = self._best = 0
            self._window_ticks, self._window_count = ticks, count
        elif ticks_diff(ticks, self._window_ticks) >= WINDOW_US:
            self._close_window(number, ticks, count)
        return first if self.is_pending and self._good_n >= self._windows_n else -1

    def _close_window(self, number, ticks, count):
        progress = count - self._window_count
        self._window_ticks, self._window_count = ticks, count
        if progress <= REST_COUNTS:
            self.reset(number, count)
        elif 3 * progress >= self._best:
            self._good_n += 1
            self._best = max(self._best, progress)
        else:
            self._good_n = 0


class StillDetector:
    """True once the belt has stayed within `band_counts` for `still_us` microseconds."""

    def __init__(self, band_counts, still_us):
        self._band_counts = band_counts
        self._still_us = still_us
        self.reset(0, 0)

    def reset(self, ticks, count):
        self._place = count
        self._moved_ticks = ticks

    def moved(self, ticks, count):
        """Whether this sample left the band, which restarts the wait."""
        if -self._band_counts <= count - self._place <= self._band_counts:
            return False
        self.reset(ticks, count)
        return True

    def is_still(self, ticks):
        return ticks_diff(ticks, self._moved_ticks) >= self._still_us


class StandWatch:
    """Since when the belt has not moved by more than END_COUNTS: a set that ends now ended there or before."""

    def reset(self, number, ticks, count):
        self._number = number
        self._ticks = ticks
        self._low = self._high = count

    def feed(self, number, ticks, count):
        self._low, self._high = min(self._low, count), max(self._high, count)
        if self._high - self._low > END_COUNTS:
            self.reset(number, ticks, count)

    def is_beyond(self, number, ticks, samples_n, us):
        """Whether the stand is longer than both so many samples and microseconds."""
        return number > self._number + samples_n and ticks_diff(ticks, self._ticks) > us


def first_movement(history, first, dither_counts, sway_counts):
    """Number of the last sample before a movement that was recognised, which is at `first` or near it.

    Who stands may sway, within `sway_counts`: the movement begins where the belt goes faster than that, and no further
    from where it stood than `dither_counts`.
    """
    oldest, number = _stand_before(history, first, sway_counts)
    if number - oldest < STAND_N:
        return first
    begun = max((oldest + number) // 2, number - STAND_N)  # what comes later may have some of the movement
    pace = _pace(history, oldest, begun)
    while number > oldest and _moved(history, number) > pace:
        number -= 1
    while number < history.n - 1 and _moved(history, number + 1) <= pace:
        number += 1
    furthest = max(history.count(i) for i in range(oldest, begun)) + dither_counts
    while number > oldest and history.count(number) > furthest:
        number -= 1
    return number


def last_movement(history, earliest):
    """Number of the first sample after the last movement that was faster than the belt sways where it stands now."""
    newest = history.n - 1
    is_long = newest - earliest >= 2 * STAND_N
    pace = _pace(history, (3 * earliest + newest) // 4, newest) if is_long else REST_COUNTS
    number = newest
    while number > earliest and abs(_moved(history, number)) <= pace:
        number -= 1
    place = history.count(min(number + 1, newest))
    number = max(number - PACE_N, earliest)
    while abs(history.count(number) - place) > pace:
        number += 1
    return number


def _pace(history, first, last):
    """The most that a belt moves in PACE_N samples while it stands, with what chance adds."""
    most = 0
    for number in range(first + PACE_N, last + 1, PACE_N // 4):  # a sway is slower than samples
        most = max(most, abs(_moved(history, number)))
    return max(2 * most, REST_COUNTS)


def _moved(history, number):
    """Counts that the belt moved in the PACE_N samples until this one."""
    return history.count(number) - history.count(max(number - PACE_N, history.oldest()))


def _stand_before(history, last, sway_counts):
    """First and last sample of the stand before sample `last`; fewer than STAND_N when there was none."""
    oldest = max(history.oldest(), last - LOOK_BACK_N)
    low = high = history.count(last)
    number = last
    while number > oldest:
        count = history.count(number - 1)
        low, high = min(low, count), max(high, count)
        if high - low > sway_counts:
            if last - number >= STAND_N:
                break
            last = number - 1
            low = high = count
        number -= 1
    return number, last


def resting_count(low, count):
    """Where the belt lay before a movement whose first sample is at `count`, `low` being the lowest just before."""
    return low if count - low <= REST_COUNTS else count


def has_settled(last, later):
    """Whether a belt that is at `later` half a second after its last movement, at `last`, crept there to rest."""
    return -END_COUNTS <= later - last <= END_COUNTS
