"""How a rig's drag changed: its dry friction day by day, with the part that grows with speed and the mass in common.

One fit of F = c0(day) + c1 v + m a over all days. A single day's sets rarely span enough speeds for c1; all days
together do, and then a few ordinary sets tell how high a day's friction was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from retrorig.errors import InputError
from retrorig.measure.budget import COVER, ZERO_N
from retrorig.measure.samples import Samples
from retrorig.progress.drag import REFERENCE_MPS
from retrorig.progress.intervals import Estimate, GroupedFit, fit_groups
from retrorig.progress.windows import GROUP_S, Windows, windows_of

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


def drag_history(days: Mapping[date, Iterable[Samples]]) -> DragHistory:
    """InputError unless two days or more have enough sets."""
    windows = {day: _known(sets) for day, sets in days.items()}
    usable = {day: parts for day, parts in windows.items() if _groups_n(parts) >= DAY_GROUPS_MIN_N}
    if len(usable) < 2:
        raise InputError(
            f"A history needs two days with {DAY_GROUPS_MIN_N * GROUP_S:.0f} s of pulling each under equal conditions; "
            f"there {'is one' if usable else 'is none'}."
        )
    law = _fit(usable)
    count = len(usable)
    first = list(usable).index(min(usable))
    found = [_day(law, number, count, first, day, len(usable[day])) for number, day in enumerate(usable)]
    return DragHistory(
        days=sorted(found, key=lambda entry: entry.day),
        c1_ns_per_m=law.derive(lambda c: c[count]),
        mass_kg=law.derive(lambda c: c[count + 1]),
        left_out=[day.isoformat() for day in days if day not in usable],
    )


def _known(sets: Iterable[Samples]) -> list[Windows]:
    parts = [part.only(~np.isnan(part.force_n)) for part in map(windows_of, sets)]
    return [part for part in parts if len(part.speed_mps)]


def _groups_n(parts: list[Windows]) -> int:
    return sum(int(part.groups(GROUP_S).max()) + 1 for part in parts)


def _fit(days: Mapping[date, list[Windows]]) -> GroupedFit:
    """Columns: one for each day's c0, then speed, then acceleration."""
    terms, force, group, first = [], [], [], 0
    for number, parts in enumerate(days.values()):
        for part in parts:
            own = np.zeros((len(part.speed_mps), len(days)))
            own[:, number] = 1.0
            terms.append(np.column_stack((own, part.speed_mps, part.accel_mps2)))
            force.append(part.force_n)
            group.append(part.groups(GROUP_S) + first)
            first = int(group[-1].max()) + 1
    law = fit_groups(np.concatenate(terms), np.concatenate(force), np.concatenate(group))
    if law is None:
        raise InputError(
            "Speed and acceleration don't vary apart in these sets: take sets of several speeds."
        )
    return law


def _day(law: GroupedFit, number: int, days_n: int, first: int, day: date, sets_n: int) -> DragDay:
    drag = law.derive(lambda c: c[number] + c[days_n] * REFERENCE_MPS)
    shown = Estimate(drag.value, math.hypot(drag.pm, COVER * ZERO_N))
    if number == first:
        return DragDay(day.isoformat(), sets_n, shown, None, None)
    change = law.derive(lambda c: c[number] - c[first])
    return DragDay(
        day.isoformat(), sets_n, shown, change.value, math.hypot(change.pm, math.sqrt(2) * COVER * ZERO_N)
    )
