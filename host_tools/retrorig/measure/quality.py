"""How far a set is to be trusted: A (all there, as sure as we claim), B (named losses or less sure), C (a result is
missing or doubtful)."""

from __future__ import annotations

import numpy as np

from retrorig.measure import timebase
from retrorig.measure.budget import CLAIM_FORCE_N, CLAIM_REL
from retrorig.measure.ends import UNCLEAR_S
from retrorig.measure.peaks import shock_reason
from retrorig.measure.samples import Samples
from retrorig.measure.sensors import Finding, sensor_findings
from retrorig.measure.zero import Zero
from rigcore.decode import RawSet
from rigcore.force import NO_CONVERSION
from rigcore.vocabulary import END_FAULT, END_POWER_LOST, NOT_CALIBRATED

LOSS_B = 0.01
"""Up to this share of lost or faulty conversions the means move by less than the accuracy we claim (2 %)."""

DRIFT_N = 1.0

_NAMES = {
    "backward_m": "distance",
    "mean_speed_mps": "mean speed",
    "mean_force_n": "mean force",
    "mean_power_w": "mean power",
}


def lost_n(raw: RawSet, samples: Samples) -> int:
    """Conversions of the set that are missing, by the time between those that came, or that were faulty."""
    conversions = samples.conversions
    if len(conversions.read_us) < 2:
        return sum(code == NO_CONVERSION for code in raw.code)
    since_s = (conversions.read_us - samples.motion.start_us) * 1e-6
    inside = (since_s >= 0) & (since_s <= samples.motion.duration_s)
    missing = timebase.missing_n(conversions.read_us[inside]) if inside.sum() > 1 else 0
    return missing + int(np.sum(~conversions.sound[inside]))


def end_reason(raw: RawSet) -> str:
    """How the set ended; a log without an end means that the power was lost."""
    return raw.end["reason"] if raw.end else END_POWER_LOST


def grade(
    raw: RawSet, samples: Samples, zero: Zero, values: dict, uncertainty: dict[str, float]
) -> tuple[str, list[str]]:
    """The grade and the reasons for anything below A, each a short sentence."""
    if not raw.t_us:
        return "C", ["no sample of the set was saved"]
    found = [
        *_belt(raw),
        *sensor_findings(raw, samples),
        *_losses(raw, samples),
        *_force(raw, samples),
        *_ending(raw),
    ]
    found += [*_drift(zero), *_doubt(values, uncertainty), *_unclear_ends(samples, values, uncertainty)]
    return max((grade for grade, _ in found), default="A"), [reason for _, reason in found]


def _belt(raw: RawSet) -> list[Finding]:
    if raw.header.get("cal") != NOT_CALIBRATED:
        return []
    return [("B", "the belt is not calibrated: lengths follow the roller's nominal size")]


def _losses(raw: RawSet, samples: Samples) -> list[Finding]:
    found = []
    if raw.lost_blocks:
        found.append(("C", f"damaged blocks of the log: {raw.lost_blocks}"))
    lost = lost_n(raw, samples)
    if lost and samples.conversions.sound.any():
        share = lost / max(len(samples.time_s), 1)
        found.append(("B" if share <= LOSS_B else "C", f"lost readings of the load cell: {lost}"))
    return found


def _force(raw: RawSet, samples: Samples) -> list[Finding]:
    if not raw.header.get("scale_nn"):
        return [("B", "no force: the load cell is not calibrated")]
    if not samples.conversions.sound.any():
        return [
            (
                "C" if len(samples.conversions.code) else "B",
                "no force: the load cell gave no sound conversion",
            )
        ]
    if not samples.has_force:
        return [("C", "force is missing for longer than can be bridged")]
    shock = shock_reason(samples)
    return [("B", shock)] if shock else []


def _ending(raw: RawSet) -> list[Finding]:
    reason = end_reason(raw)
    if reason == END_POWER_LOST:
        return [("C", "power was lost: the end of the set is missing")]
    if reason == END_FAULT:
        return [("C", "the rig ended the set because of a fault")]
    return []


def _drift(zero: Zero) -> list[Finding]:
    drift_n, worst_n = zero.drift_n, zero.worst_n
    if drift_n is not None and abs(drift_n) > DRIFT_N:
        return [("B", f"the zero of force moved by {drift_n:+.1f} N during the set")]
    if worst_n is not None and worst_n > DRIFT_N:
        return [("B", f"the slack line read {worst_n:.1f} N: tare with the line slack")]
    return []


def _unclear_ends(samples: Samples, values: dict, uncertainty: dict[str, float]) -> list[Finding]:
    """Why the mean speed is so little sure."""
    speed, width = values.get("mean_speed_mps"), uncertainty.get("mean_speed_mps")
    if not speed or not width or width <= CLAIM_REL["mean_speed_mps"] * abs(speed):
        return []
    if samples.motion.ends_sd_s < UNCLEAR_S:
        return []
    return [("B", "when the set began or ended is unclear: the belt was not still, or moved off very slowly")]


def _doubt(values: dict, uncertainty: dict[str, float]) -> list[Finding]:
    """Quantities that are less sure than we claim for a set of ordinary length."""
    found = []
    for key, claim_rel in CLAIM_REL.items():
        value, width = values.get(key), uncertainty.get(key)
        if value is None or width is None:
            continue
        allowed = claim_rel * abs(value)
        allowed = max(allowed, CLAIM_FORCE_N) if key == "mean_force_n" else allowed
        if key == "mean_power_w":
            allowed = max(allowed, CLAIM_FORCE_N * abs(values.get("mean_speed_mps") or 0.0))
        if width > allowed:
            percent = f"{100 * width / abs(value):.1f} %" if value else "nothing"
            found.append(("B", f"{_NAMES[key]} is only known to {percent}"))
    return found
