"""Uncertainty of the peaks of speed, force and power, and the effect of the converter's filter on short ones.

A peak is the highest sample. Its error is that sample's own (noise and smoothing), the calibration's share, and what
it misses between two samples; the highest of many noisy samples is a little too high, as much as their noise.
"""

from __future__ import annotations

import math

from retrorig.measure.kernels import Floats
from retrorig.measure.samples import Samples

MISSED_SHARE = 1 / 16
"""One standard deviation of what lies above the highest sample, as a share of its second difference: at most 1/8."""

SHOCK = "a shock too short for the converter: it shows {:.0f} N, where a blow of {:.0f} ms had {:.0f} N"


def peak_sds(samples: Samples, roller_rel: float, span_rel: float, level_n: float) -> dict[str, float]:
    """One standard deviation of each peak; force and power only where the pull is known."""
    if not len(samples.time_s):
        return {}
    top = int(samples.speed_mps.argmax())
    speed = samples.speed_mps[top]
    found = {
        "peak_speed_mps": math.hypot(
            roller_rel * speed, samples.speed_sd_mps[top], MISSED_SHARE * _bend(samples.speed_mps, top)
        )
    }
    if not samples.has_force:
        return found
    top = samples.force_top
    found["peak_force_n"] = math.hypot(
        span_rel * samples.force_n[top],
        level_n,
        samples.force_sd_n[top],
        MISSED_SHARE * _bend(samples.bridged_n, top),
        _of_shock_n(samples, top),
    )
    top = samples.power_top
    force_n, speed_mps = abs(samples.force_n[top]), abs(samples.speed_mps[top])
    found["peak_power_w"] = math.hypot(
        math.hypot(span_rel, roller_rel) * samples.power_w[top],
        speed_mps * math.hypot(level_n, samples.force_sd_n[top], _of_shock_n(samples, top)),
        force_n * samples.speed_sd_mps[top],
        MISSED_SHARE * _bend(samples.bridged_n * samples.speed_mps, top),
    )
    return found


def peak_details(samples: Samples) -> dict[str, float]:
    """peak_filter_pct: how much of the peak force the converter's filter had taken and was put back."""
    if not samples.has_force:
        return {}
    force_n = float(samples.force_n[samples.force_top])
    return {
        "peak_filter_pct": 100 * float(samples.put_back_n[samples.force_top]) / force_n
        if force_n > 0
        else 0.0
    }


def shock_reason(samples: Samples) -> str | None:
    """The sentence on a peak force that is a shock, or None."""
    if not samples.has_force:
        return None
    top = samples.force_top
    if samples.blow_n[top] <= samples.force_n[top]:
        return None
    period_ms = samples.conversions.period_us * 1e-3
    return SHOCK.format(samples.force_n[top], period_ms, samples.blow_n[top])


def _bend(values: Floats, top: int) -> float:
    """The second difference at an inner sample, without its sign; 0 at the ends."""
    if not 0 < top < len(values) - 1:
        return 0.0
    return abs(float(values[top - 1] - 2 * values[top] + values[top + 1]))


def _of_shock_n(samples: Samples, top: int) -> float:
    """Half of the force that the converter's filter hides of a blow of one conversion period; 0 for a push."""
    return max(0.0, float(samples.blow_n[top] - samples.force_n[top])) / 2
