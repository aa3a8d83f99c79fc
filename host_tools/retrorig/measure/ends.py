"""Finds when a set's movement began and ended, with hindsight.

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
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.bursts import Bursts, WalkSpan, bursts_of, find_walk
from retrorig.measure.readings import Readings
from rigcore.blocks import STEP_US
from rigcore.bounds import END_COUNTS, has_settled
from rigcore.detect import REST_COUNTS
from rigcore.movement import SETTLE_N

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

START_SHARE, END_SHARE = 1 / 4, 1 / 6
READING_SHARE, QUICK_SHARE = 1 / 3, 0.6
"""One standard deviation of such an end: a share of the time from the first level to the second for movements that are
no power of time (friction stops a belt more evenly than a foot sets it off), and of the time from reading to reading a
third for the straight lines between them; more where the first three levels lie between two readings."""

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
    """Where a belt stood before a movement: by the reading `resting` surely, at `seen` for the last time.

    share: of the time from the first level to the second, one standard deviation of the movement's beginning.
    """

    resting: int
    seen: int
    bands_counts: Bands
    counts_per_m: float
    share: float

    def creep_max_us(self, level: int) -> float:
        """The most time from this level to the next one, 4 times as far."""
        return max(CREEP_MAX_S, 3 * level / self.counts_per_m / CREEP_MAX_MPS) * 1e6

    def model_share(self, level: int) -> float:
        """How much of the time from this level to the next one the beginning may be off."""
        return self.share if 16 * level < START_MAX_M * self.counts_per_m else 1.0

    def is_turn(self, count: Ints) -> bool:
        """Whether it was no stand: the belt ran the other way and turned round."""
        before = count[max(0, self.seen + 1 - STAND_N) : self.seen + 1]
        after = count[self.seen : self.seen + 1 + STAND_N]
        back, ahead = before[-1] - before[0], after[-1] - after[0]
        return bool(back * ahead < 0 and abs(back) > max(END_COUNTS, TURN_SHARE * _range(before)))

    def rests(self, count: Ints) -> Iterator[tuple[int, float, int]]:
        """Of readings that may show its place: number of the first, the place, and how far they sway, in counts."""
        for last, n, range_counts in (
            (self.resting, STAND_N, REST_COUNTS),
            *((self.seen, STAND_N, band_counts) for band_counts in self.bands_counts),
            (self.resting, REST_N, REST_COUNTS),
        ):
            first = max(0, last + 1 - n)
            rest = sorted(count[first : last + 1].tolist())
            if len(rest) >= REST_N and rest[-1] - rest[0] <= range_counts:
                yield first, (rest[len(rest) // 2] + rest[(len(rest) - 1) // 2]) / 2, rest[-1] - rest[0]


class Limits(NamedTuple):
    """A set's start and end, and the numbers of the readings between which its movement counts.

    bursts: those among which the walk was found. is_fixed: people or a target put the end where it is.
    """

    start: End
    end: End
    first: int
    last: int
    bursts: Bursts
    is_fixed: bool = False


def limits_of(raw: Readings, bands_counts: Bands) -> Limits:
    """The set's limits; movement to and fro in one of the bands is none.

    A start or an end that people or a target put where it is stays; else it is the walk's (bursts.py), and as the board
    saw it where there was none.
    """
    t_us, count = raw.t_us, raw.count
    newest = len(t_us) - 1
    stopped = _stopped(raw)
    until = newest if stopped is None else min(newest, stopped + SETTLE_N)
    bursts = bursts_of(raw, until)
    walk = find_walk(raw, bursts)
    start, first = _start(raw, walk, bands_counts)
    if stopped is not None and _is_fixed(raw, walk, stopped):
        sd_s = 0.0 if _is_cut_off(raw) else raw.period_us * 1e-6 / math.sqrt(3.0)
        return Limits(start, End(seen_end_us(raw) or 0, sd_s), first, stopped, bursts, is_fixed=True)
    last = _last_seen(raw, walk, first)
    resting = _resting(-count[::-1], newest - last)
    stand = Stand(resting, newest - last, bands_counts, _counts_per_m(raw), END_SHARE)
    found = _begin(-t_us[::-1], count[::-1], stand, -raw.t_us[last], raw.period_us)
    end = End(-found.at_us, found.sd_s)
    after = int(np.searchsorted(t_us, end.at_us))
    return Limits(start, end, first, _settled(raw, max(last, min(after, until)), until), bursts)


def _settled(raw: Readings, last: int, until: int) -> int:
    """The reading at which a belt lies that crept on for a little after its last movement."""
    settled = min(last + SETTLE_N, until)
    return settled if has_settled(raw.count[last], raw.count[settled]) else last


def _start(raw: Readings, walk: WalkSpan | None, bands_counts: Bands) -> tuple[End, int]:
    seen_us = raw.header["start_us"]
    seen = number_at(raw, seen_us)
    if raw.header.get("is_cut"):
        return End(seen_us, 0.0), seen
    if walk:
        seen = walk.first
        seen_us = int(raw.t_us[seen])
    t_us, count = raw.t_us, raw.count
    stand = Stand(_resting(count, seen), seen, bands_counts, _counts_per_m(raw), START_SHARE)
    start = _begin(t_us, count, stand, seen_us, raw.period_us)
    return start, min(seen, max(0, int(np.searchsorted(t_us, start.at_us)) - 1))


def _resting(count: Ints, seen: int) -> int:
    """The last reading at which a belt that crept off very slowly lay where it had lain before."""
    first = max(0, seen + 1 - STAND_N)
    before = count[first : seen + 1].tolist()
    lowest = min(before)
    return next(first + at for at in reversed(range(len(before))) if before[at] <= lowest + REST_COUNTS)


def _stopped(raw: Readings) -> int | None:
    """The reading at which people, a target or a fault ended the set; None where a stand or a loss of power did."""
    end_us = seen_end_us(raw)
    if end_us is None or (_reason(raw) == "still" and not _is_cut_off(raw)):
        return None
    return number_at(raw, end_us)


def _reason(raw: Readings) -> str | None:
    return (raw.end or {}).get("reason")


def seen_end_us(raw: Readings) -> int | None:
    """The last movement as the board saw it; None for a set that lost its power."""
    return (raw.end or {}).get("end_us")


def _is_fixed(raw: Readings, walk: WalkSpan | None, stopped: int) -> bool:
    """Whether a set ended where it was stopped, rather than where its walk had ended before."""
    is_walking = walk is None or walk.last > stopped + NEAR_READINGS
    return _is_cut_off(raw) or _reason(raw) == "target" or is_walking


def _is_cut_off(raw: Readings) -> bool:
    """Whether a person set the end while the belt went on: what it did afterwards is no part of this set."""
    return bool((raw.end or {}).get("is_cut"))


def _last_seen(raw: Readings, walk: WalkSpan | None, first: int) -> int:
    """The reading after the last movement: the walk's, or what the board or the log show where there was no walk."""
    if walk:
        return walk.last
    end_us = seen_end_us(raw)
    if end_us is not None:
        return number_at(raw, end_us)
    return max(int(np.argmax(raw.count)), first)


