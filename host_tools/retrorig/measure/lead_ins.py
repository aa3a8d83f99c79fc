"""Finds movement just before a walk that is no part of it: a step onto the belt, a kick, a hand on the roller.

The board follows it as the same movement where the belt stood for less than `still_ms` in between. A lead-in is short,
followed by a stand, and unlike the steps after it: it gives back far more of its way than they do, or nobody pulls in
it though they are pulled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rigcore.force import FAULT_BASE
from rigcore.verdict import SHIFT_MM

if TYPE_CHECKING:
    from retrorig.measure.bursts import Bursts, Ints

STOOD_S = 0.4
"""The belt stands for so long after a lead-in, at least."""

BACK_SHARE, BACK_FACTOR = 0.25, 2.0
"""A lead-in gives back more of its way than the second times what a step of this walk does, and the first."""

SWAY_M = 0.05
"""Who sways on the belt moves it by less, from one end to the other."""

PULL_SHARE, PULLED_CODES = 0.12, 20_000
"""Nobody pulls under this share of what a step is pulled with, if that is over the second: some 10 N."""


def without_lead_ins(bursts: Bursts, code: Ints, zero: int | None, walking: Ints) -> Ints:
    """Numbers of the walking bursts without those that lead in; `zero` is the code of a slack line."""
    back, most = _given_back(bursts, walking), _pulls(bursts, code, zero, walking)
    way_m = bursts.x_m[bursts.last[walking]] - bursts.x_m[bursts.first[walking]]
    stood_s = bursts.t_s[bursts.first[walking[1:]]] - bursts.t_s[bursts.last[walking[:-1]]]
    for at in range(len(walking) - 1):
        usual = float(np.average(most[at + 1 :], weights=way_m[at + 1 :]))
        is_pulled = usual < PULLED_CODES or most[at] >= PULL_SHARE * usual
        is_step = back[at] <= BACK_SHARE + BACK_FACTOR * np.average(back[at + 1 :], weights=way_m[at + 1 :])
        if way_m[at] >= SHIFT_MM * 1e-3 or stood_s[at] < STOOD_S or is_step and is_pulled:
            return walking[at:]
    return walking[-1:]


def last_given_back(bursts: Bursts, first: int) -> int:
    """Number of the last burst before burst `first` that gave back some of its way and was no sway; -1 for none."""
    before = np.arange(first + 1)
    way_m = bursts.x_m[bursts.last[before]] - bursts.x_m[bursts.first[before]]
    gave_back = np.flatnonzero((_given_back(bursts, before) > BACK_SHARE) & (way_m >= SWAY_M))
    return int(gave_back[-1]) if len(gave_back) else -1


def _given_back(bursts: Bursts, walking: Ints) -> NDArray[np.float64]:
    """The share of its way that each burst gives back before the next; 0 for the last."""
    start_m, top_m = bursts.x_m[bursts.first[walking]], bursts.x_m[bursts.last[walking]]
    lowest_m = np.minimum.reduceat(bursts.x_m, bursts.last[walking])
    share = (top_m - lowest_m) / np.maximum(top_m - start_m, bursts.count_m)
    share[-1] = 0.0
    return share


def _pulls(bursts: Bursts, code: Ints, zero: int | None, walking: Ints) -> NDArray[np.float64]:
    """The most that each burst was pulled with, in codes, beyond the least pull before the first; zeros where the load
    cell does not tell.
    """
    if zero is None:
        return np.zeros(len(walking))
    pull = np.abs(np.where(code < FAULT_BASE, code, zero) - zero)
    pull = np.maximum(0, pull - np.min(pull[: bursts.first[walking[0]] + 1]))
    return np.array(
        [np.max(pull[bursts.first[at] : bursts.last[at] + 1]) for at in walking], dtype=np.float64
    )
