"""The belt's speed now, from counts and the times they were read at: a bank of trackers. All integers.

Each tracker is the steady Kalman filter of one idea of how the belt moves, from a smooth creep to a sprinter's
step; it foretells the next count and learns from its miss. Whoever foretold best of late counts most in the
speed shown. MEASUREMENT.md derives the gains and compares the result with filters that know the truth.
"""

from .detect import REST_COUNTS
from .ticks import ticks_diff

SPAN_US = 1 << 18  # the speed is given as counts in this time: 0.26 s
PERIOD_US = 11_400  # between conversions, to begin with: an HX711 sold as 80 a second makes 83 to 94
PERIOD_MIN_US = 4_000
GAP_MAX_US = 1 << 20  # the movement across a longer gap tells nothing of the speed now
PERIOD_MAX_US = 40_000  # slower samples are taken as gaps, each with the mean speed across it
STILL_N = 8  # samples within REST_COUNTS until the belt stands
FASTEST = 3000 << 6  # 3000 counts a period: as fast as the hardware can count
BADLY = 256 << 6  # a larger miss counts as this one
LOST = 1000 << 6  # a tracker that missed by 1000 counts starts anew
NO_TREND = 30  # damping that takes nothing away

# Gains of a miss, in 1/1024, on place, step, bend and twist, and the halvings of the bend per sample.
# First those that follow a twist (from 0.3 to 8 m/s walks), then those that expect the bend to die away.
TRACKERS = (
    (580, 270, 65, 7, NO_TREND),
    (883, 1068, 579, 126, NO_TREND),
    (976, 1873, 1446, 414, NO_TREND),
    (1019, 3181, 3443, 1263, NO_TREND),
    (269, 41, 1, 0, 1),
    (700, 418, 38, 0, 1),
    (1010, 2001, 614, 0, 1),
)


class Tracker:
    """Foretells counts; keeps differences of the belt's path from sample to sample.

    `rest` is how far the path is ahead of the last count (1/64 count); step, bend and twist are its first to
    third differences (1/1024 count). `miss` is 16 times the mean square of the latest misses ((1/16 count)^2).
    """

    def __init__(self, gains: "tuple[int, ...]") -> None:
        self._place_gain, self._step_gain, self._bend_gain, self._twist_gain, self._damping = gains
        self.miss = 1 << 12
        self.restart(0)

    def restart(self, step: int) -> None:
        self._rest: int = 0
        self._step: int = min(max(step, -FASTEST << 4), FASTEST << 4)
        self._bend: int = 0
        self._twist: int = 0

    def feed(self, error: int, late: int) -> None:
        """Take `error` = counts moved, in 1/64, by a sample that is `late` by this many 1/16384 of a period."""
        step = self._step
        twist = (self._twist >> 8) * late >> 6
        bend = (self._bend >> 8) * late >> 6
        error -= self._rest + (step >> 4)
        error -= (step + ((self._bend + bend) >> 1) - (self._twist >> 3) >> 8) * late >> 10
        if -BADLY < error < BADLY:
            self.miss += (error * error >> 4) - (self.miss >> 4)
        else:
            self.miss += (1 << 24) - (self.miss >> 4)
            if not -LOST < error < LOST:
                self.restart(step + (error << 4))
                return
        self._rest = (error * self._place_gain >> 10) - error
        self._step = step + self._bend + bend + (twist >> 1) + ((error * self._step_gain + 32) >> 6)
        bend = self._bend - (self._bend >> self._damping)
        self._bend = bend + self._twist + twist + ((error * self._bend_gain + 32) >> 6)
        self._twist += (error * self._twist_gain + 32) >> 6

    def speed(self) -> int:
        """Counts a period at the last sample, in 1/64: the slope of the path, not its last step."""
        speed = (self._step - (self._bend >> 1) + (self._twist * 11 >> 5)) >> 4
        return min(max(speed, -FASTEST), FASTEST)


class SpeedEstimator:
    """Speed at the newest sample, without lag while the belt's acceleration is steady. Feed it every sample.

    `feed` allocates nothing. Exactly zero once the belt has stood for STILL_N samples, and after a gap of over
    a second until it is known to move.
    """

    def __init__(self) -> None:
        self._trackers = tuple([Tracker(gains) for gains in TRACKERS])
        self._period_us = PERIOD_US
        self._mean16_us = PERIOD_US << 4
        self._ticks = -1
        self._count = 0
        self._place = 0
        self._still_n = STILL_N
        self._is_lost = False  # after a gap so long that the movement across it tells nothing of now

    def feed(self, ticks: int, count: int) -> None:
        """Take one sample: tick counter and net counts at that moment."""
        if self._ticks < 0:
            self._ticks, self._count, self._place = ticks, count, count
            return
        span_us = ticks_diff(ticks, self._ticks)
        if 0 <= span_us < self._period_us >> 2:
            return  # too close to tell a speed; the next sample covers it
        moved = count - self._count
        self._ticks = ticks
        self._count = count
        is_even = self._is_even(span_us)
        if self._stands(count):
            return
        if is_even and not self._is_lost:
            self._track(moved << 6, ((span_us - self._period_us) << 14) // self._period_us)
        else:
            self._begin_anew(moved, span_us)

    def _track(self, moved: int, late: int) -> None:
        trackers = self._trackers
        index = len(trackers)
        while index:
            index -= 1
            trackers[index].feed(moved, late)

    def counts_and_us(self) -> "tuple[int, int]":
        """The speed as (counts, SPAN_US)."""
        best = self._trackers[0].miss
        for tracker in self._trackers:
            best = min(best, tracker.miss)
        shift = 8 if best >> 22 else 0
        best = best >> shift << 7
        total = weights = 0
        for tracker in self._trackers:
            weight = best // ((tracker.miss >> shift) + 1)
            weight = (weight * weight >> 5) + 1
            total += weight * tracker.speed()
            weights += weight
        return (total // weights * (SPAN_US >> 6) + self._period_us // 2) // self._period_us, SPAN_US

    def _is_even(self, span_us: int) -> bool:
        """Whether this sample follows the last one by about a period; follows the period's slow changes."""
        period = self._period_us
        if span_us <= 0:
            return False
        self._mean16_us += min(span_us, 3 * period, PERIOD_MAX_US) - (self._mean16_us >> 4)
        mean = self._mean16_us >> 4
        if not -period < (mean - period) << 3 < period:
            self._period_us = max(mean, PERIOD_MIN_US)
            return False
        return span_us * 5 <= 12 * period

    def _stands(self, count: int) -> bool:
        if not -REST_COUNTS <= count - self._place <= REST_COUNTS:
            self._place = count
            self._still_n = 0
        elif self._still_n < STILL_N:
            self._still_n += 1
            if self._still_n == STILL_N:
                self._restart(0)
        return self._still_n >= STILL_N

    def _begin_anew(self, moved: int, span_us: int) -> None:
        """After a gap."""
        self._is_lost = not 0 < span_us < GAP_MAX_US
        self._restart(0 if self._is_lost else self._mean_step(moved, span_us))

    def _restart(self, step: int) -> None:
        for tracker in self._trackers:
            tracker.restart(step)

    def _mean_step(self, moved: int, span_us: int) -> int:
        """Counts a period, in 1/1024, across a gap."""
        return (moved << 10) // max(1, (span_us << 4) // self._period_us) << 4
