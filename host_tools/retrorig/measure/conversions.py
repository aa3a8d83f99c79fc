"""The load cell's conversions in a set: which are valid, when they were ready, and what is wrong with the others.

A code may be in range and yet no measurement. What the converter's own filter makes impossible is no pull: the same
code for long (noise moves every sound one), or a jump that no real pull can make from one conversion to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from retrorig.measure import timebase
from retrorig.measure.readings import Raw, readings_of
from retrorig.measure.runs import runs_of
from rigcore.force import CODE_MAX, CODE_MIN, FAULT_BASE, FAULT_SATURATED, NO_CONVERSION

STUCK_N = 32
"""So many equal codes in a row (0.4 s) are no conversion: 90 nV of noise changes 99 codes of 100."""

JUMP_CODES = 3_000_000
"""The filter spreads a step over four conversions, at most half in one: 1500 N at 2147 codes/N make 1.6 million."""

JUMPS_SHARE = 0.01
SPIKE_CODES = 2000
SPIKE_SHARE = 0.12
"""A single code off the line between its second neighbours, while its neighbours are off by less than
this share of it, is no pull: of the shortest jerk the filter gives the neighbours a quarter each."""

ROUGH_N, ROUGH_TIMES = 8, 8.0
"""And it stands out so many times over what so many codes on each side are off: vibration of a sound cell does not."""

OVERLOAD_N = 3
"""So many end stops in a row are a pull beyond the range; the filter makes a real one last four. Fewer are a spike."""

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Conversions:
    """All reads of the converter, in order. period_us: measured time from one conversion to the next, 0 if unknown.

    beats: conversions from each read to the next, 1 where none is missing. sound: is a measurement. overloaded: at an
    end stop for long. stuck: code repeats for long. is_loose: the codes jump about as those of an open input do, and
    none of them is sound. runs: the reads, parted at long gaps.
    """

    read_us: Ints
    ready_us: NDArray[np.float64]
    code: Ints
    beats: Ints
    sound: Bools
    overloaded: Bools
    stuck: Bools
    is_loose: bool
    period_us: float
    runs: list[timebase.Run] = field(default_factory=list)

    @property
    def rate_hz(self) -> float | None:
        """Measured conversions a second; None with fewer than two."""
        return 1e6 / self.period_us if self.period_us else None


def conversions_of(raw: Raw) -> Conversions:
    """What the converter delivered; times without a conversion are left out."""
    readings = readings_of(raw)
    taken = readings.code != NO_CONVERSION
    code, read_us = readings.code[taken], readings.t_us[taken]
    in_range = (code < FAULT_BASE) & (code > CODE_MIN) & (code < CODE_MAX)
    overloaded = _in_runs(_is_end_stop(code), OVERLOAD_N)
    is_same = np.zeros(len(code), dtype=bool)
    is_same[1:] = code[1:] == code[:-1]
    stuck = in_range & _in_runs(is_same, STUCK_N - 1)
    is_loose = _is_loose(code, in_range)
    sound = in_range & ~stuck & ~_is_spike(code, in_range) & (not is_loose)
    period_us = readings.period_us if len(read_us) == len(readings.t_us) else timebase.period_us(read_us)
    beats = timebase.beats_of(read_us, period_us)
    runs = timebase.even_runs(read_us, beats)
    return Conversions(
        read_us,
        timebase.ready_times_us(runs),
        code,
        beats,
        sound,
        overloaded,
        stuck,
        is_loose,
        period_us,
        runs,
    )


def _is_end_stop(code: Ints) -> Bools:
    return (code == FAULT_SATURATED) | (code == CODE_MAX) | (code == CODE_MIN)


def _is_spike(code: Ints, in_range: Bools) -> Bools:
    found = np.zeros(len(code), dtype=bool)
    if len(code) < 5:
        return found
    codes = code.astype(float)
    off = np.abs(codes[2:-2] - (codes[:-4] + codes[4:]) / 2)
    places = (off > SPIKE_CODES).nonzero()[0]
    if not len(places):
        return found
    first, before, after, last = (codes[places + i] for i in (0, 1, 3, 4))
    beside = np.maximum(np.abs(before - (3 * first + last) / 4), np.abs(after - (first + 3 * last) / 4))
    places = places[beside < SPIKE_SHARE * off[places]]
    if len(places):
        places = places[sliding_window_view(in_range, 5)[places].all(axis=1)]
        found[places + 2] = off[places] > ROUGH_TIMES * _usual(off, places)
    return found


def _usual(off: NDArray[np.float64], places: Ints) -> NDArray[np.float64]:
    """Median deviation of the codes around each place: a frame that rings is rough all around."""
    padded = np.pad(off, ROUGH_N, mode="reflect") if len(off) > ROUGH_N else np.pad(off, ROUGH_N, mode="edge")
    return np.median(sliding_window_view(padded, 2 * ROUGH_N + 1)[places], axis=1)


def _is_loose(code: Ints, in_range: Bools) -> bool:
    jumped = np.abs(code[1:] - code[:-1]) > JUMP_CODES
    jumps = int(np.count_nonzero(jumped & in_range[1:] & in_range[:-1]))
    return jumps > max(2, JUMPS_SHARE * len(code))


def _in_runs(flags: Bools, at_least_n: int) -> Bools:
    """The flags that stand in runs of at least so many."""
    found = np.zeros(len(flags), dtype=bool)
    for first, after in runs_of(flags) if np.count_nonzero(flags) >= at_least_n else ():
        found[first:after] = after - first >= at_least_n
    return found
