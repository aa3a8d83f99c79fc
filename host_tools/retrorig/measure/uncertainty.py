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
    bend_sd_n,
    roller_sd_rel,
    span_sd_rel,
    zero_sd_n,
)
from retrorig.measure.kernels import Floats
from retrorig.measure.order import deviation, dot
from retrorig.measure.peaks import peak_sds
from retrorig.measure.pull import REST_OF_SHARPENING
from retrorig.measure.readings import Raw
from retrorig.measure.samples import Samples
from retrorig.measure.zero import Zero

PUSHES_HZ = 2.0
"""Of somebody who walks: what is pushed more slowly is seen better."""

_EVEN = math.sqrt(3.0)
"""An error that is anywhere within +-a has the standard deviation a / sqrt(3)."""


def uncertainty_of(raw: Raw, samples: Samples, zero: Zero, faulty_share: float) -> dict[str, float]:
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
    ends_sd_s = samples.motion.ends_sd_s
    end_mps = float(samples.speed_mps[-1]) if samples.motion.coast_m else 0.0  # else the belt rests there
    distance_m = math.hypot(roller_rel * backward_m, ends_m, ends_sd_s * end_mps)
    time_rel = math.hypot(CLOCK_REL, ends_sd_s / duration_s)
    mean_mps = net_m / duration_s
    speed_mps = math.hypot(
        roller_rel * mean_mps,
        ends_m / duration_s,
        CLOCK_REL * mean_mps,
        ends_sd_s * (mean_mps - end_mps) / duration_s,
    )
    found = {"backward_m": distance_m, "mean_speed_mps": speed_mps}
    found.update(peak_sds(samples, roller_rel, span_sd_rel(raw.header), _peak_level_n(raw, samples, zero)))
    if samples.has_force:
        found.update(_of_pull(raw, samples, zero, faulty_share, time_rel))
    return {key: COVER * sd for key, sd in found.items()}


def _of_pull(
    raw: Raw, samples: Samples, zero: Zero, faulty_share: float, time_rel: float
) -> dict[str, float]:
    duration_s = samples.motion.duration_s
    backward_m = float(samples.backward_m[-1])
    mean_n = float(samples.impulse_ns.sum()) / duration_s
    work_j = dot(samples.middle_n, samples.moved_m)
    bridged_n = faulty_share * deviation(samples.bridged_n)
    span_rel = span_sd_rel(raw.header)
    level_n = math.hypot(zero_sd_n(zero.worst_n), bend_sd_n(raw.header, mean_n), bridged_n)
    work_sd_j = math.hypot(
        math.hypot(span_rel, roller_sd_rel(raw.header)) * work_j,
        level_n * backward_m,
        _align_j(samples),
        _lag_j(samples.bridged_n, samples.moved_m),
        _unseen_share(samples.conversions.period_us * 1e-6) * (work_j - mean_n * backward_m),
    )
    return {
        "mean_force_n": math.hypot(span_rel * mean_n, level_n, time_rel * mean_n),
        "work_j": work_sd_j,
        "mean_power_w": math.hypot(work_sd_j / duration_s, time_rel * work_j / duration_s),
    }


def _peak_level_n(raw: Raw, samples: Samples, zero: Zero) -> float:
    """Error of zero and non-linearity at the highest pull; 0 without one."""
    if not samples.has_force:
        return 0.0
    return math.hypot(
        zero_sd_n(zero.worst_n), bend_sd_n(raw.header, float(samples.force_n[samples.force_top]))
    )


def _align_j(samples: Samples) -> float:
    """What the work changes where the pull is ALIGN_S early or late, whichever is more."""
    steps_s = np.maximum(samples.time_s[1:] - samples.time_s[:-1], ALIGN_S)
    changes_n = (samples.bridged_n[1:] - samples.bridged_n[:-1]) * (ALIGN_S / steps_s)
    both_n, moved_m = changes_n[1:] + changes_n[:-1], samples.moved_m
    early_j = dot(both_n, moved_m[:-1]) + float(changes_n[-1] * moved_m[-1])
    late_j = dot(both_n, moved_m[1:]) + float(changes_n[0] * moved_m[0])
    return max(abs(early_j), abs(late_j)) / 2


def _unseen_share(period_s: float) -> float:
    """Of the work that pull and speed make by rising together: what conversions this far apart may not show of pushes.

    Four averages over a period and straight lines between the samples leave sinc(f T)^6 of a ripple of f a second. Most
    of it is put back where samples are close; at ten conversions a second a twelfth of that work stays unknown.
    """
    turned = math.pi * PUSHES_HZ * period_s
    return REST_OF_SHARPENING * (1 - (math.sin(turned) / turned) ** 6) if turned else 0.0


def _lag_j(force_n: Floats, moved_m: Floats) -> float:
    """Work that the converter's filter may hide: it averages over four conversions, so quick ripple reads too small.

    The second difference of the pull over one conversion, a sixth of which four averages in a row take away; most of it
    is put back (pull.py).
    """
    if len(force_n) < 5:
        return 0.0
    bends_n = force_n[2:] - 2 * force_n[1:-1] + force_n[:-2]
    return REST_OF_SHARPENING * abs(dot(bends_n, moved_m[1:])) / 6
