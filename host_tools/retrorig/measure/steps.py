"""Finds steps: the pushes that ripple through the pull, or where there is no force, through the belt's speed.

1. Period over time. In windows of a few periods the autocorrelation of the ripple is highest one period later; two
   periods later it is as high again, so the shortest of the high lags counts (as with the pitch of a voice: L. Rabiner,
   IEEE Trans. ASSP 25(1), 1977). Of an even gait the period is a step, of a limp it is a stride.
2. Time is stretched so that each period takes as long as the next, and the ripple is smoothed over a small part of it.
   Two maxima a period with a deep minimum between them are the two steps of a stride; shallow ones are the humps of
   one push, and smoothing over more of the period makes them one.
3. Each maximum that stands out from its neighbours is a step.
4. The first and the last push hide in the rise and fall of the pull: where the rhythm leaves room for a whole step
   between the first one found and the start of movement, or the last one and its end, it is counted.

Who stands between steps needs no rhythm: each time that the belt runs is a step (find_lurches).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from retrorig.measure.order import mean, median, quantile, with_edges

Floats = NDArray[np.float64]

PERIOD_S = (0.25, 7.0)
"""Of a step at 4 a second to a stride at 0.3 steps a second; people walk backward at 0.3 to 3.5 steps a second."""

RATE_MIN_HZ = 30.0
"""Eight samples in the quickest step, less is too few for its maximum and for the filter's own delay."""

GRID_S = 0.02
WINDOW_S, WINDOW_PERIODS = 5.0, 4.0
HOP_S = 0.5
TOGETHER_N = 64
"""Windows that are looked at at once: as many as the processor's cache holds of all that is made of them."""

SHORTEST_S = 1.5
PERIODIC = 0.4
"""Autocorrelation a period later from which a ripple counts as steps. Noise of this bandwidth stays under it."""

SAME_HEIGHT = 0.8
"""Lags whose autocorrelation comes this close to the highest are taken for the same rhythm."""

CLIP = 0.8
"""Ripple beyond this many times its mean size is cut: the rise at the start would hide the rhythm that follows it."""

TREND_S = 1.4
PER_PERIOD_N = 48
SMOOTH_PERIODS, LIGHT_PERIODS = 0.16, 0.045
STANDS_OUT = 0.3
"""A maximum rises over the minima beside it by this much of the usual ripple."""

DEEP_PULL, DEEP_SPEED = 0.45, 0.15
"""Two maxima in a period are two steps if the minimum between them goes down by so much of the lower one's height. A
push of one leg has two humps with a shallower one in the pull; a belt's speed has none, its mass sees to that."""

SWING_SHARE = 0.6
"""The usual ripple, among the swings of humps."""

TWICE = 2
"""Two maxima in a period must swing by so many times the smallest swing that is no noise."""

TWO_STEPS = 1.5
"""Deep maxima a period from which on it is a stride."""

ROOM_STEPS = 1.25
"""From a step back to the start of movement, when one more push fits between; its own rise takes a quarter step."""

HIDDEN_MAX_N = 2
APART_STEPS = 0.4
"""Nearer to the next one than this, it is that one."""

REGULAR = (0.5, 1.6)
"""A step may take this much of what the rhythm says; longer is a pause."""

REGULAR_SHARE = 0.7
"""So many of the steps must be regular, or it was no walk."""

STOOD_SHARE, LURCH_MIN_MPS = 0.25, 0.02
"""Between two lurches the belt is slower than this share of the fast ones' peak. No lurch is slower than the second."""

RESTED_SHARE, SLOW_SHARE = 0.08, 0.2
"""A lurch from one real rest to the next counts from the second share of that peak on, any other from twice
STOOD_SHARE: the first push of a sled hardly moves it."""


