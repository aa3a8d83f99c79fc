"""Sets second by second, as sports programs keep time: distance, impulse and work of each second."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from retrorig.errors import InputError
from retrorig.export.sources import ExportedSet
from retrorig.measure.sample_table import SampleTable

Floats = NDArray[np.float64]

TOGETHER_S = 86_400
"""One session does not last longer than a day."""

OVERLAP_S = 1.0


@dataclass(frozen=True)
class Track:
    """One set at whole seconds.

    began_s, ended_s: seconds since 1970, UTC. start_s, end_s: whole seconds that enclose them.
    backward_m and net_m: distance so far at each of them, from 0. force_n and power_w: means over the second that ends
    there, the first one 0; None where the pull is not known. A second that the set only partly fills counts with what
    is in it, so that the sum of power over all seconds is the set's work.
    """

    one: ExportedSet
    began_s: float
    ended_s: float
    start_s: int
    end_s: int
    backward_m: Floats
    net_m: Floats
    force_n: Floats | None
    power_w: Floats | None


def tracks_of(sets: Sequence[ExportedSet]) -> list[Track]:
    """The sets in the order of time; InputError if they can't be one session of one person."""
    starts_s = {one.set_id: _start_s(one) for one in sets}
    ordered = sorted(sets, key=lambda one: starts_s[one.set_id])
    _check_session(ordered, starts_s)
    tracks: list[Track] = []
    for one in ordered:
        after_s = tracks[-1].end_s if tracks else 0
        tracks.append(_track(one, starts_s[one.set_id], after_s))
    return tracks


def _start_s(one: ExportedSet) -> float:
    started = one.row.started_utc
    if started is None:
        raise InputError(
            f"Set {one.set_id} has no date, because the rig's clock was not set, and a FIT activity needs one: "
            "export it as csv, xlsx, parquet or json."
        )
    return datetime.fromisoformat(started).timestamp()


def _check_session(ordered: Sequence[ExportedSet], starts_s: dict[str, float]) -> None:
    if len({one.row.athlete for one in ordered}) > 1:
        raise InputError("A FIT activity belongs to one athlete: export each athlete's sets by themselves.")
    for one, after in zip(ordered, ordered[1:]):
        if starts_s[after.set_id] < starts_s[one.set_id] + one.row.duration_s - OVERLAP_S:
            raise InputError(
                f"Sets {one.set_id} and {after.set_id} overlap in time, as when a clock was set back: "
                "export them as FIT one by one."
            )
    if starts_s[ordered[-1].set_id] - starts_s[ordered[0].set_id] > TOGETHER_S:
        raise InputError(
            "A FIT activity is one session, and these sets span more than a day: export each day alone."
        )


def _track(one: ExportedSet, began_s: float, after_s: int) -> Track:
    start_s = max(math.floor(began_s), after_s)
    end_s = max(math.ceil(began_s + one.row.duration_s), start_s + 1)
    samples = one.samples()
    at_s = np.arange(start_s, end_s + 1, dtype=float) - began_s
    at_s[0] = 0.0  # whatever is before the first whole second belongs to it
    pull = samples.has_force
    middle_n = (samples.bridged_n[1:] + samples.bridged_n[:-1]) / 2
    return Track(
        one, began_s, began_s + one.row.duration_s, start_s, end_s,
        backward_m=_so_far(samples, samples.backward_m, at_s),
        net_m=_so_far(samples, samples.distance_m, at_s),
        force_n=_each(samples, middle_n * np.diff(samples.time_s), at_s) if pull else None,
        power_w=_each(samples, middle_n * np.diff(samples.backward_m), at_s) if pull else None,
    )  # fmt: skip


def _so_far(samples: SampleTable, values: Floats, at_s: Floats) -> Floats:
    return np.interp(at_s, samples.time_s, values) if len(samples.time_s) else np.zeros(len(at_s))


def _each(samples: SampleTable, parts: Floats, at_s: Floats) -> Floats:
    """How much of the parts between samples fell into each second."""
    whole = _so_far(samples, np.concatenate(([0.0], np.cumsum(parts))), at_s)
    return np.diff(whole, prepend=0.0)
