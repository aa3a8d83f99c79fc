"""The instants of a set's samples: those that its conversions speak of, and the readings where it was silent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure import timebase
from retrorig.measure.conversions import Conversions
from retrorig.measure.motion import Motion
from retrorig.measure.readings import Readings

Floats = NDArray[np.float64]


class Instants(NamedTuple):
    """time_s: of the samples, from 0 to the set's duration. is_silent: which of them no sound conversion speaks of.

    spoken_s: which instant each conversion of the whole log speaks of, `delay_s` before it was ready. step_s: the
    usual time between conversions.
    """

    time_s: Floats
    is_silent: NDArray[np.bool_]
    spoken_s: Floats
    delay_s: float
    step_s: float


def instants_of(raw: Readings, conversions: Conversions, motion: Motion) -> Instants:
    """The instants from the set's first movement to its last, both included."""
    step_s = (conversions.period_us or raw.period_us) * 1e-6 or 1.0
    delay_s = raw.header.get("delay_conv", 0) / 10 * step_s
    spoken_s = (conversions.ready_us - motion.start_us) * 1e-6 - delay_s
    read_s = _inside(motion.t_s, motion.duration_s)[0]
    instants_s, is_sound = _with_silences(spoken_s, conversions.sound, read_s, step_s)
    inner_s, inside = _inside(instants_s, motion.duration_s)
    time_s = np.concatenate(([0.0], inner_s, [motion.duration_s]))
    time_s = time_s if motion.duration_s > 0 else time_s[:1]
    is_silent = np.zeros(len(time_s), dtype=bool)
    np.logical_not(is_sound[inside], out=is_silent[1 : 1 + len(inner_s)])
    return Instants(time_s, is_silent, spoken_s, delay_s, step_s)


def _inside(at_s: Floats, duration_s: float) -> tuple[Floats, slice]:
    """Those of these times, in order, that are inside the set, and where they are."""
    inside = slice(at_s.searchsorted(0.0, "right"), at_s.searchsorted(duration_s))
    return at_s[inside], inside


def _with_silences(
    spoken_s: Floats, sound: NDArray[np.bool_], read_s: Floats, step_s: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """The instants and the readings that are further than a conversion from any of them; which have a sound one."""
    if not len(spoken_s):
        return read_s, np.zeros(len(read_s), dtype=bool)
    near_s = timebase.GAP_PERIODS * step_s
    if are_among(read_s, spoken_s, 2 * near_s):
        return spoken_s, sound
    before_s, after_s = neighbours(spoken_s, read_s)
    lonely = np.minimum(np.abs(read_s - before_s), np.abs(after_s - read_s)) > near_s
    if not lonely.any():
        return spoken_s, sound
    instants_s = np.concatenate((spoken_s, read_s[lonely]))
    order = np.argsort(instants_s, kind="stable")
    return instants_s[order], np.concatenate((sound, np.zeros(int(lonely.sum()), dtype=bool)))[order]


def are_among(at_s: Floats, others_s: Floats, apart_s: float) -> bool:
    """Whether each of these times lies between two of the others that are no further apart; both are in order."""
    if not len(at_s):
        return True
    is_between = bool(others_s[0] <= at_s[0] and at_s[-1] <= others_s[-1])
    return is_between and bool((others_s[1:] - others_s[:-1]).max(initial=0.0) <= apart_s)


def neighbours(others_s: Floats, at_s: Floats) -> tuple[Floats, Floats]:
    """The others before and after each time; at the ends the nearest one."""
    after = others_s.searchsorted(at_s)
    return others_s[np.maximum(after - 1, 0)], others_s[np.minimum(after, len(others_s) - 1)]