@dataclass(frozen=True)
class Ripple:
    """A signal while the belt moved, on an even grid of GRID_S; `floor` is the smallest swing that is no noise.

    deep: share of a maximum's height that parts two steps. beside_s: so much of it at each end is beside the set.
    """

    time_s: Floats
    value: Floats
    floor: float
    deep: float = DEEP_PULL
    beside_s: float = 0.0


def ripple_grid(start_s: float, end_s: float) -> Floats:
    """The times at which a ripple is taken."""
    return np.arange(start_s, end_s, GRID_S)


def find_steps(ripple: Ripple) -> Floats:
    """Times of the steps, seconds; empty where there is no rhythm."""
    found = _find(ripple)
    if found is None:
        return np.empty(0)
    steps, phase, per_period = found
    ends_s = ripple.time_s[0] + ripple.beside_s, ripple.time_s[-1] - ripple.beside_s
    inside = np.interp(ends_s, ripple.time_s, phase)
    return np.interp(_with_hidden(steps, inside, per_period), phase, ripple.time_s)


def seen_steps(ripple: Ripple) -> Floats:
    """The same without steps that were only added because the rhythm leaves room for them."""
    found = _find(ripple)
    return np.empty(0) if found is None else np.interp(found[0], found[1], ripple.time_s)


def _find(ripple: Ripple) -> tuple[Floats, Floats, int] | None:
    """Steps in periods since the start, the period's number at each point of the grid, and how many steps it has."""
    if len(ripple.time_s) * GRID_S < SHORTEST_S:
        return None
    period_s = _period_times(ripple)
    if period_s is None:
        return None
    phase = np.concatenate(([0.0], np.cumsum(GRID_S / period_s[:-1])))
    even = np.arange(0, phase[-1], 1 / PER_PERIOD_N)
    value = np.interp(even, phase, ripple.value)
    light = even[_parted(_wave(value, LIGHT_PERIODS), TWICE * ripple.floor, ripple.deep)]
    per_period = 2 if len(light) > TWO_STEPS * phase[-1] else 1
    steps = (
        light
        if per_period == 2
        else even[_outstanding(_wave(value, SMOOTH_PERIODS), ripple.floor, STANDS_OUT)]
    )
    if len(steps) < 3 or mean(is_regular(np.diff(steps) * per_period)) < REGULAR_SHARE:
        return None
    return steps, phase, per_period


def pushes_n(values: Floats, floor: float) -> int:
    """How many maxima stand out from both neighbours by `floor` at least."""
    return len(_outstanding(values, floor, 0.0)) if len(values) > 2 else 0


def find_lurches(ripple: Ripple) -> Floats:
    """Times at which a belt that stands between steps was fastest; empty where it runs on from step to step."""
    places = _alternating(ripple.value)
    peak = quantile(ripple.value, 0.95) if len(ripple.value) else 0.0
    if peak < LURCH_MIN_MPS:
        return np.empty(0)
    lows = places[ripple.value[places] < STOOD_SHARE * peak]
    firsts = np.unique(np.concatenate(([0], lows)))
    ends = np.append(firsts[1:], len(ripple.value))
    rested = (
        np.maximum(ripple.value[firsts], ripple.value[np.minimum(ends, len(ripple.value) - 1)])
        < RESTED_SHARE * peak
    )
    wanted = np.where(rested, max(SLOW_SHARE * peak, LURCH_MIN_MPS), 2 * STOOD_SHARE * peak)
    fast = np.maximum.reduceat(ripple.value, firsts) > wanted
    tops = [
        first + int(np.argmax(ripple.value[first:after]))
        for first, after in zip(firsts[fast], ends[fast], strict=True)
    ]
    return ripple.time_s[tops]


def usual_step_s(step_s: Floats) -> float:
    """The usual time from step to step: half a usual stride, as in a limp every other step is shorter; three steps."""
    return median(step_s[2:] - step_s[:-2]) / 2


def is_regular(relative: Floats) -> NDArray[np.bool_]:
    """Which times between steps, relative to the usual one, are those of one step after the other."""
    return (relative >= REGULAR[0]) & (relative <= REGULAR[1])


