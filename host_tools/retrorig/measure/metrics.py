"""One set's quantities, under the names of the public contract.

Over the set's duration T, from its first to its last movement, with F the force and b the backward movement:

    mean_speed_mps = net distance / T          impulse_ns = integral of F dt     mean_force_n = impulse / T
    work_j = integral of F db                  mean_power_w = work / T

Work follows the counted movement rather than the filtered speed, so the filter takes nothing from it.
Peaks are the highest of the samples' own speed, force and power, which are smoothed with hindsight (smooth.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from retrorig.measure import quality
from retrorig.measure.gait import NO_FORCE, gait_of
from retrorig.measure.order import dot
from retrorig.measure.peaks import peak_details
from retrorig.measure.readings import Raw, Readings, readings_of
from retrorig.measure.samples import Samples, sample_set
from retrorig.measure.session import session_of
from retrorig.measure.uncertainty import uncertainty_of
from retrorig.measure.zero import Zero, zero_of
from retrorig.set_row import MEASURED

Metrics = dict[str, Any]

DECIMALS = 6
PULL_KEYS = (
    "mean_force_n",
    "peak_force_n",
    "impulse_ns",
    "work_j",
    "positive_work_j",
    "negative_work_j",
    "mean_power_w",
    "peak_power_w",
)


def set_id(header: dict[str, Any]) -> str:
    """A set's permanent name, unique across rigs; logs without an era have the boot in its place."""
    count = f"{header['boot']:04d}" if header.get("era") is None else f"{header['era']:06x}"
    return f"{header['rig']}-{count}-{header['no']:05d}".lower()


def measure(raw: Raw) -> Metrics:
    """All quantities of a set, under MEASURED; the library adds person and date."""
    raw = readings_of(raw)
    samples = sample_set(raw)
    zero = zero_of(samples)
    gait = gait_of(samples)
    values = {**_movement(samples), **_pull(samples), **gait.values}
    share = min(1.0, samples.lost_n / max(len(samples.time_s), 1))
    uncertainty = uncertainty_of(raw, samples, zero, share)
    grade, reasons = quality.grade(raw, samples, zero, values, uncertainty)
    found = {
        **_identity(raw),
        **values,
        "quality": grade,
        "quality_reasons": reasons,
        "uncertainty": _tidied(uncertainty),
        "samples": len(samples.time_s),
        "samples_lost": samples.lost_n,
        "gait": _tidied({**gait.details, **_zero(zero), **peak_details(samples)}),
        "session": _tidied(session_of(raw)),
        "null_reasons": {
            key: why for key, why in {**_no_pull(samples), **gait.why}.items() if key not in values
        },
    }
    return _tidied({key: found.get(key) for key in MEASURED})


def _zero(zero: Zero) -> dict[str, float | None]:
    return {"zero_before_n": zero.before_n, "zero_after_n": zero.after_n, "zero_drift_n": zero.drift_n}


def _no_pull(samples: Samples) -> dict[str, str]:
    """Why each quantity of the pull is missing, if it is."""
    return {} if samples.has_force else dict.fromkeys(PULL_KEYS, NO_FORCE)


def _identity(raw: Readings) -> Metrics:
    header = raw.header
    return {
        "set_id": set_id(header),
        "rig_id": header["rig"],
        "kind": header.get("kind", "free"),
        "machine": header.get("machine"),
        "end_reason": quality.end_reason(raw),
        "calibration_id": header.get("cal"),
        "plan_id": header.get("plan_id"),
        "load_kg": None if header.get("load_g") is None else header["load_g"] / 1000,
        "side": header.get("side"),
        "attachment": header.get("attachment"),
        "rpe": raw.note.get("rpe"),
        "pain": raw.note.get("pain"),
        "firmware": header.get("firmware"),
        "schema": header.get("schema"),
    }


def _movement(samples: Samples) -> Metrics:
    motion = samples.motion
    duration_s = motion.duration_s
    if not len(samples.time_s):
        return {
            "duration_s": duration_s,
            **dict.fromkeys(("backward_m", "forward_m", "coast_m", "coast_s"), 0.0),
        }
    return {
        "duration_s": duration_s,
        "backward_m": float(motion.backward_m[-1]),
        "forward_m": float(motion.forward_m[-1]),
        "coast_m": float(motion.coast_m),
        "coast_s": float(motion.coast_s),
        "mean_speed_mps": float(samples.distance_m[-1]) / duration_s if duration_s > 0 else None,
        "peak_speed_mps": float(samples.speed_mps.max()),
    }


def _pull(samples: Samples) -> Metrics:
    """Force, work and power; empty if force is missing anywhere for longer than can be bridged."""
    if not samples.has_force:
        return {}
    duration_s = samples.motion.duration_s
    impulse_ns = float(samples.impulse_ns.sum())
    work_j = dot(samples.middle_n, samples.moved_m)
    parts_j = samples.middle_n * (samples.distance_m[1:] - samples.distance_m[:-1])
    return {
        "mean_force_n": impulse_ns / duration_s,
        "peak_force_n": float(samples.force_n[samples.force_top]),
        "impulse_ns": impulse_ns,
        "work_j": work_j,
        "positive_work_j": float(np.maximum(parts_j, 0.0).sum()),
        "negative_work_j": float(np.minimum(parts_j, 0.0).sum()),
        "mean_power_w": work_j / duration_s,
        "peak_power_w": float(samples.power_w[samples.power_top]),
    }


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: round(value, DECIMALS) if isinstance(value, float) else value for key, value in values.items()
    }
