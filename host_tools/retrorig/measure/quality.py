"""How far a set is to be trusted: A (all there, as sure as we claim), B (named losses or less sure), C (a result is
missing or doubtful)."""

from __future__ import annotations

from retrorig.measure.budget import CLAIM_FORCE_N, CLAIM_REL, COVER
from retrorig.measure.holds import holds_n
from retrorig.measure.peaks import shock_reason
from retrorig.measure.readings import Raw
from retrorig.measure.samples import Samples
from retrorig.measure.sensors import Finding, sensor_findings
from retrorig.measure.zero import Zero
from rigcore.vocabulary import END_FAULT, END_POWER_LOST, NOT_CALIBRATED

LOSS_B = 0.01
"""Up to this share of lost or faulty conversions the means move by less than the accuracy we claim (2 %)."""

UNCLEAR_REL, UNSTILL_S, UNSTILL_REL = 0.02, 0.03, 0.01
"""Ends are unclear where they are known to no better than the first share of a set, or to the second if they have this
standard deviation at least: a sharp end of a short set has less."""

DRIFT_N = 1.0

SLACK_REL, FORWARD_REL, KNOWN_REL = 0.2, 0.1, 0.1
"""Beyond these a set is no A: time without pull, metres forward, and how unsure a mean may be, however small it is."""

WRONG_ZERO = (
    "at rest the line read {}, but a line can't push: the zero is wrong, as after a tare with the line taut; "
    "`retrorig library recompute SET --zero rest` takes the rest for zero"
)
NEGATIVE = (
    "the mean pull is below zero, and a line can't push: cell or encoder are reversed, or the zero is wrong"
)
COAST = "the belt ran on by {:.2f} m in {:.1f} s after the last step, which is in none of the other numbers"

HELD = "pulls that were held and moved nothing, which are not counted as steps: {}"

_NAMES = {
    "backward_m": ("distance", "m"),
    "mean_speed_mps": ("mean speed", "m/s"),
    "mean_force_n": ("mean force", "N"),
    "mean_power_w": ("mean power", "W"),
}


def end_reason(raw: Raw) -> str:
    """How the set ended; a log without an end means that the power was lost."""
    return raw.end["reason"] if raw.end else END_POWER_LOST


def grade(
    raw: Raw, samples: Samples, zero: Zero, values: dict, uncertainty: dict[str, float]
) -> tuple[str, list[str]]:
    """The grade and the reasons for anything below A, each a short sentence."""
    if not len(raw.t_us):
        return "C", ["no sample of the set was saved"]
    found = [
        *_belt(raw),
        *sensor_findings(raw, samples),
        *_losses(raw, samples),
        *_force(raw, samples),
        *_ending(raw),
    ]
    found += [*_drift(zero), *_doubt(values, uncertainty), *_unclear_ends(samples)]
    found += [*_unlikely(values), *_coast(samples), *_held(samples)]
    return max((grade for grade, _ in found), default="A"), [reason for _, reason in found]


def _belt(raw: Raw) -> list[Finding]:
    if raw.header.get("cal") != NOT_CALIBRATED:
        return []
    return [("B", "the belt is not calibrated: lengths follow the roller's nominal size")]


def _losses(raw: Raw, samples: Samples) -> list[Finding]:
    found = []
    if raw.lost_blocks:
        found.append(("C", f"damaged blocks of the log: {raw.lost_blocks}"))
    if samples.lost_n and samples.conversions.sound.any():
        share = samples.lost_n / max(len(samples.time_s), 1)
        found.append(("B" if share <= LOSS_B else "C", f"lost readings of the load cell: {samples.lost_n}"))
    return found


def _force(raw: Raw, samples: Samples) -> list[Finding]:
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


def _ending(raw: Raw) -> list[Finding]:
    reason = end_reason(raw)
    if reason == END_POWER_LOST:
        return [("C", "power was lost: the end of the set is missing")]
    if reason == END_FAULT:
        return [("C", "the rig ended the set because of a fault")]
    return []


