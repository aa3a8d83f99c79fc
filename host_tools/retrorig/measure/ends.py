"""When a set's movement began and ended, with hindsight.

The board names the last reading before the first movement that it could see and the first one from which the belt
stayed at its last place: within a few counts of rest, and so a little late and a little early. Next to rest a
movement goes like a power of time, x = k (t - t0)^p; an even start has p = 1, an even acceleration 2, a soft one 3.
Of the times at which it passes three levels, each 4 times the one before, the differences grow by r = 4^(1/p), so

    t0 = t1 - (t2 - t1) / (r - 1)        (A. C. Aitken's extrapolation, Proc. R. Soc. Edinburgh 46, 1926)

with r measured, and kept to what p = 1 to 4 gives; a movement that is too quick for the readings to tell is taken for
an even acceleration. The end is the same, seen backwards. A belt that sways under someone who stands has its place in
the middle of the sway, and levels that are beyond it. What fits none of this stays as the board saw it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rigcore.blocks import STEP_US
from rigcore.decode import RawSet
from rigcore.detect import END_COUNTS, REST_COUNTS

Ints = NDArray[np.int64]
Floats = NDArray[np.floating]
Bands = tuple[int, ...]

LEVEL_COUNTS = 4
"""The first level; beside a belt that sways it is SWAY_LEVEL times the way from one end of the sway to the other."""

SWAY_LEVEL = 2
GROWTH = (4 ** (1 / 4), 4.0)
"""r of p = 4 and of p = 1."""

GROWTH_MIN = 1.2
"""A movement whose r is less began as no power of time."""

EVEN_GROWTH = 2.0
QUICK_READINGS = 2.0
"""From the first level to the second: r of p = 2 is taken below so many readings."""

NEAR_READINGS = 5.0
"""From the moment that the board saw to the first level; where half a sway looks like a stand it is more."""

CREEP_MAX_S = 0.3
"""From the first level to the second; a belt that takes longer and goes no faster than CREEP_MAX_MPS does not start or
stop, it lies about."""

CREEP_MAX_MPS = 0.05

REST_N, STAND_N = 4, 40
"""Readings that show a belt at rest, at least and at best; with fewer beside it an end stays as the board saw it."""

START_MAX_M = 0.3
"""A start is a power of time so far; the levels of a coarse encoder lie beyond."""

MODEL_SHARE = 1 / 3
READING_SHARE = 1 / 3
"""One standard deviation of such an end: a third of the way from the first level to the second for movements that are
no power of time, and of the time from reading to reading a third for the straight lines between them."""

TURN_SHARE, TURN_READINGS = 0.7, 2.0
"""A belt that ran the other way before, without coming back by more than the rest, began where it turned round: known
to so many readings."""

UNCLEAR_S, UNCLEAR_SHARE = 0.06, 0.8
"""One standard deviation where a belt lay about and went off so slowly that the readings do not tell when: at the
least, and of the time until it is beyond its sway."""


class End(NamedTuple):
    """One end of a set: microseconds on the board's clock, and one standard deviation in seconds."""

    at_us: float
    sd_s: float


class Stand(NamedTuple):
    """Where a belt stood before a movement: by the reading `resting` surely, at `seen` for the last time."""

    resting: int
    seen: int
    bands_counts: Bands
    counts_per_m: float

    def creep_max_us(self, level: int) -> float:
        """The most time from this level to the next one, 4 times as far."""
        return max(CREEP_MAX_S, 3 * level / self.counts_per_m / CREEP_MAX_MPS) * 1e6

    def model_share(self, level: int) -> float:
        """How much of the time from this level to the next one the beginning may be off."""
        return MODEL_SHARE if 16 * level < START_MAX_M * self.counts_per_m else 1.0

    def is_turn(self, count: Ints) -> bool:
        """Whether it was no stand: the belt ran the other way and turned round."""
        before = count[max(0, self.seen + 1 - STAND_N) : self.seen + 1]
        after = count[self.seen : self.seen + 1 + STAND_N]
        back, ahead = before[-1] - before[0], after[-1] - after[0]
        return bool(back * ahead < 0 and abs(back) > max(END_COUNTS, TURN_SHARE * np.ptp(before)))

    def rests(self, count: Ints) -> Iterator[tuple[int, Ints]]:
        """Readings that may show its place, and the number of their first."""
        for last, n, range_counts in (
            (self.resting, STAND_N, REST_COUNTS),
            *((self.seen, STAND_N, band_counts) for band_counts in self.bands_counts),
            (self.resting, REST_N, REST_COUNTS),
        ):
            first = max(0, last + 1 - n)
            rest = count[first : last + 1]
            if len(rest) >= REST_N and np.ptp(rest) <= range_counts:
                yield first, rest