def _counts_per_m(raw: Readings) -> float:
    return float(raw.header["counts_per_rev"] / raw.header["circumference_um"] * 1e6)


def number_at(raw: Readings, at_us: int) -> int:
    """Number of the sample that was taken at `at_us`, the newest if the log lost it; its times are rounded down."""
    return min(int(np.searchsorted(raw.t_us, at_us // STEP_US * STEP_US)), len(raw.t_us) - 1)


def _begin(t_us: Ints, count: Ints, stand: Stand, seen_us: int, period_us: float) -> End:
    """The beginning of the movement after that stand."""
    unclear_s = UNCLEAR_S
    if stand.is_turn(count):
        return End(seen_us, TURN_READINGS * period_us * 1e-6)
    for first, place, sway_counts in stand.rests(count):
        moved = np.abs(count[first:] - place)
        level = max(LEVEL_COUNTS, SWAY_LEVEL * sway_counts)
        t1, t2, t3 = (_passing_us(t_us[first:], moved, level * times) for times in (1, 4, 16))
        unclear_s = max(unclear_s, UNCLEAR_SHARE * abs((t1 or seen_us) - seen_us) * 1e-6)
        if t1 is None or t2 is None or t3 is None or t2 - t1 > stand.creep_max_us(level):
            continue
        if abs(t1 - seen_us) > (t2 - t1) / 2 + NEAR_READINGS * period_us:
            continue
        is_quick = t2 - t1 < QUICK_READINGS * period_us
        growth = EVEN_GROWTH if is_quick else (t3 - t2) / (t2 - t1)
        if growth < GROWTH_MIN:
            continue
        growth = min(max(growth, GROWTH[0]), GROWTH[1])
        reading_share = QUICK_SHARE if is_quick else READING_SHARE
        sd_us = stand.model_share(level) * (t2 - t1) + reading_share * period_us
        return End(t1 - (t2 - t1) / (growth - 1), sd_us * 1e-6)
    return End(seen_us, max(unclear_s, UNCLEAR_SHARE * _until_clear_s(t_us, count, stand.seen)))


def _range(count: Ints) -> int:
    return int(count.max() - count.min())


def _until_clear_s(t_us: Ints, count: Ints, seen: int) -> float:
    """How long the belt took to move on by the first level: over a coarse encoder it may have moved before unseen."""
    passed_us = _passing_us(t_us[seen:], np.abs(count[seen:] - count[seen]), LEVEL_COUNTS)
    return 0.0 if passed_us is None else (passed_us - t_us[seen]) * 1e-6


def _passing_us(t_us: Ints, moved: Floats, level: int) -> float | None:
    """When the movement first exceeded the level, between two readings."""
    i = int((moved >= level).argmax())  # 0, too, where nothing was beyond it
    if i == 0:
        return None
    (before, after), (before_us, after_us) = moved[i - 1 : i + 1].tolist(), t_us[i - 1 : i + 1].tolist()
    return float(before_us + (level - before) / (after - before) * (after_us - before_us))
