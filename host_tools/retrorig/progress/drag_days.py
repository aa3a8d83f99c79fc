"""How a rig's drag changed: its dry friction day by day, with the part that grows with speed and the mass in common.

One fit of F = c0(day) + c1 v + m a over all days. A single day's sets rarely span enough speeds for c1; all days
together do, and then a few ordinary sets tell how high a day's friction was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from retrorig.errors import InputError
from retrorig.measure.budget import COVER, ZERO_N
from retrorig.measure.sample_table import Drawn
from retrorig.progress.days_fit import DaysFit, fit_days
from retrorig.progress.drag import REFERENCE_MPS
from retrorig.progress.drag_sums import DragSums
from retrorig.progress.intervals import Estimate
from retrorig.progress.windows import GROUP_S

DAY_GROUPS_MIN_N = 4


@dataclass(frozen=True)
class DragDay:
    """drag_n: pull at a steady 1 m/s on that day. change_n: against the first day, smallest_change_n: what chance and
    the tare may do between two days (one calibration is taken for both)."""

    day: str
    sets: int
    drag_n: Estimate
    change_n: float | None
    smallest_change_n: float | None


@dataclass(frozen=True)
class DragHistory:
    """left_out: days with too little movement under a known pull."""

    days: list[DragDay]
    c1_ns_per_m: Estimate
    mass_kg: Estimate
    left_out: list[str]


def drag_history(days: Mapping[date, Iterable[Drawn]]) -> DragHistory:
    """InputError unless two days or more have enough sets. Sets are taken one by one, as there may be many."""
    sums = {day: _sums(sets) for day, sets in sorted(days.items())}
    usable = {day: of_day for day, of_day in sums.items() if of_day.stretches_n >= DAY_GROUPS_MIN_N}
    if len(usable) < 2:
        raise InputError(
            f"A history needs two days with {DAY_GROUPS_MIN_N * GROUP_S:.0f} s of pulling each under equal conditions; "
            f"there {'is one' if usable else 'is none'}."
        )
    law = fit_days([of_day.groups for of_day in usable.values()])
    if law is None:
        raise InputError(
            "Speed and acceleration don't vary apart in these sets: take sets of several speeds."
        )
    return DragHistory(
        days=[_day(law, number, day, of_day.sets_n) for number, (day, of_day) in enumerate(usable.items())],
        c1_ns_per_m=law.estimate(lambda fit: fit.slopes[..., 0]),
        mass_kg=law.estimate(lambda fit: fit.slopes[..., 1]),
        left_out=[day.isoformat() for day in days if day not in usable],
    )


def _sums(sets: Iterable[Drawn]) -> DragSums:
    found = DragSums()
    for samples in sets:
        found.add(samples)
    return found


def _day(law: DaysFit, number: int, day: date, sets_n: int) -> DragDay:
    drag = law.estimate(lambda fit: fit.level(number) + REFERENCE_MPS * fit.slopes[..., 0])
    shown = Estimate(drag.value, math.hypot(drag.pm, COVER * ZERO_N))
    if number == 0:
        return DragDay(day.isoformat(), sets_n, shown, None, None)
    change = law.estimate(lambda fit: fit.level(number) - fit.level(0))
    return DragDay(
        day.isoformat(), sets_n, shown, change.value, math.hypot(change.pm, math.sqrt(2) * COVER * ZERO_N)
    )