def start_of(raw: RawSet, bands_counts: Bands) -> End:
    """The set's first movement, which the board saw at `start_us`; to and fro in one of the bands is none."""
    t_us, count = _arrays(raw)
    seen_us = raw.header["start_us"]
    first = number_at(raw, seen_us)
    return _begin(t_us, count, Stand(first, first, bands_counts, _counts_per_m(raw)), seen_us)


def end_of(raw: RawSet, seen_us: int, resting: int, bands_counts: Bands) -> End:
    """The set's last movement, which the board saw at `seen_us`; the belt rests at the reading `resting`."""
    t_us, count = _arrays(raw)
    newest = len(t_us) - 1
    stand = Stand(newest - resting, newest - number_at(raw, seen_us), bands_counts, _counts_per_m(raw))
    found = _begin(-t_us[::-1], count[::-1], stand, -seen_us)
    return End(-found.at_us, found.sd_s)


def _arrays(raw: RawSet) -> tuple[Ints, Ints]:
    return np.asarray(raw.t_us, dtype=np.int64), np.asarray(raw.count, dtype=np.int64)


def _counts_per_m(raw: RawSet) -> float:
    return float(raw.header["counts_per_rev"] / raw.header["circumference_um"] * 1e6)


def number_at(raw: RawSet, at_us: int) -> int:
    """Number of the sample that was taken at `at_us`, the newest if the log lost it; its times are rounded down."""
    return min(bisect_left(raw.t_us, at_us // STEP_US * STEP_US), len(raw.t_us) - 1)


def _begin(t_us: Ints, count: Ints, stand: Stand, seen_us: int) -> End:
    """The beginning of the movement after that stand."""
    period_us = float(np.median(np.diff(t_us))) if len(t_us) > 1 else 0.0
    unclear_s = period_us * 1e-6 / math.sqrt(3.0)
    if stand.is_turn(count):
        return End(seen_us, TURN_READINGS * period_us * 1e-6)
    for first, rest in stand.rests(count):
        moved = np.abs(count[first:] - np.median(rest))
        level = max(LEVEL_COUNTS, SWAY_LEVEL * int(np.ptp(rest)))
        t1, t2, t3 = (_passing_us(t_us[first:], moved, level * times) for times in (1, 4, 16))
        unclear_s = max(UNCLEAR_S, unclear_s, UNCLEAR_SHARE * abs((t1 or seen_us) - seen_us) * 1e-6)
        if t1 is None or t2 is None or t3 is None or t2 - t1 > stand.creep_max_us(level):
            continue
        if abs(t1 - seen_us) > (t2 - t1) / 2 + NEAR_READINGS * period_us:
            continue
        growth = EVEN_GROWTH if t2 - t1 < QUICK_READINGS * period_us else (t3 - t2) / (t2 - t1)
        if growth < GROWTH_MIN:
            continue
        growth = min(max(growth, GROWTH[0]), GROWTH[1])
        sd_us = stand.model_share(level) * (t2 - t1) + READING_SHARE * period_us
        return End(t1 - (t2 - t1) / (growth - 1), sd_us * 1e-6)
    return End(seen_us, unclear_s)


def _passing_us(t_us: Ints, moved: Floats, level: int) -> float | None:
    """When the movement first exceeded the level, between two readings."""
    beyond = np.flatnonzero(moved >= level)
    if not len(beyond) or beyond[0] == 0:
        return None
    i = int(beyond[0])
    share = (level - moved[i - 1]) / (moved[i] - moved[i - 1])
    return float(t_us[i - 1] + share * (t_us[i] - t_us[i - 1]))
