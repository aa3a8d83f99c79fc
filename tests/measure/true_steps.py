"""Which steps a walker made in a set, and how many of them were found."""

from __future__ import annotations

import numpy as np

from retrorig.measure.samples import Samples
from retrorig.virtual.walkers.sampled import START_US
from retrorig.virtual.walkers.truth import TrueMovement

REACH, REACH_S = 0.45, 0.12
"""A step is found if it is so near to the truth: of the way to its neighbour, or in time."""


def matched_n(found_s: np.ndarray, true_s: np.ndarray) -> int:
    """How many true steps have a found one of their own."""
    taken = set()
    for number, true in enumerate(true_s):
        gaps = np.abs(np.delete(true_s, number) - true)
        near = int(np.argmin(np.abs(found_s - true))) if len(found_s) else 0
        if len(found_s) and abs(found_s[near] - true) <= max(REACH_S, REACH * gaps.min()):
            taken.add(near)
    return len(taken)


MOVED_SHARE = 0.1
"""A push that moves the load by less of a usual step is none: the heaviest sleds give way to every second one."""


def true_steps_s(movement: TrueMovement, samples: Samples, least_share: float = MOVED_SHARE) -> np.ndarray:
    """Times of the steps that moved something, on the set's own clock."""
    off_s = (samples.motion.start_us - START_US) * 1e-6
    starts_s = np.array([*(step.start_s for step in movement.steps), movement.end_s]) - off_s
    moved_m = np.diff(np.interp(starts_s, samples.time_s, samples.distance_m))
    times_s = np.array([step.time_s for step in movement.steps]) - off_s
    return times_s[moved_m > least_share * np.mean(moved_m)]
