"""Calibration of the belt: what a count is worth in length, from repeated pushes by a known distance.

Each push ends when a mark is back at the pointer, so its error is that of two placings of the mark; what the repeats
scatter beyond that is the belt's slip and creep.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.errors import InputError
from retrorig.measure.t_distribution import student

REPEATS_MIN_N = 3
OUTLIER_REL = 0.01
"""A repeat further from the median than this was not the same distance."""

COUNTS_MIN = 1000
"""A push of fewer counts would be known to a part in a thousand at best."""

PM_MAX_REL = 0.01


@dataclass(frozen=True)
class LengthFit:
    """counts: mean of the repeats. pm_rel: half the 95 % interval of counts a length, relative."""

    counts: float
    pm_rel: float


def fit_counts(counts: Sequence[int], length_pm_rel: float) -> LengthFit:
    """The counts of one known length from repeats; InputError with one sentence when they don't agree.

    length_pm_rel: half the 95 % interval of the length itself, which all repeats share.
    """
    if len(counts) < REPEATS_MIN_N:
        raise InputError(
            f"{len(counts)} repeats are too few to see how well they agree: take {REPEATS_MIN_N}."
        )
    found = np.asarray(counts, dtype=float)
    middle = float(np.median(found))
    if abs(middle) < COUNTS_MIN:
        raise InputError(
            f"The belt moved by only {middle:.0f} counts: push it further, and see that the encoder turns with it."
        )
    worst = int(np.argmax(np.abs(found - middle)))
    off_rel = found[worst] / middle - 1
    if abs(off_rel) > OUTLIER_REL:
        raise InputError(
            f"Repeat {worst + 1} differs from the others by {100 * off_rel:+.1f} %: was the mark missed, or does the "
            "roller slip? Take all of them again."
        )
    scatter = student(len(found) - 1) * float(found.std(ddof=1)) / math.sqrt(len(found))
    pm_rel = math.hypot(scatter / abs(found.mean()), length_pm_rel)
    if pm_rel > PM_MAX_REL:
        raise InputError(
            f"This would be known to {100 * pm_rel:.1f} % only: take a longer distance and place the mark better."
        )
    return LengthFit(float(found.mean()), pm_rel)
