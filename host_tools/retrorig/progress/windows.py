"""Cuts a set into short windows and balances momentum in each, so that drag is fitted without differentiating.

Over a window of length W the law F = c0 + c1 v + m a reads, divided by W,

    impulse / W = c0 + c1 (distance / W) + m (change of speed / W)

with the impulse of the measured pull, the counted distance and the speed at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.sample_table import Drawn

WINDOW_S = 0.2
"""Short against a step, so that the belt's swing within it tells the mass; long against the filters (80 ms)."""

SLIDING_MPS = 0.1
"""Below this friction sticks, and the law does not hold."""

GROUP_S = 2.0
"""What errs together: the floor under a stride, one leg stronger than the other."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Windows:
    """force_n is NaN where the pull is not known. end_s: end of each window since the set's start."""

    force_n: Floats
    speed_mps: Floats
    accel_mps2: Floats
    end_s: Floats

    def only(self, wanted: NDArray[np.bool_]) -> Windows:
        """Some of the windows."""
        return Windows(
            self.force_n[wanted], self.speed_mps[wanted], self.accel_mps2[wanted], self.end_s[wanted]
        )

    def groups(self, length_s: float) -> NDArray[np.int64]:
        """The number of the stretch of this length that each window lies in, without gaps, from 0."""
        _, number = np.unique((self.end_s / length_s - 1e-9).astype(np.int64), return_inverse=True)
        return number.astype(np.int64)


def windows_of(samples: Drawn) -> Windows:
    """All whole windows of a set at both of whose ends the belt slides backward."""
    n = int(samples.duration_s / WINDOW_S)
    cuts_s = WINDOW_S * np.arange(n + 1, dtype=np.float64)
    if n < 1:
        none = np.empty(0)
        return Windows(none, none, none, none)
    mean_n = np.full(n, np.nan)
    if samples.has_force:
        middle_n = (samples.bridged_n[1:] + samples.bridged_n[:-1]) / 2
        so_far_ns = np.concatenate(([0.0], np.cumsum(middle_n * np.diff(samples.time_s))))
        mean_n = np.diff(np.interp(cuts_s, samples.time_s, so_far_ns)) / WINDOW_S
    speed = np.diff(np.interp(cuts_s, samples.time_s, samples.distance_m)) / WINDOW_S
    end_mps = np.interp(cuts_s, samples.time_s, samples.speed_mps)
    slides = np.minimum(end_mps[1:], end_mps[:-1]) > SLIDING_MPS
    return Windows(mean_n, speed, np.diff(end_mps) / WINDOW_S, cuts_s[1:]).only(slides)
