"""The error budget: one standard deviation of each source of error. firmware/MEASUREMENT.md derives them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

ROLLER_REL = 0.0015
"""Belt length a count: a tape along 10 m of belt is read to 10 mm at each end, and the belt creeps a little.

For a set whose header does not say how well its roller was calibrated, as is the case with the next two.
"""

SPAN_REL = 0.004
"""Newtons a code: weights of 0.5 % (a bathroom scale or plates), three or more of them fitted."""

CAPACITY_CODES = 4.2e6
LINEARITY_CODES = 800.0
"""Bend of a 2 mV/V cell in the middle between zero and its capacity: 0.02 % of it."""

CREEP_REL = 0.0005
"""What the belt's length a count changes with warmth and load since its own calibration."""

WARMTH_REL = 0.0005
"""What the cell's span changes since its own calibration: 0.02 % for 10 K, twice that for age."""

ZERO_N = 0.4
"""Zero since the tare: 10 K at 0.02 % of capacity, and what the tare's own average leaves."""

ZERO_UNSEEN_N = 0.5
"""The same when the line was never slack beside the set: what it drifted within the set was not seen, either."""

ZERO_REST_N = 0.15
"""And when it was: what the zero moved between that rest and the set."""

CLOCK_REL = 20e-6
"""The board's crystal."""

ALIGN_S = 0.0005
"""Force against speed: reading jitter is regressed away, the filter's delay is known to +-0.05 of a conversion."""

COVER = 1.96
"""Standard deviations in a 95 % interval, measured on all walkers (`make bench`)."""

CLAIM_REL = {"backward_m": 0.005, "mean_speed_mps": 0.01, "mean_force_n": 0.02, "mean_power_w": 0.03}
"""What we claim for a set of ordinary length; a set that does not reach it is not graded A."""

CLAIM_FORCE_N = 3.0
"""Or this, when the pull is small."""


def roller_sd_rel(header: Mapping[str, Any]) -> float:
    """Standard deviation of the length of a count, relative: by the set's own calibration if it says it."""
    pm_ppm = header.get("circumference_pm_ppm")
    return ROLLER_REL if pm_ppm is None else math.hypot(pm_ppm * 1e-6 / COVER, CREEP_REL)


def span_sd_rel(header: Mapping[str, Any]) -> float:
    """Standard deviation of the newtons a code, relative: by the set's own calibration if it says it."""
    pm_ppm = header.get("span_pm_ppm")
    return SPAN_REL if pm_ppm is None else math.hypot(pm_ppm * 1e-6 / COVER, WARMTH_REL)


def bend_sd_n(header: Mapping[str, Any], pull_n: float) -> float:
    """Standard deviation by the cell's non-linearity at a pull: a bow from zero to capacity.

    Weights that hung straighter than a cell has to be say nothing of pulls beyond them, so they never lessen it.
    """
    scale_n = abs(header["scale_nn"]) * 1e-9
    share = min(abs(pull_n) / (CAPACITY_CODES * scale_n), 0.5)
    usual_n = 4 * share * (1 - share) * LINEARITY_CODES * scale_n
    return max(usual_n, (header.get("linearity_mn") or 0) * 1e-3 / math.sqrt(3.0))


def zero_sd_n(seen_n: float | None) -> float:
    """Standard deviation of the zero, newtons; `seen_n`: how far from it a slack line read beside the set, if one did.

    What was seen is what the set is off by: the interval reaches it, and up to 0.4 N beyond.
    """
    if seen_n is None:
        return ZERO_UNSEEN_N
    return math.hypot(ZERO_REST_N, seen_n / COVER + min(seen_n / 3, ZERO_N / 2))
