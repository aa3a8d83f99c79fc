"""The rhythm of a ripple: how long a period takes, at each point of it.

In windows of a few periods the autocorrelation of the ripple is highest one period later; two periods later it is as
high again, so the shortest of the high lags counts (as with the pitch of a voice: L. Rabiner, IEEE Trans. ASSP 25(1),
1977). Of an even gait the period is a step, of a limp it is a stride.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from retrorig.measure.order import mean, with_edges

Floats = NDArray[np.float64]

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


def period_times_s(values: Floats) -> Floats | None:
    """How long a period of these values takes, at each point of the grid, seconds; None without a rhythm."""
    n = len(values)
    usual_s = _usual_period_s(values)
    size = min(n, round(max(WINDOW_S, WINDOW_PERIODS * usual_s) / GRID_S))
    high = _clipped(without_trend(values, round(max(TREND_S, usual_s) / GRID_S)))
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
    return float(_rhythms_s(_clipped(without_trend(values, size))[None])[0])


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


def without_trend(values: Floats, size: int) -> Floats:
    """Subtract the mean over `size` points, twice, so that no trend is left in the ripple."""
    reach = size // 2
    trend = _means(_means(with_edges(values, 2 * reach), size), size)
    return values - trend[: len(values)]


def _means(values: Floats, size: int) -> Floats:
    """Of `size` neighbours each, from the first ones to the last ones."""
    total = np.zeros(len(values) + 1)
    values.cumsum(out=total[1:])
    return (total[size:] - total[:-size]) / size
