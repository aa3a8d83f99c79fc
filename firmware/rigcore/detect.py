"""Detects when backward movement starts; sway and lean are no movement. Where exactly it did, bounds.py finds.

Ground is new where the belt is further backward than before. A stand is the absence of new ground, whatever the belt
does meanwhile.
"""

from . import TYPE_CHECKING
from .ticks import ticks_diff

if TYPE_CHECKING:
    from .motion import Geometry

REST_COUNTS = 2  # an edge that dithers by a count or two is no movement
START_MM = 30  # beyond the furthest place of the stand before is a start
TURN_MM = 80  # a belt that went so far forward is not swaying: its furthest place before is forgotten
NEW_MM = 12  # less new ground within a stand's time is sway
STAND_US = 2_000_000  # without NEW_MM of new ground the belt stands
SLACK_US = 700_000  # a stand with some new ground, but less than NEW_MM, must last longer by this
SWAY_MM = 40  # to either side; what moves further is no sway
QUIET_MM = 3


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
        self.behind = 0  # so far the belt has gone back from there
        self.number = self.mark_number = number  # of the samples at which they were reached
        self._ticks = self._mark_ticks = ticks
        self.longest_us = 0  # without new ground, before there was some again

    def feed(self, number: int, ticks: int, count: int) -> bool:
        """True where this sample made new ground."""
        if count < self.furthest + REST_COUNTS:
            self.behind = self.furthest - count
            return False
        self.furthest = count
        self.behind = 0
        self.number = number
        self.longest_us = max(self.longest_us, ticks_diff(ticks, self._ticks))
        self._ticks = ticks
        if count - self._mark >= self._new_counts:
            self._mark = count
            self._mark_ticks = ticks
            self.mark_number = number
        return True

    def stands(self, ticks: int, still_us: int) -> bool:
        """Whether the belt has made no new ground for so long, or less than NEW_MM for somewhat longer."""
        since_mark_us = ticks_diff(ticks, self._mark_ticks)
        if since_mark_us < still_us:
            return False
        return since_mark_us >= still_us + SLACK_US or ticks_diff(ticks, self._ticks) >= still_us

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