def _drift(zero: Zero) -> list[Finding]:
    drift_n, worst_n, lowest_n = zero.drift_n, zero.worst_n, zero.lowest_n
    if lowest_n is not None and lowest_n < -DRIFT_N:
        return [("C" if lowest_n < -CLAIM_FORCE_N else "B", WRONG_ZERO.format(_readings(zero)))]
    if drift_n is not None and abs(drift_n) > DRIFT_N:
        return [("B", f"the zero of force moved by {drift_n:+.1f} N during the set")]
    if worst_n is not None and worst_n > DRIFT_N:
        return [("B", f"the slack line read {worst_n:.1f} N: tare with the line slack")]
    return []


def _readings(zero: Zero) -> str:
    seen = (zero.before_n, "before"), (zero.after_n, "after")
    return " and ".join(
        f"{round(newtons, 1) + 0.0:.1f} N {when} the set" for newtons, when in seen if newtons is not None
    )


def _coast(samples: Samples) -> list[Finding]:
    """A sentence on a coast, which costs no grade."""
    motion = samples.motion
    if not motion.coast_m:
        return []
    return [("A", COAST.format(motion.coast_m, motion.coast_s))]


def _held(samples: Samples) -> list[Finding]:
    """A sentence on pushes in vain, which costs no grade."""
    held_n = holds_n(samples)
    return [("A", HELD.format(held_n))] if held_n else []


def _unlikely(values: dict) -> list[Finding]:
    """Numbers that a working rig does not give for a walk under load."""
    found = []
    force_n, work_j = values.get("mean_force_n"), values.get("work_j")
    if force_n is not None and work_j is not None and min(force_n, work_j) < 0:
        found.append(("C", NEGATIVE))
    slack_s, duration_s = values.get("slack_s") or 0.0, values.get("duration_s") or 0.0
    if slack_s > SLACK_REL * duration_s > 0:
        found.append(("B", f"the line hung slack for {100 * slack_s / duration_s:.0f} % of the time"))
    forward_m, backward_m = values.get("forward_m") or 0.0, values.get("backward_m") or 0.0
    if forward_m > FORWARD_REL * backward_m:
        found.append(("B", f"the belt went forward by {forward_m:.2f} m of {backward_m:.2f} m backward"))
    return found


def _unclear_ends(samples: Samples) -> list[Finding]:
    """Why the mean speed is uncertain."""
    duration_s = samples.motion.duration_s
    allowed_rel = UNSTILL_REL if samples.motion.ends_sd_s >= UNSTILL_S else UNCLEAR_REL
    if duration_s <= 0 or COVER * samples.motion.ends_sd_s <= allowed_rel * duration_s:
        return []
    return [("B", "when the set began or ended is unclear: the belt was not still, or moved off very slowly")]


def _unsure(key: str, value: float, width: float) -> str:
    name, unit = _NAMES[key]
    if width >= abs(value):
        return f"{name} can't be told from zero: it is known to {_two_digits(width)} {unit} only"
    return f"{name} is only known to {100 * width / abs(value):.1f} %"


def _two_digits(width: float) -> str:
    return f"{max(width, 0.001):.2g}" if width < 99.5 else f"{width:.0f}"


def _doubt(values: dict, uncertainty: dict[str, float]) -> list[Finding]:
    """Quantities whose interval is wider than we claim for a set of ordinary length."""
    found = []
    for key, claim_rel in CLAIM_REL.items():
        value, width = values.get(key), uncertainty.get(key)
        if value is None or width is None:
            continue
        allowed = claim_rel * abs(value)
        allowed = max(allowed, CLAIM_FORCE_N) if key == "mean_force_n" else allowed
        if key == "mean_power_w":
            allowed = max(allowed, CLAIM_FORCE_N * abs(values.get("mean_speed_mps") or 0.0))
        if width > min(allowed, max(claim_rel, KNOWN_REL) * abs(value)):
            found.append(("B", _unsure(key, value, width)))
    return found
