"""Counts over time across the last few samples. It tells the speed of the middle of its window."""

from __future__ import annotations

import numpy as np
from tests.bench.motions import Floats
from tests.bench.sensing import Samples


def count_difference(samples: Samples, intervals_n: int = 1) -> Floats:
    """Delay: half of `intervals_n` sample intervals."""
    speed = np.zeros(len(samples.count))
    n = intervals_n
    speed[n:] = (samples.count[n:] - samples.count[:-n]) / (samples.time_s[n:] - samples.time_s[:-n])
    return speed
