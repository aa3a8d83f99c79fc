"""Ours: the estimator of the firmware, fed as on the board."""

from __future__ import annotations

import numpy as np
from tests.bench.motions import Floats
from tests.bench.sensing import Samples

from rigcore.speed import SpeedEstimator
from rigcore.ticks import TICKS_PERIOD

FIRST_TICKS = TICKS_PERIOD - 2_000_000  # the tick counter wraps while we look


def board(samples: Samples) -> Floats:
    estimator = SpeedEstimator()
    speed = np.zeros(len(samples.count))
    for i, (ticks_us, count) in enumerate(zip(samples.ticks_us.tolist(), samples.count.tolist())):
        estimator.feed((ticks_us + FIRST_TICKS) % TICKS_PERIOD, count)
        counts, span_us = estimator.counts_and_us()
        speed[i] = counts * 1e6 / span_us
    return speed
