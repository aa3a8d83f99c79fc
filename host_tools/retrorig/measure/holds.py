"""Finds pulls that nothing gave way to: the belt stands, the pull rises as for a push, and is held.

Somebody who drags a heavy sled may push in vain with one foot, and go on holding until the other foot moves the sled.
Somebody who leans into the line and then makes a single step pulls in just the same way. So no such pull is counted as
a step, and the set says how many there were.
"""

from __future__ import annotations

import numpy as np

from retrorig.measure.kernels import Floats
from retrorig.measure.order import quantile
from retrorig.measure.runs import runs_of
from retrorig.measure.samples import Samples

STANDS_REL = 0.08
"""The belt stands below this share of the set's mean speed."""

STRONG_SHARE, RISE_SHARE = 0.95, 0.25
"""The pull rises by the second, of the pull that it exceeds for all but the first of the time."""

HELD_S = 0.8
"""A push that is about to move the belt rises for less."""

LEAST_N = 20.0
"""A line on which somebody leans a little while standing rises by less."""


def holds_n(samples: Samples) -> int:
    """How many times inside the set; 0 where the pull is not known."""
    if not samples.has_force:
        return 0
    standing = samples.speed_mps < STANDS_REL * samples.distance_m[-1] / samples.motion.duration_s
    time_s = samples.time_s
    long = [run for run in runs_of(standing) if time_s[run[1] - 1] - time_s[run[0]] >= HELD_S]
    if not long:
        return 0
    rise_n = max(LEAST_N, RISE_SHARE * quantile(samples.bridged_n, STRONG_SHARE))
    return sum(_is_held(time_s[slice(*run)], samples.bridged_n[slice(*run)], rise_n) for run in long)


def _is_held(time_s: Floats, pull_n: Floats, rise_n: float) -> bool:
    """Whether the pull rose by so much while the belt stood, so long before the belt moved again."""
    least = int(np.argmin(pull_n))
    risen = (pull_n[least:] > pull_n[least] + rise_n).nonzero()[0]
    return len(risen) > 0 and bool(time_s[-1] - time_s[least + risen[0]] >= HELD_S)
