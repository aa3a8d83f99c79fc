"""How far a set is to be trusted: A (all there), B (small losses, named), C (a result is missing or doubtful)."""

from __future__ import annotations

import numpy as np

from retrorig.measure import timebase
from retrorig.measure.samples import Samples, is_conversion
from rigcore.records import RawSet

LOSS_B = 0.01
"""Up to this share of lost or faulty conversions the means move by less than the accuracy we claim (2 %)."""


def lost_n(raw: RawSet) -> int:
    """Conversions lost: what the board counted, or for an interrupted set what its times show missing."""
    if raw.end and "lost" in raw.end and not raw.lost_blocks:
        return int(raw.end["lost"])
    return timebase.missing_n(np.asarray(raw.t_us, dtype=np.int64))


def end_reason(raw: RawSet) -> str:
    """How the set ended; a log without an end means that the power was lost."""
    return raw.end["reason"] if raw.end else "power_lost"


def grade(raw: RawSet, samples: Samples) -> tuple[str, list[str]]:
    """The grade and the reasons for anything below A, each a short sentence."""
    if not raw.t_us:
        return "C", ["no sample of the set was saved"]
    found = [*_losses(raw), *_force(raw, samples), *_ending(raw)]
    return max((grade for grade, _ in found), default="A"), [reason for _, reason in found]


def _losses(raw: RawSet) -> list[tuple[str, str]]:
    found = []
    if raw.lost_blocks:
        found.append(("C", f"{raw.lost_blocks} blocks of the log are damaged"))
    lost = lost_n(raw)
    if lost:
        found.append(("B" if lost <= LOSS_B * len(raw.t_us) else "C", f"{lost} conversions lost"))
    return found


def _force(raw: RawSet, samples: Samples) -> list[tuple[str, str]]:
    if not raw.header["scale_nn"]:
        return [("B", "no force: the load cell is not calibrated")]
    faulty = sum(not is_conversion(code) for code in raw.code)
    if faulty == len(raw.code):
        return [("B", "no force: the load cell gave no conversion")]
    found = []
    if faulty:
        found.append(
            ("B" if faulty <= LOSS_B * len(raw.code) else "C", f"{faulty} samples without a sound force")
        )
    if np.isnan(samples.smooth_n).any():
        found.append(("C", "force is missing for longer than can be bridged"))
    return found


def _ending(raw: RawSet) -> list[tuple[str, str]]:
    reason = end_reason(raw)
    if reason == "power_lost":
        return [("C", "power was lost: the end of the set is missing")]
    if reason == "fault":
        return [("C", "the rig ended the set because of a fault")]
    return []