def _with_hidden(steps: Floats, inside: Floats, per_period: int) -> Floats:
    """Adds the steps at both ends; `steps`, and the begin and end of movement in `inside`, are counted in periods."""
    before = _hidden(steps, steps[0] - inside[0], per_period)
    after = _hidden(-steps[::-1], inside[1] - steps[-1], per_period)[::-1]
    return np.concatenate((before, steps, -after))


def _hidden(steps: Floats, room: float, per_period: int) -> Floats:
    """Steps before the first one that was seen, each a period before one that was; `room` is from there to the end."""
    known = steps.tolist()
    first = known[0]
    for _ in range(HIDDEN_MAX_N):
        earlier = known[per_period - 1] - 1
        if (
            known[0] - earlier < APART_STEPS / per_period
            or first - earlier > room - (ROOM_STEPS - 1) / per_period
        ):
            break
        known.insert(0, earlier)
    return np.array(known[: known.index(first)])


def _period_times(ripple: Ripple) -> Floats | None:
    """How long a period takes, at each point of the grid."""
    n = len(ripple.value)
    usual_s = _usual_period_s(ripple.value)
    size = min(n, round(max(WINDOW_S, WINDOW_PERIODS * usual_s) / GRID_S))
    high = _clipped(_without_trend(ripple.value, round(max(TREND_S, usual_s) / GRID_S)))
    hop_n = round(HOP_S / GRID_S)
    windows = sliding_window_view(high, size)[::hop_n]
    firsts = range(0, len(windows), TOGETHER_N)
    found = np.concatenate([_rhythms_s(windows[first : first + TOGETHER_N]) for first in firsts])
    known = found.nonzero()[0]
    if len(known) < max(1, len(found) // 2):
        return None
    return np.interp(np.arange(n), hop_n * known + size / 2, _without_outliers(found[known]))


def _usual_period_s(values: Floats) -> float:
    """The period of the whole ripple, roughly; 0 when there is none."""
    size = min(len(values), round(PERIOD_S[1] / GRID_S))
    return float(_rhythms_s(_clipped(_without_trend(values, size))[None])[0])


def _clipped(high: Floats) -> Floats:
    limit = CLIP * mean(np.abs(high))
    return high.clip(-limit, limit)


def _rhythms_s(windows: Floats) -> Floats:
    """In each window (a row) the time from one ripple to the next, 0 where there is no rhythm."""
    n = windows.shape[1]
    low, high = round(PERIOD_S[0] / GRID_S), min(round(PERIOD_S[1] / GRID_S), n // 2)
    if high <= low:
        return np.zeros(len(windows))
    likeness = _likeness(windows, low - 1, high + 2)
    inner = likeness[:, 1:-1]
    peaks = np.where((inner >= likeness[:, :-2]) & (inner > likeness[:, 2:]), inner, -1.0)
    highest = peaks.max(axis=1)
    lag = low + np.argmax(peaks >= SAME_HEIGHT * highest[:, None], axis=1)
    return np.where(highest >= PERIODIC, lag * GRID_S, 0.0)


def _likeness(windows: Floats, first: int, after: int) -> Floats:
    """Correlation of each window with itself `first` to `after` - 1 points later, -1 to 1."""
    n = windows.shape[1]
    size = _fft_n(n + after - 1)
    spectra = np.fft.rfft(windows, size)
    products = np.fft.irfft(spectra.real**2 + spectra.imag**2, size)[:, first:after]
    energy = np.zeros((len(windows), n + 1))
    np.cumsum(windows * windows, axis=1, out=energy[:, 1:])
    early, late = energy[:, n - first : n - after : -1], energy[:, n:] - energy[:, first:after]
    power = np.sqrt(early * late)
    return np.divide(products, power, out=np.zeros(power.shape), where=power > 0)


def _fft_n(least: int) -> int:
    """The next size of the form 2^k or 3 * 2^k, whose Fourier transforms are quick."""
    power = 1 << (least - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= least else power


def _without_outliers(step_s: Floats) -> Floats:
    """Median over five windows: corrects a single window that took the stride for the step."""
    padded = with_edges(step_s, 2)
    found: Floats = np.sort([padded[first : first + len(step_s)] for first in range(5)], axis=0)[2]
    return found


def _without_trend(values: Floats, size: int) -> Floats:
    """Subtract the mean over `size` points, twice, so that no trend is left in the ripple."""
    reach = size // 2
    trend = _means(_means(with_edges(values, 2 * reach), size), size)
    return values - trend[: len(values)]


def _means(values: Floats, size: int) -> Floats:
    """Of `size` neighbours each, from the first ones to the last ones."""
    total = np.zeros(len(values) + 1)
    values.cumsum(out=total[1:])
    return (total[size:] - total[:-size]) / size


def _wave(even: Floats, smooth_periods: float) -> Floats:
    """The ripple smoothed over a part of a period, the mean over a period taken away."""
    bell = _bell(smooth_periods)
    smooth: Floats = np.convolve(with_edges(even, len(bell) // 2), bell, mode="valid")
    return _without_trend(smooth, PER_PERIOD_N)


@cache
def _bell(smooth_periods: float) -> Floats:
    reach = round(3 * smooth_periods * PER_PERIOD_N)
    x = np.arange(-reach, reach + 1) / (smooth_periods * PER_PERIOD_N)
    bell = np.exp(-x * x / 2)
    return bell / bell.sum()


def _parted(wave: Floats, floor: float, deep: float) -> NDArray[np.int64]:
    """Places of the maxima between which the wave goes down by so much of their height over its lowest twentieth."""
    tops = _outstanding(wave, floor, 0.0)
    base = quantile(wave, 0.05)
    while len(tops) > 1:
        lows = np.minimum.reduceat(wave, tops)[:-1]
        lower = np.minimum(wave[tops[1:]], wave[tops[:-1]])
        depth = np.divide(lower - lows, lower - base, out=np.zeros(len(lows)), where=lower > base)
        weakest = int(depth.argmin())
        if depth[weakest] >= deep:
            break
        lower_one = weakest + int(wave[tops[weakest]] > wave[tops[weakest + 1]])
        tops = np.concatenate((tops[:lower_one], tops[lower_one + 1 :]))
    return tops


def _outstanding(wave: Floats, floor: float, stands_out: float) -> NDArray[np.int64]:
    """Places of the maxima that rise enough over the minima beside them."""
    places = _alternating(wave)
    if len(places) < 3:
        return np.empty(0, dtype=np.int64)
    swings = _swings(wave, places)
    wanted = max(stands_out * quantile(swings, SWING_SHARE), floor) if stands_out else floor
    while len(swings) and swings.min() < wanted:
        first, after = _pair(int(swings.argmin()), len(places))
        places = np.concatenate((places[:first], places[after:]))
        swings = _swings(wave, places)
    heights = wave[places]
    is_top = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
    return places[1:-1][is_top]


def _swings(wave: Floats, places: NDArray[np.int64]) -> Floats:
    heights = wave[places]
    found: Floats = np.abs(heights[1:] - heights[:-1])
    return found


def _pair(weakest: int, n: int) -> tuple[int, int]:
    """First and after-last of the turning points that go with the weakest swing: both of its ends, at the border only
    the outer one."""
    if weakest == 0:
        return 0, 1
    return (n - 1 if weakest == n - 2 else weakest), weakest + 2


def _alternating(wave: Floats) -> NDArray[np.int64]:
    """Places of maxima and minima in turn, with both ends."""
    rise = wave[1:] - wave[:-1]
    turns = (rise[1:] * rise[:-1] < 0).nonzero()[0]
    found = np.zeros(len(turns) + 2, dtype=np.int64)
    found[1:-1] = turns + 1
    found[-1] = len(wave) - 1
    return found
