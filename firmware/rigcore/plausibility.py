"""Watches belt and pull together: what one of them can't know about itself.

Somebody who walks pulls in swings. Swings without any movement are a dead encoder or a stuck belt; a belt that runs
forward under pull has its encoder lines swapped. A line that stays taut at rest pulls without swings and says nothing.
"""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from .motion import Geometry

PULL_MN = 50_000
SWING_MN = 10_000
SWINGS_N = 10  # some five steps
FORWARD_MM = 1000
MOVED_MM = 100
STILL_COUNTS = 2  # a dead line makes the count flicker

# Four rows of 16 characters at most: the display shows them.
NO_MOVEMENT = "pull in steps, no movement: check encoder and its wires"
SWAPPED = "belt runs forward: are A and B of the encoder swapped?"


class Plausibility:
    """`feed` it ten times a second; `doubt` is a sentence or "" and stays until the belt moves backward."""

    def __init__(self, geometry: "Geometry") -> None:
        self._forward_counts = geometry.counts(FORWARD_MM)
        self._moved_counts = geometry.counts(MOVED_MM)
        self.doubt = ""
        self._place = 0  # the furthest backward since the last doubt
        self._swung_at = 0
        self._swings_n = 0
        self._pull_mn = 0

    def feed(self, count: int, force_mn: "int | None") -> bool:
        """Net counts and force in mN, None while unknown; True when there is a doubt to tell now."""
        if count - self._place >= self._moved_counts:
            self._place = count
            self._swings_n = 0
            self.doubt = ""
        if force_mn is None or force_mn < PULL_MN:
            return False
        told = False
        if self._place - count >= self._forward_counts:
            self.doubt = SWAPPED
            self._place = count
            told = True
        elif not -STILL_COUNTS <= count - self._swung_at <= STILL_COUNTS:
            self._swings_n = 0
        elif abs(force_mn - self._pull_mn) > SWING_MN:
            self._swings_n += 1
            if self._swings_n >= SWINGS_N:
                self.doubt = NO_MOVEMENT
                told = True
        self._swung_at = count
        self._pull_mn = force_mn
        return told
