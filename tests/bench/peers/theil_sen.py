"""A parabola through the last samples by medians, after H. Theil (1950) and P. K. Sen (1968).

OpenRowingMonitor fits angle over the times of evenly spaced impulses this way; here samples are even in time
instead, so counts are fitted over time. The curvature is the median of the second divided differences of all triples,
the slope the median over all pairs of what the curvature leaves; the answer is the parabola's slope at the newest
sample.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from tests.bench.motions import Floats
from tests.bench.sensing import Samples

WINDOW_N = 12


def theil_sen(samples: Samples) -> Floats:
    time_s = sliding_window_view(samples.time_s, WINDOW_N)
    time_s = time_s - time_s[:, -1:]
    count = sliding_window_view(samples.count.astype(float), WINDOW_N)
    i, j, k = np.array(list(combinations(range(WINDOW_N), 3))).T
    bends = (_slope(time_s, count, j, k) - _slope(time_s, count, i, j)) / (time_s[:, k] - time_s[:, i])
    curvature = np.median(bends, axis=1)
    i, j = np.array(list(combinations(range(WINDOW_N), 2))).T
    speed = np.median(_slope(time_s, count - curvature[:, None] * time_s**2, i, j), axis=1)
    return np.concatenate((np.zeros(WINDOW_N - 1), speed))


def _slope(time_s: Floats, value: Floats, i: np.ndarray, j: np.ndarray) -> Floats:
    return (value[:, j] - value[:, i]) / (time_s[:, j] - time_s[:, i])
