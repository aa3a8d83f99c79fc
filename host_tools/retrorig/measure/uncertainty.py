"""The 95 % intervals of a set's quantities, from the budget (budget.py), from how well the calibration in the set's
header is known, and from what the set itself shows.

Independent parts add as squares. From the set come: how sharply its ends are known, what a millisecond
between force and speed makes of the work, what was interpolated, and where the zero was beside the set.
"""

from __future__ import annotations

import math

import numpy as np

from retrorig.measure.budget import (
    ALIGN_S,
    CLOCK_REL,
    COVER,
    ZERO_N,
    ZERO_UNSEEN_N,
    bend_sd_n,
    roller_sd_rel,
    span_sd_rel,
)
from retrorig.measure.peaks import peak_sds
from retrorig.measure.samples import Samples
from retrorig.measure.zero import Zero
from rigcore.decode import RawSet

_EVEN = math.sqrt(3.0)
"""An error that is anywhere within +-a has the standard deviation a / sqrt(3)."""


def uncertainty_of(raw: RawSet, samples: Samples, zero: Zero, faulty_share: float) -> dict[str, float]:
    """Plus-minus at 95 % of distance and speed, and of force, work and power where the pull is known.

    faulty_share: how much of the set has no sound conversion of its own, 0 to 1.
    """
    duration_s = samples.motion.duration_s
    if duration_s <= 0:
        return {}
    count_m = raw.header["circumference_um"] / raw.header["counts_per_rev"] * 1e-6
    backward_m, net_m = float(samples.backward_m[-1]), float(samples.distance_m[-1])
    ends_m = math.sqrt(2) * count_m / _EVEN
    roller_rel = roller_sd_rel(raw.header)
    distance_m = math.hypot(roller_rel * backward_m, ends_m)
    time_rel = math.hypot(CLOCK_REL, samples.motion.ends_sd_s / duration_s)
    speed_mps = math.hypot(math.hypot(roller_rel * net_m, ends_m) / duration_s, time_rel * net_m / duration_s)
    found = {"backward_m": distance_m, "mean_speed_mps": speed_mps}
    level_n = math.hypot(_zero_sd_n(zero), bend_sd_n(raw.header)) if samples.has_force else 0.0
    found.update(peak_sds(samples, roller_rel, span_sd_rel(raw.header), level_n))
    if samples.has_force:
        found.update(_of_pull(raw, samples, zero, faulty_share, time_rel))
    return {key: COVER * sd for key, sd in found.items()}


def _of_pull(
    raw: RawSet, samples: Samples, zero: Zero, faulty_share: float, time_rel: float
) -> dict[str, float]:
    duration_s = samples.motion.duration_s
    backward_m = float(samples.backward_m[-1])
    mean_n = float(np.trapezoid(samples.bridged_n, samples.time_s)) / duration_s
    work_j = _work_j(samples, 0.0)
    bridged_n = faulty_share * float(np.std(samples.bridged_n))
    span_rel = span_sd_rel(raw.header)
    level_n = math.hypot(_zero_sd_n(zero), bend_sd_n(raw.header), bridged_n)
    align_j = max(abs(_work_j(samples, shift_s) - work_j) for shift_s in (-ALIGN_S, ALIGN_S))
    work_sd_j = math.hypot(
        math.hypot(span_rel, roller_sd_rel(raw.header)) * work_j,
        level_n * backward_m,
        align_j,
        _lag_j(samples),
    )
    return {
        "mean_force_n": math.hypot(span_rel * mean_n, level_n, time_rel * mean_n),
        "work_j": work_sd_j,
        "mean_power_w": math.hypot(work_sd_j / duration_s, time_rel * work_j / duration_s),
    }


def _work_j(samples: Samples, shift_s: float) -> float:
    """Work with the pull taken so much later."""
    force_n = np.interp(samples.time_s + shift_s, samples.time_s, samples.bridged_n)
    return float(np.sum((force_n[1:] + force_n[:-1]) / 2 * np.diff(samples.backward_m)))


def _lag_j(samples: Samples) -> float:
    """What the converter's filter may hide: it averages over four conversions, so quick ripple is seen too small.

    The second difference of the pull over one conversion, a sixth of which four averages in a row take away twice.
    """
    if len(samples.time_s) < 5:
        return 0.0
    bend_n = np.diff(samples.bridged_n, 2) / 6
    return abs(float(np.sum(bend_n * np.diff(samples.backward_m)[1:])))


def _zero_sd_n(zero: Zero) -> float:
    worst_n, lowest_n = zero.worst_n, zero.lowest_n
    if lowest_n is not None and lowest_n < -COVER * ZERO_N:
        return ZERO_N - lowest_n / COVER  # no chance, but a zero that is wrong by so much
    return ZERO_UNSEEN_N if worst_n is None else math.hypot(ZERO_N, worst_n / COVER)
