"""The filter behind speed and all peaks: a cubic fitted locally, evaluated at its centre.

A local polynomial fit on evenly spaced samples is a fixed symmetric kernel (A. Savitzky and M. J. E. Golay,
Analytical Chemistry 36(8), 1964), so it shifts nothing in time. At 80 samples a second and +-80 ms the slope
keeps 99.8 % of a movement at 2 Hz and 98 % at 3.5 Hz, the value 99.6 % and 97 %; encoder steps of 0.1 mm leave
0.5 mm/s of noise in the speed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

HALF_WIDTH_S = 0.08
HALF_WIDTH_MIN_N = 3
"""A cubic needs more than four points to smooth at all."""

Floats = NDArray[np.float64]


def local_cubic(t_s: Floats, values: Floats, at_s: Floats, step_s: float, slope: bool = False) -> Floats:
    """Smoothed `values` (or their `slope` per second) at the times `at_s`.

    `t_s` increases but need not be even: the values are first put on a grid of `step_s`. Before the first and after
    the last value these hold. For a slope they go on as before in a mirror, turned round: what moves on at the same
    pace has that pace to its end, and what rests still rests.
    """
    half = max(HALF_WIDTH_MIN_N, round(HALF_WIDTH_S / step_s))
    reach_s = (half + 1) * step_s
    grid_s = np.arange(t_s[0] - reach_s, t_s[-1] + reach_s, step_s)
    kernel = _kernel(half, slope)
    known = np.interp(grid_s, t_s, values)
    if slope:
        mirrored_s = 2 * np.clip(grid_s, t_s[0], t_s[-1]) - grid_s
        known = 2 * known - np.interp(mirrored_s, t_s, values)
    smoothed = np.convolve(known, kernel[::-1], mode="valid")
    if slope:
        smoothed = smoothed / step_s
    inner_s = grid_s[half : len(grid_s) - half]
    return np.interp(at_s, inner_s, smoothed)


@cache
def _kernel(half: int, slope: bool) -> Floats:
    """Weights of the values at -half..half steps in the fitted cubic's value or slope at 0."""
    steps = np.arange(-half, half + 1, dtype=float)
    fit = np.linalg.pinv(np.vander(steps, 4, increasing=True))
    return fit[1 if slope else 0]
