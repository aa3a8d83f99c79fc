"""The rig's drag, fitted to ordinary sets: the pull that it takes to move it.

F = c0 + c1 v + m a: c0 is dry friction (newtons), c1 what grows with speed (newtons a metre per second), m the mass
that is moved (sled and load, or belt and rollers). The number itself is the pull at a steady 1 m/s, c0 + c1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrorig.errors import InputError
from retrorig.measure.budget import COVER, SPAN_REL, ZERO_N
from retrorig.measure.sample_table import Drawn
from retrorig.progress.drag_sums import DragSums, Spread
from retrorig.progress.intervals import Estimate, Floats, GroupedFit, fit_sums
from retrorig.progress.spin_down import SpinDown, spin_down_of
from retrorig.progress.windows import GROUP_S

REFERENCE_MPS = 1.0
GROUPS_MIN_N = 6

SPEEDS_MIN_MPS = 0.3
ACCELS_MIN_MPS2 = 0.2
"""Nine tenths of the windows must span this, or speed and mass can't be told apart from the rest."""

DOUBT_MAX_REL = 0.25
GRAVITY_MPS2 = 9.81


@dataclass(frozen=True)
class Drag:
    """drag_n: pull at a steady 1 m/s. c0_n, c1_ns_per_m, mass_kg: the law's parts. friction: c0 / (mass g), of a sled.

    All with 95 % intervals that hold the calibration's part. speeds_mps: fifth and ninety-fifth of a hundred windows;
    beyond them the number is an extrapolation. r2: share of the pull's changes that the law explains.
    empty_belt: from a spin-down, the drag without anybody on the belt; None without one.
    """

    sets: int
    time_s: float
    drag_n: Estimate
    c0_n: Estimate
    c1_ns_per_m: Estimate
    mass_kg: Estimate
    friction: Estimate | None
    speeds_mps: tuple[float, float]
    r2: float
    spin_down: SpinDown | None = None
    empty_c0_n: Estimate | None = None
    empty_drag_n: Estimate | None = None


def drag_of(sets: Iterable[Drawn], is_sled: bool, coasting: Sequence[Drawn] = ()) -> Drag:
    """Fit of ordinary sets, and of spin-downs besides; InputError when the data don't span what they must tell.

    Sets are taken one by one, as there may be many.
    """
    if is_sled and coasting:
        raise InputError(
            "A sled does not coast: leave out --spin-down, which is for the belt of a treadmill."
        )
    sums, time_s = DragSums(), 0.0
    speeds, accels = Spread(0.0, 20.0, 0.001), Spread(-50.0, 50.0, 0.01)
    for samples in sets:
        time_s += samples.duration_s
        windows = sums.add(samples)
        speeds.add(windows.speed_mps)
        accels.add(windows.accel_mps2)
    if not sums.sets_n:
        raise InputError(
            "None of these sets has a known pull over a moving belt: drag needs the calibrated load cell."
        )
    law, drag = _fit(sums.groups, speeds, accels)
    empty = spin_down_of(coasting) if coasting else None
    return Drag(
        sets=sums.sets_n,
        time_s=float(time_s),
        drag_n=drag,
        c0_n=calibrated(law.derive(lambda c: c[0]), zero_n=ZERO_N),
        c1_ns_per_m=calibrated(law.derive(lambda c: c[1])),
        mass_kg=calibrated(law.derive(lambda c: c[2])),
        friction=law.derive(lambda c: c[0] / (c[2] * GRAVITY_MPS2)) if is_sled else None,
        speeds_mps=(speeds.percentile(5), speeds.percentile(95)),
        r2=law.r2,
        spin_down=empty,
        empty_c0_n=_in_newtons(law, empty.c0_per_mass_mps2) if empty else None,
        empty_drag_n=_in_newtons(law, empty.drag_per_mass_mps2) if empty else None,
    )


def calibrated(estimate: Estimate, zero_n: float = 0.0) -> Estimate:
    """The estimate with its interval widened by the calibration's: of the span, and for forces of the zero."""
    return Estimate(
        estimate.value, math.hypot(estimate.pm, COVER * SPAN_REL * estimate.value, COVER * zero_n)
    )


def _fit(groups: Floats, speeds: Spread, accels: Spread) -> tuple[GroupedFit, Estimate]:
    if len(groups) < GROUPS_MIN_N:
        raise InputError(
            f"These sets last too short a time: drag needs at least {GROUPS_MIN_N * GROUP_S:.0f} s of movement."
        )
    _refuse_narrow(speeds, SPEEDS_MIN_MPS, "speed", "m/s", "walk slow and fast sets")
    _refuse_narrow(accels, ACCELS_MIN_MPS2, "acceleration", "m/s2", "include starts and stops")
    law = fit_sums(groups)
    if law is None:
        raise InputError(
            "Speed and acceleration don't vary apart in these sets: take sets of several speeds."
        )
    drag = calibrated(law.derive(lambda c: c[0] + c[1] * REFERENCE_MPS), zero_n=ZERO_N)
    if drag.value <= 0 or drag.pm > DOUBT_MAX_REL * drag.value:
        raise InputError(
            f"The pull does not follow the law of drag in these sets ({drag.value:.0f} +-{drag.pm:.0f} N at 1 m/s): "
            "take sets of one load on one floor, at several speeds and with a taut line."
        )
    return law, drag


def _refuse_narrow(values: Spread, wanted: float, what: str, unit: str, mend: str) -> None:
    span = values.percentile(95) - values.percentile(5)
    if span < wanted:
        raise InputError(
            f"These sets span {span:.2f} {unit} of {what}, at least {wanted} are needed: {mend}."
        )


def _in_newtons(law: GroupedFit, per_mass: Estimate) -> Estimate:
    """A spin-down's deceleration times the mass from ordinary sets."""
    mass = law.derive(lambda c: c[2])
    pm = math.hypot(per_mass.pm * mass.value, per_mass.value * mass.pm)
    return calibrated(Estimate(per_mass.value * mass.value, pm))
