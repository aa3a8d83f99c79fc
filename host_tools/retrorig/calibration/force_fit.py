"""Fits the load cell's scale to known weights, and refuses poor fits with the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from retrorig.calibration.units import Quantity
from retrorig.errors import InputError
from retrorig.library.calibration_record import Values
from retrorig.measure.calibration import ForceFit, fit_force
from rigcore.vocabulary import NOT_CALIBRATED

DRIFT_MIN_N = 1.0
DRIFT_MAX_REL = 0.003
"""A zero that moves by more than these while the weights hang is a cell that is cold, overloaded or loose."""

PLAUSIBLE_NN = (60_000, 3_500_000)
"""Scales of cells of 0.5 to 5 kN with 1 to 3 mV/V behind a 24-bit converter of 20 mV."""

CHANGE_MAX_REL = 0.2
"""The same cell does not change by so much; a wrong unit does."""

UNIT_SLIPS = (
    (9.80665, "N were given for kg"),
    (4.4482216, "N were given for lb"),
    (2.2046226, "kg were given for lb"),
)


@dataclass(frozen=True)
class Hung:
    """The weights in the order in which they hung, their steady codes, and the zero before and after."""

    weights: tuple[Quantity, ...]
    codes: tuple[float, ...]
    zero_before: float
    zero_after: float

    @property
    def points(self) -> list[tuple[float, float]]:
        """(newtons, code), both zeros among them."""
        loaded = [(quantity.value, code) for quantity, code in zip(self.weights, self.codes, strict=True)]
        return [(0.0, self.zero_before), *loaded, (0.0, self.zero_after)]


def fit(hung: Hung) -> ForceFit:
    """The line through all points; InputError with the reason when it is poor."""
    _refuse_drift(hung)
    try:
        return fit_force(hung.points)
    except InputError as error:
        order = _order_that_fits(hung)
        if order:
            raise InputError(
                f"The weights seem to have hung in another order: {', '.join(order)}. "
                "Hang them as given, or give them so."
            ) from None
        raise error


def drift_n(hung: Hung) -> float:
    """By how much the zero moved, newtons, by what the largest weight makes."""
    code, newtons = max(
        zip(hung.codes, (q.value for q in hung.weights), strict=True), key=lambda pair: pair[1]
    )
    made = code - hung.zero_before
    return (hung.zero_after - hung.zero_before) * newtons / made if made else 0.0


def _refuse_drift(hung: Hung) -> None:
    moved_n = drift_n(hung)
    largest_n = max(quantity.value for quantity in hung.weights)
    if abs(moved_n) > max(DRIFT_MIN_N, DRIFT_MAX_REL * largest_n):
        raise InputError(
            f"The zero moved by {moved_n:+.1f} N while the weights hung: let the cell warm up for ten minutes, see "
            "that nothing rubs or hangs on it, and begin again."
        )


def _order_that_fits(hung: Hung) -> list[str]:
    """Names of the weights in the order that would make a line; none if that is as given or none does."""
    by_code = sorted(range(len(hung.codes)), key=lambda i: abs(hung.codes[i] - hung.zero_before))
    by_weight = sorted(hung.weights, key=lambda quantity: quantity.value)
    other = list(hung.weights)
    for place, quantity in zip(by_code, by_weight, strict=True):
        other[place] = quantity
    sorted_hung = Hung(tuple(other), hung.codes, hung.zero_before, hung.zero_after)
    if tuple(other) == hung.weights:
        return []
    try:
        fit_force(sorted_hung.points)
    except InputError:
        return []
    return [quantity.text for quantity in other]


def judged(
    hung: Hung, old: Values, weights_pm_rel: float, is_new_cell: bool
) -> tuple[Values, dict[str, Any]]:
    """(values that the board shall keep, evidence for the record); InputError with the reason when it is poor.

    weights_pm_rel: half the 95 % interval that all weights share. is_new_cell: don't compare with the old scale.
    """
    found = fit(hung)
    if not is_new_cell:
        _refuse_wrong_unit(found, old)
    pm_rel = math.hypot(found.span_pm_rel, weights_pm_rel)
    worst_n = max(map(abs, found.residuals_n))
    values = {
        "scale_nn": found.scale_nn,
        "zero": round(hung.zero_after),
        "span_pm_ppm": round(pm_rel * 1e6),
        "linearity_mn": round(worst_n * 1e3),
    }
    named = ["slack", *(quantity.text for quantity in hung.weights), "slack"]
    evidence = {
        "points": [
            {"load": name, "newtons": round(newtons, 4), "code": round(code, 1), "off_n": round(off_n, 4)}
            for name, (newtons, code), off_n in zip(named, hung.points, found.residuals_n, strict=True)
        ],
        "drift_n": round(drift_n(hung), 4),
        "fit_pm_ppm": round(found.span_pm_rel * 1e6),
        "weights_pm_ppm": round(weights_pm_rel * 1e6),
        "linearity_ppm": round(found.linearity_rel * 1e6),
    }
    return values, evidence


def _refuse_wrong_unit(found: ForceFit, old: Values) -> None:
    size = abs(found.scale_nn)
    if old["scale_nn"] and old["id"] != NOT_CALIBRATED:
        ratio = size / abs(old["scale_nn"])
        if abs(ratio - 1) > CHANGE_MAX_REL:
            raise InputError(
                f"The scale would be {ratio:.3g} times the old one{_slip(ratio)}: check the units; if cell or "
                "converter was changed, say --new-cell."
            )
    elif not PLAUSIBLE_NN[0] <= size <= PLAUSIBLE_NN[1]:
        raise InputError(
            f"A code would be worth {size * 1e-3:.0f} uN; cells of 0.5 to 5 kN have {PLAUSIBLE_NN[0] * 1e-3:.0f} to "
            f"{PLAUSIBLE_NN[1] * 1e-3:.0f} uN: check the units; if your cell is unlike these, say --new-cell."
        )


def _slip(ratio: float) -> str:
    for factor, words in UNIT_SLIPS:
        if abs(ratio * factor - 1) < 0.05:
            return f", as if {words}"
        if abs(ratio / factor - 1) < 0.05:
            return f", as if {' were given for '.join(reversed(words.split(' were given for ')))}"
    return ""
