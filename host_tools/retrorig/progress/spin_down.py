"""A belt that coasts with nobody on it: 0 = c0 + c1 v + m a, so its deceleration tells c0/m and c1/m."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.errors import InputError
from retrorig.measure.sample_table import Drawn
from retrorig.progress.intervals import Estimate, fit_groups
from retrorig.progress.windows import WINDOW_S, Windows, windows_of

COAST_MIN_S = 1.5
FALLS_TO = 0.6
"""The speed must fall to this much of what it was, or the part that grows with speed can't be seen."""

SLACK_N = 3.0
GROUP_S = 0.4
MEND = "bring the empty belt to walking speed by hand, let go, and let it run out with the line slack"


@dataclass(frozen=True)
class SpinDown:
    """c0_per_mass_mps2: deceleration by dry friction. c1_per_mass_per_s: what each metre per second adds.

    drag_per_mass_mps2: both at 1 m/s. All with 95 % intervals. time_s: how long it coasted, of all spin-downs together.
    """

    c0_per_mass_mps2: Estimate
    c1_per_mass_per_s: Estimate
    drag_per_mass_mps2: Estimate
    time_s: float
    speeds_mps: tuple[float, float]


def spin_down_of(sets: Sequence[Drawn]) -> SpinDown:
    """From sets that each hold a coasting belt; InputError if one doesn't, or if they don't tell enough."""
    parts = [_coasting(windows_of(samples)) for samples in sets]
    numbers, first = [], 0
    for part in parts:
        numbers.append(part.groups(GROUP_S) + first)
        first = int(numbers[-1].max()) + 1
    speed, accel = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("speed_mps", "accel_mps2")
    )
    fit = fit_groups(np.column_stack((np.ones(len(speed)), speed)), -accel, np.concatenate(numbers))
    if fit is None:
        raise InputError(f"The spin-down is too short to tell friction from speed: {MEND}.")
    return SpinDown(
        c0_per_mass_mps2=fit.derive(lambda c: c[0]),
        c1_per_mass_per_s=fit.derive(lambda c: c[1]),
        drag_per_mass_mps2=fit.derive(lambda c: c[0] + c[1]),
        time_s=WINDOW_S * len(speed),
        speeds_mps=(float(speed.min()), float(speed.max())),
    )


def _coasting(windows: Windows) -> Windows:
    """The longest run of windows that only slow down, with a slack line, but for its first and last."""
    slack = np.isnan(windows.force_n) | (np.abs(windows.force_n) <= SLACK_N)
    coasts = np.concatenate(([0], (slack & (windows.accel_mps2 < 0)).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(coasts))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    first, after = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    run = windows.only((np.arange(len(coasts) - 2) > first) & (np.arange(len(coasts) - 2) < after - 1))
    if WINDOW_S * len(run.speed_mps) < COAST_MIN_S or run.speed_mps[-1] > FALLS_TO * run.speed_mps[0]:
        raise InputError(f"A set given as a spin-down holds no coasting belt: {MEND}.")
    return run
