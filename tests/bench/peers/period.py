"""The period method, 1/T: an interrupt stamps a mark every 50 mm, speed is a mark over the time since the last one.

The stamps are as late as soft interrupts are on the board. While the next mark is overdue, the speed is at most one
mark in the time waited. It is the one peer that sees edges of its own, so it takes the motion besides the samples.
"""

from __future__ import annotations

import numpy as np
from tests.bench.motions import Floats, Motion
from tests.bench.sensing import COUNTS_PER_M, LATE_S, LATE_SHARE, LATENCY_S, Samples

MARK_M = 0.05
PATIENCE_S = 1.0
GRID_S = 1e-4


def period(motion: Motion, samples: Samples, seed: int) -> Floats:
    stamp_s, direction = _marks(motion, seed)
    speed = np.zeros(len(samples.count))
    for i, last in enumerate(np.searchsorted(stamp_s, samples.time_s, side="right") - 1):
        if last < 1 or direction[last] != direction[last - 1]:
            continue
        waited_s = samples.time_s[i] - stamp_s[last]
        if waited_s < PATIENCE_S:
            speed[i] = direction[last] * MARK_M / max(stamp_s[last] - stamp_s[last - 1], waited_s)
    return speed * COUNTS_PER_M


def _marks(motion: Motion, seed: int) -> tuple[Floats, Floats]:
    """When the interrupts ran, and which way the belt went."""
    rng = np.random.default_rng(seed)
    grid_s = np.arange(0, motion.end_s, GRID_S)
    place = motion.position_m(grid_s) / MARK_M
    passed = np.diff(np.floor(place))
    at = np.flatnonzero(passed)
    border = np.floor(np.maximum(place[at], place[at + 1]))
    crossed_s = grid_s[at] + GRID_S * (border - place[at]) / (place[at + 1] - place[at])
    late_s = np.where(rng.random(len(at)) < LATE_SHARE, rng.uniform(0, LATE_S, len(at)), 0.0)
    return np.maximum.accumulate(crossed_s + rng.uniform(*LATENCY_S, len(at)) + late_s), np.sign(passed[at])
