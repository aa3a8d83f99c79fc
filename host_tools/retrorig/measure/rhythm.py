"""The rhythm of a ripple: how long a period takes, at each point of it.

In windows of a few periods the autocorrelation of the ripple is highest one period later; two periods later it is as
high again, so the shortest of the high lags counts (as with the pitch of a voice: L. Rabiner, IEEE Trans. ASSP 25(1),
1977). Of an even gait the period is a step, of a limp it is a stride.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.order import dot, mean, median, windows_of, with_edges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_S = 0.02
"""Signals are looked at on an even grid of this step."""

PERIOD_S = (0.25, 7.0)
"""Of a step at 4 a second to a stride at 0.3 steps a second; people walk backward at 0.3 to 3.5 steps a second."""

WINDOW_S, WINDOW_PERIODS = 5.0, 4.0
HOP_S = 0.5
TOGETHER_N = 64
"""Windows that are looked at at once: as many as the processor's cache holds of all that is made of them."""

PERIODIC = 0.4
"""Autocorrelation a period later from which a ripple counts as steps. Noise of this bandwidth stays under it."""

SAME_HEIGHT = 0.8
"""Lags whose autocorrelation comes this close to the highest are taken for the same rhythm."""

CLIP = 0.8
"""Ripple beyond this many times its mean size is cut: the rise at the start would hide the rhythm that follows it."""

TREND_S = 1.4
LEAST_POWER = 1e-12
"""Less is nothing that could be like itself."""


def period_times_s(values: Floats) -> Floats | None:
    """How long a period of these values takes, at each point of the grid, seconds; None without a rhythm."""
    n, hop_n = len(values), round(HOP_S / GRID_S)
    size, trend_n = round(WINDOW_S / GRID_S), round(TREND_S / GRID_S)
    whole, high = map(_clipped, without_trends(values, min(n, round(PERIOD_S[1] / GRID_S)), trend_n))
    found = _rhythms_s(high, min(n, size), hop_n)
    if not _is_quick(whole, found):
        usual_n = float(_rhythms_s(whole, n, n)[0]) / GRID_S
        slow_size, slow_trend_n = round(max(size, WINDOW_PERIODS * usual_n)), round(max(trend_n, usual_n))
        if (slow_size, slow_trend_n) != (size, trend_n):
            size = min(n, slow_size)
            found = _rhythms_s(_clipped(without_trend(values, slow_trend_n)), size, hop_n)
    known = found.nonzero()[0]
    if len(known) < max(1, len(found) // 2):
        return None
    return np.interp(np.arange(n), hop_n * known + min(n, size) / 2, _without_outliers(found[known]))


def _is_quick(whole: Floats, found_s: Floats) -> bool:
    """Whether the whole ripple surely has so short a period that the usual windows hold WINDOW_PERIODS of it.

    Near one of the periods that were found it is so much like itself, and less so half of it earlier and a quarter
    later, that no longer one can count.
    """
    lag = round(median(found_s) / GRID_S)
    if not PERIOD_S[0] < lag * GRID_S <= WINDOW_S / WINDOW_PERIODS / 1.25:
        return False
    earlier, there, later = (_alike(whole, at) for at in (lag // 2, lag, lag + lag // 4))
    return there >= SAME_HEIGHT and there > max(earlier, later)


def _alike(whole: Floats, lag: int) -> float:
    """Correlation of these values with themselves so many points later, -1 to 1."""
    early, late = whole[:-lag], whole[lag:]
    return dot(early, late) / max(math.sqrt(dot(early, early) * dot(late, late)), LEAST_POWER)


def _clipped(high: Floats) -> Floats:
    limit = CLIP * mean(np.abs(high))
    return np.minimum(np.maximum(high, -limit), limit)


def _rhythms_s(high: Floats, size: int, hop_n: int) -> Floats:
    """In each window of so many points the time from one ripple to the next, 0 where there is no rhythm."""
    windows = windows_of(high, size, hop_n)
    low, after = round(PERIOD_S[0] / GRID_S), min(round(PERIOD_S[1] / GRID_S), size // 2)
    if after <= low:
        return np.zeros(len(windows))
    so_far = np.zeros(len(high) + 1)
    (high * high).cumsum(out=so_far[1:])
    energies = windows_of(so_far, size + 1, hop_n)
    parts = [slice(first, first + TOGETHER_N) for first in range(0, len(windows), TOGETHER_N)]
    lags = [_lags(_likeness(windows[part], energies[part], low - 1, after + 2)) for part in parts]
    found = np.concatenate(lags)
    return np.where(found < 0, 0.0, (low + found) * GRID_S)


def _lags(likeness: Floats) -> Ints:
    """In each row the place of the first high maximum, without both ends; -1 where there is none."""
    inner = likeness[:, 1:-1]
    peaks = np.where((inner >= likeness[:, :-2]) & (inner > likeness[:, 2:]), inner, -1.0)
    highest = peaks.max(axis=1)
    first = (peaks >= SAME_HEIGHT * highest[:, None]).argmax(axis=1)
    return np.where(highest >= PERIODIC, first, -1)


def _likeness(windows: Floats, energies: Floats, first: int, after: int) -> Floats:
    """Correlation of each window with itself `first` to `after` - 1 points later, -1 to 1.

    energies: the sum of squares before each of its points and after the last, up to a constant.
    """
    n = windows.shape[1]
    size = _fft_n(n + after - 1)
    spectra = np.fft.rfft(windows, size).view(np.float64)
    spectra *= spectra
    products = np.fft.irfft(spectra[:, ::2] + spectra[:, 1::2], size)[:, first:after]
    early = energies[:, n - first : n - after : -1] - energies[:, :1]
    power = np.sqrt(early * (energies[:, n:] - energies[:, first:after]))
    return products / np.maximum(power, LEAST_POWER)


def _fft_n(least: int) -> int:
    """The next size of the form 2^k or 3 * 2^k, whose Fourier transforms are quick."""
    power = 1 << (least - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= least else power


def _without_outliers(step_s: Floats) -> Floats:
    """Median over five windows: corrects a single window that took the stride for the step."""
    padded = with_edges(step_s, 2)
    found: Floats = np.sort(windows_of(padded, 5, 1), axis=1)[:, 2]
    return found


def without_trend(values: Floats, size: int) -> Floats:
    """Subtract the mean over `size` points, twice, so that no trend is left in the ripple."""
    return without_trends(values, size)[0]


def without_trends(values: Floats, *sizes: int) -> list[Floats]:
    """The same for several sizes, which share the sums: second differences of sums of sums are means of means."""
    n, reach = len(values), 2 * (max(sizes) // 2)
    total = np.zeros(n + 2 * reach + 2)
    with_edges(values, reach).cumsum(out=total[2:])
    total.cumsum(out=total)
    found = []
    for size in sizes:
        before = reach - 2 * (size // 2)
        middle, after = before + size, before + 2 * size
        bend = total[before : before + n] + total[after : after + n] - 2 * total[middle : middle + n]
        found.append(values - bend / (size * size))
    return found
