"""A set's numbers as text: digits, units, intervals, and sentences on what to mind."""

from __future__ import annotations

import math

import numpy as np

from retrorig.measure.sample_table import Drawn, differ
from retrorig.measure.session import ahead_m
from retrorig.measure.steps import RATE_MIN_HZ
from retrorig.report.feet import feet_compared
from retrorig.report.units import SI, Units
from retrorig.set_row import SetRow

QUANTITIES = {  # key: name, unit, digits after the point at least
    "backward_m": ("backward distance", "m", 2),
    "forward_m": ("forward distance", "m", 2),
    "duration_s": ("duration", "s", 1),
    "mean_speed_mps": ("mean speed", "m/s", 2),
    "peak_speed_mps": ("peak speed", "m/s", 2),
    "mean_force_n": ("mean force", "N", 0),
    "peak_force_n": ("peak force", "N", 0),
    "impulse_ns": ("impulse", "N s", 0),
    "work_j": ("work", "J", 0),
    "positive_work_j": ("work done", "J", 0),
    "negative_work_j": ("work braked", "J", 0),
    "mean_power_w": ("mean power", "W", 0),
    "peak_power_w": ("peak power", "W", 0),
    "steps": ("steps", "", 0),
    "cadence_spm": ("cadence", "steps/min", 0),
    "step_length_m": ("step length", "m", 2),
    "asymmetry_pct": ("one foot against the other", "%", 1),
    "slack_s": ("slack line", "s", 1),
    "stalls": ("stalls", "", 0),
    "rpe": ("effort", "of 10", 0),
    "pain": ("pain", "of 10", 0),
    "load_kg": ("load", "kg", 1),
}

DETAILS = {"step_time_asymmetry_pct": "one foot's step time against the other's"}
"""What is no key of its own, and may yet be blank for a reason."""

QUALITY = {
    "A": "good: everything was recorded, and the values are as sure as retrorig claims",
    "B": "usable, with a reservation",
    "C": "doubtful: a result is missing or can't be trusted",
}

EARLY_S = 1.0
SHORT_S = 5.0
RATIO_MAX = 0.013
"""Metres a step, by steps a minute. Walkers keep to about 0.0065 (N. Sekiya and H. Nagasaki, Gait & Posture 7, 1998),
and steps backward are shorter; twice that is what one foot of two looks like."""

FILTER_TOLD_PCT = 0.5

LOST_MIN_N = 4
"""The converter averages over as many readings: fewer lost ones can't hide a peak."""


def usual(row: SetRow, key: str, units: Units = SI) -> str:
    """A quantity with the usual digits, which are the same for all sets; empty if it was not measured."""
    _, unit, digits = QUANTITIES[key]
    return "" if row.value(key) is None else _number(row.value(key) * units.factor(unit), digits)


def value(row: SetRow, key: str, units: Units = SI) -> str:
    """A quantity with as many digits as are sure, and its unit; empty if it was not measured."""
    if row.value(key) is None:
        return ""
    unit = QUANTITIES[key][1]
    number = _number(row.value(key) * units.factor(unit), _digits(row, key, units))
    return f"{number} {units.name(unit)}".strip()


def _number(number: float, digits: int) -> str:
    """So many digits after the point; what rounds to zero has no sign."""
    return f"{round(number, digits) + 0.0:.{digits}f}"


def plus_minus(row: SetRow, key: str, units: Units = SI) -> str:
    """Its interval at 95 %, or nothing if none is known."""
    error = _error(row, key)
    if error is None:
        return ""
    digits = _digits(row, key, units)
    return f"± {max(error * units.factor(QUANTITIES[key][1]), 10.0**-digits):.{digits}f}"


def _digits(row: SetRow, key: str, units: Units = SI) -> int:
    """To the first digit of the uncertainty, or its second if the first is 1 or 2; no fewer than usual, 3 at most."""
    usual = QUANTITIES[key][2]
    error = _error(row, key)
    if not error:
        return usual
    error *= units.factor(QUANTITIES[key][1])
    place = -math.floor(math.log10(error))
    return min(3, max(usual, place + (error * 10.0**place < 3)))


def _error(row: SetRow, key: str) -> float | None:
    return row.gait.get("asymmetry_pm_pct") if key == "asymmetry_pct" else row.uncertainty.get(key)


def caveats(row: SetRow, samples: Drawn) -> list[str]:
    """Why this set's peaks or means may mislead, a sentence each."""
    found = []
    snaps = row.gait.get("snaps") or 0
    if snaps:
        times = "once" if snaps == 1 else f"{snaps} times"
        found.append(
            f"The line snapped tight {times} after hanging slack: the peaks show that jerk, not strength."
        )
    if row.peak_force_n is not None and _peak_s(samples) < EARLY_S:
        found.append("The peak force belongs to setting off: between sets, compare mean forces.")
    rate_hz = samples.rate_hz
    if row.peak_force_n is not None and rate_hz is not None and rate_hz < RATE_MIN_HZ:
        found.append(f"With {rate_hz:.0f} samples a second the true peaks were higher than those shown.")
    if row.samples_lost >= LOST_MIN_N and row.peak_force_n is not None:
        found.append("Samples of the pull are missing: a higher peak may have been among them.")
    found += rhythm(row)
    if row.gait.get("asymmetry_is_certain") is False:
        found.append("The feet differ by less than is sure: take it that they do not.")
    if 0 < row.duration_s < SHORT_S:
        found.append("The set is so short that setting off and stopping make much of its means.")
    return found + other_version(row, samples)


