"""M/T: counts between the last change of the counter and a change at least 50 ms before, over the time between.

The edges' own times are not known, so a change has the time of the sample that first shows it.
"""

from __future__ import annotations

import numpy as np
from tests.bench.motions import Floats
from tests.bench.sensing import Samples

GATE_S = 0.05


def m_over_t(samples: Samples) -> Floats:
    time_s, count = samples.time_s, samples.count
    changes = np.concatenate(([0], np.flatnonzero(np.diff(count)) + 1))
    speed = np.zeros(len(count))
    for i in range(1, len(count)):
        last = changes[np.searchsorted(changes, i, side="right") - 1]
        first = changes[max(np.searchsorted(time_s[changes], time_s[last] - GATE_S, side="right") - 1, 0)]
        span_s = max(time_s[last] - time_s[first], time_s[i] - time_s[last])
        speed[i] = (count[last] - count[first]) / span_s if last > first else 0.0
    return speed
