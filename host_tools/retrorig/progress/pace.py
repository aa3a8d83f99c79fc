"""A set's steady part: after the start's acceleration and before the stop's. How fast it was, and how much was lost.

The steady part reaches from the first to the last moment at which the speed over half a second is nine tenths of what
is usual in the set's first and last third. It is cut into stretches of about a second, each of whole strides,
so that neither the swing within a step nor one stronger leg counts as tiring; the last stretch ends with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.sample_table import Drawn
from retrorig.measure.t_distribution import student
from retrorig.progress.intervals import fit_line

STEADY_REL = 0.9
OVER_S = 0.5
GRID_S = 0.05
STRETCH_S = 1.0
STRETCHES_MIN_N = 4
"""A line through fewer leaves no more than one difference to tell chance by."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pace:
    """start_s, end_s: the steady part, since the set's start. stretch_mps: mean speed of each stretch, in order.

    stretch_end_m: net backward distance at the end of each stretch.
    """

    start_s: float
    end_s: float
    mean_mps: float
    mean_force_n: float | None
    stretch_mps: Floats
    stretch_end_m: Floats

    @property
    def best_mps(self) -> float:
        """The fastest stretch."""
        return float(np.max(self.stretch_mps))

    @property
    def loss_pct(self) -> float:
        """How much slower the last stretch was than the fastest, percent of the fastest.

        L. Sanchez-Medina, J. J. Gonzalez-Badillo, Medicine & Science in Sports & Exercise 43(9), 2011, with stretches
        in the place of repetitions.
        """
        return 100 * (1 - float(self.stretch_mps[-1]) / self.best_mps)

    @property
    def loss_pm_pct(self) -> float:
        """By how much two stretches differ by chance, at 95 %: from their scatter about a straight line, percent."""
        line = fit_line(np.arange(len(self.stretch_mps), dtype=float), self.stretch_mps)
        return 100 * student(len(self.stretch_mps) - 2) * math.sqrt(2) * line.sd / self.best_mps

    def below(self, speed_mps: float) -> float | None:
        """Distance at the end of the first stretch after the fastest that was slower than this; None if none was."""
        best = int(np.argmax(self.stretch_mps))
        slow = np.flatnonzero(self.stretch_mps[best:] < speed_mps)
        return float(self.stretch_end_m[best + slow[0]]) if len(slow) else None


def pace_of(samples: Drawn, cadence_spm: float | None) -> Pace | None:
    """The pace of a set; None if its steady part is too short. cadence_spm: steps a minute, if known."""
    if len(samples.time_s) < 3:
        return None
    ends_s = _steady(samples)
    stretch_s = _stretch_s(cadence_spm)
    if ends_s is None or ends_s[1] - ends_s[0] < STRETCHES_MIN_N * stretch_s:
        return None
    start_s, end_s = ends_s
    cuts_s = end_s - stretch_s * np.arange(int((end_s - start_s) / stretch_s + 1e-9), -1, -1)
    cut_m = np.interp(cuts_s, samples.time_s, samples.distance_m)
    mean_mps = float(np.diff(np.interp(ends_s, samples.time_s, samples.distance_m))[0]) / (end_s - start_s)
    force_n = _mean_force_n(samples, start_s, end_s)
    return Pace(start_s, end_s, mean_mps, force_n, np.diff(cut_m) / stretch_s, cut_m[1:])


def _stretch_s(cadence_spm: float | None) -> float:
    stride_s = 120 / cadence_spm if cadence_spm else STRETCH_S
    return stride_s * max(1, round(STRETCH_S / stride_s))


def _steady(samples: Drawn) -> tuple[float, float] | None:
    last_s = float(samples.time_s[-1])
    middles_s = np.arange(OVER_S / 2, last_s - OVER_S / 2, GRID_S)
    if len(middles_s) < 3 or samples.distance_m[-1] <= 0:
        return None
    ends = (np.interp(middles_s + side * OVER_S / 2, samples.time_s, samples.distance_m) for side in (1, -1))
    speed_mps = np.subtract(*ends) / OVER_S
    third = max(1, len(speed_mps) // 3)
    usual_mps = [float(np.median(part)) for part in (speed_mps[:third], speed_mps[-third:])]
    if min(usual_mps) <= 0:
        return None
    first, last = (np.flatnonzero(speed_mps >= STEADY_REL * usual) for usual in usual_mps)
    return float(middles_s[first[0]]), float(middles_s[last[-1]])


def _mean_force_n(samples: Drawn, start_s: float, end_s: float) -> float | None:
    if not samples.has_force:
        return None
    inside = (samples.time_s >= start_s) & (samples.time_s <= end_s)
    return float(np.mean(samples.bridged_n[inside]))
