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


def led_difference(samples: Samples) -> Floats:
    """The same led to the moment of the newest sample by the change from the last difference: no delay, more noise."""
    speed = count_difference(samples)
    led = speed.copy()
    led[2:] += (speed[2:] - speed[1:-1]) / 2
    return led