def other_version(row: SetRow, samples: Drawn) -> list[str]:
    """A sentence when the stored numbers are not those of the samples, which are computed when they are shown."""
    if not differ(row, samples):
        return []
    return [
        "Another version of this program computed the numbers than draws the plots: "
        f"`retrorig library recompute {row.set_id}` makes them agree."
    ]


def rhythm(row: SetRow) -> list[str]:
    """A sentence when what was counted as steps is too slow and too long for two feet."""
    if not row.steps or (row.step_length_m or 0.0) <= RATIO_MAX * (row.cadence_spm or 0.0):
        return []
    return [
        f"Steps of {value(row, 'step_length_m')} at {value(row, 'cadence_spm')} are about two feet's in one: perhaps "
        "only one foot shows in the pull, or it was no walk, as pushes of a hand are counted, too."
    ]


def _peak_s(samples: Drawn) -> float:
    return float(samples.time_s[int(np.nanargmax(samples.smooth_n))])


def trimmed(row: SetRow) -> str:
    """A sentence on the seconds that a note leaves out of the set."""
    parts = [(row.trim_start_s, "first"), (row.trim_end_s, "last")]
    left_out = " and ".join(f"the {which} {seconds:g} s" for seconds, which in parts if seconds)
    return f"Without {left_out}, as noted by hand."


def around(row: SetRow) -> list[str]:
    """Sentences on the rest before the set, pauses, limits exceeded, what was asked, and whether it was taken back."""
    session, found = row.session, []
    if session.get("undone"):
        found.append("The athlete took this set back.")
    if session.get("rest_s"):
        found.append(f"Rested {session['rest_s']:.0f} s before.")
    if session.get("paused_s"):
        found.append(
            f"Stood still for {session['paused_s']:.1f} s within the set, which its duration contains."
        )
    for key, what in (("over_speed_s", "speed"), ("over_force_s", "force")):
        if session.get(key):
            found.append(f"Above the plan's limit of {what} for {session[key]:.1f} s.")
    if session.get("pace_mps"):
        ahead = ahead_m(row.backward_m, row.duration_s - session["paused_s"], session["pace_mps"])
        where = "ahead of" if ahead >= 0 else "behind"
        found.append(f"Ended {abs(ahead):.1f} m {where} the plan's pace of {session['pace_mps']:.2f} m/s.")
    if session.get("cadence_asked_spm"):
        low, high = session["cadence_asked_spm"]
        found.append(f"The plan asked for {low} to {high} steps/min.")
    return found


def beside(row: SetRow) -> list[str]:
    """Sentences on how even the speed was, and on the zero of force at the set's ends."""
    gait, found = row.gait, []
    if (gait.get("peak_filter_pct") or 0.0) >= FILTER_TOLD_PCT:
        percent = gait["peak_filter_pct"]
        found.append(f"The converter's filter made the peak force {percent:.1f} % smaller; that is put back.")
    if gait.get("smoothness_pct") is not None:
        found.append(f"Evenness of speed: {gait['smoothness_pct']:.0f} % (100 %: it never changed).")
    percent, pm = gait.get("step_time_asymmetry_pct"), gait.get("step_time_asymmetry_pm_pct")
    if percent is not None and pm is not None and not row.first_foot:
        found.append(
            f"The time from one foot's step to the other's differs by {percent:.1f} % from the way back (± {pm:.1f})."
        )
    found += feet_compared(row)
    ends = [(gait.get(f"zero_{when}_n"), when) for when in ("before", "after")]
    seen = " and ".join(
        f"{_signed(newtons)} N {when} the set" for newtons, when in ends if newtons is not None
    )
    if seen:
        drift_n = gait.get("zero_drift_n")
        found.append(f"The slack line read {seen}{'' if drift_n is None else _moved(drift_n)}.")
    return found


def _moved(drift_n: float) -> str:
    return f", so it moved by {_signed(drift_n)} N" if round(drift_n, 1) else ", so it did not move"


def _signed(newtons: float) -> str:
    return f"{round(newtons, 1) + 0.0:+.1f}"


def blanks(row: SetRow) -> list[str]:
    """The quantities that were left blank, by the reason why."""
    by_reason: dict[str, list[str]] = {}
    for key, why in row.null_reasons.items():
        if key in QUANTITIES or key in DETAILS:
            by_reason.setdefault(why, []).append(DETAILS.get(key) or QUANTITIES[key][0])
    return [f"{_sentence(', '.join(names))}: {why}." for why, names in by_reason.items()]


def reasons(row: SetRow) -> list[str]:
    """Why the quality is not better, a sentence each."""
    return [f"{_sentence(reason).rstrip('.')}." for reason in row.quality_reasons]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
