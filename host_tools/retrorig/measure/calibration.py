"""Calibration of the load cell: newtons a code from several known weights, by least squares.

The span is the slope of weight over code; where the line meets zero is the zero of that day and is not kept, as every
session tares anew. What is left of each point tells how straight the cell is; a poor fit is refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.errors import InputError
from retrorig.measure.t_distribution import student

POINTS_MIN_N = 3
"""Two always fit a line; the third shows whether it is one."""

SPREAD_MIN_REL = 0.3
"""Weights must differ by this much of the largest, or the slope hangs on the noise."""

SPAN_MAX_REL = 0.01
LINEARITY_MAX_REL = 0.005


@dataclass(frozen=True)
class ForceFit:
    """scale_nn: nanonewtons a code, as the board keeps it. zero: code without load, of the day of calibration.

    residuals_n: weight minus line at each point. span_pm_rel: 95 % interval of the scale, relative. linearity_rel:
    largest residual as a share of the largest weight.
    """

    scale_nn: int
    zero: int
    residuals_n: tuple[float, ...]
    span_pm_rel: float
    linearity_rel: float


def fit_force(points: Sequence[tuple[float, float]]) -> ForceFit:
    """The line through (weight in newtons, mean code) points; InputError with one sentence when the fit is poor."""
    if len(points) < POINTS_MIN_N:
        raise InputError(
            f"{len(points)} weights are too few to see whether the cell is straight: take {POINTS_MIN_N}."
        )
    weight, code = np.asarray(points, dtype=float).T
    if np.ptp(weight) < SPREAD_MIN_REL * np.max(np.abs(weight)):
        raise InputError("The weights are too much alike: take some from near zero to near the largest pull.")
    middle = code - code.mean()
    spread = float(middle @ middle)
    if spread == 0:
        raise InputError("The load cell's code does not change with the weight: check its wires.")
    slope = float(middle @ weight) / spread
    rest = weight - weight.mean() - slope * middle
    fit = _fit(weight, code, slope, rest, spread)
    _refuse_poor(fit)
    return fit


def _fit(weight: np.ndarray, code: np.ndarray, slope: float, rest: np.ndarray, spread: float) -> ForceFit:
    freedom = len(weight) - 2
    slope_sd = math.sqrt(float(rest @ rest) / freedom / spread)
    return ForceFit(
        scale_nn=round(slope * 1e9),
        zero=round(code.mean() - weight.mean() / slope),
        residuals_n=tuple(float(r) for r in rest),
        span_pm_rel=student(freedom) * slope_sd / abs(slope),
        linearity_rel=float(np.max(np.abs(rest)) / np.max(np.abs(weight))),
    )


def _refuse_poor(fit: ForceFit) -> None:
    if fit.linearity_rel > LINEARITY_MAX_REL or fit.span_pm_rel > SPAN_MAX_REL:
        worst = max(range(len(fit.residuals_n)), key=lambda i: abs(fit.residuals_n[i]))
        raise InputError(
            f"The points are not on a line: number {worst + 1} is off by {fit.residuals_n[worst]:+.1f} N, and the "
            f"scale is only known to {100 * fit.span_pm_rel:.1f} %; check the weights and take them again."
        )
