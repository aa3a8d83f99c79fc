"""Sets as logged by a board that records first: all samples from the stand before to the stand after.

The board's own start and end are rough, and differ from the truth by what a test gives it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.sampled import START_US, sample
from retrorig.virtual.walkers.stage import Walk
from retrorig.virtual.walkers.truth import TrueMovement
from rigcore.decode import RawSet
from rigcore.force import NO_CONVERSION

Floats = NDArray[np.float64]

NUDGED_N = 40
"""Readings after the truth at which the board has begun for sure."""

LEAD_S, AFTER_S = 1.0, 3.0
STILL_MS = 6000
"""A rig set for the heaviest sled: some of its pushes move nothing."""
NUDGE_COUNTS = 29
"""Three millimetres of the usual encoder: what a board takes for the first movement, and for new ground at the end."""


def logged(
    walk: Walk, seed: int = 0, has_cell: bool = True, off_s: float = 0.0, settings: RigSettings | None = None
) -> Iterator[tuple[TrueMovement, RawSet]]:
    """Each set of the walk with what a board would log of it; `off_s`: how much too late it sees both ends."""
    settings = settings or RigSettings()
    samples = sample(walk, seed, settings)
    code = samples.code if has_cell else np.full(len(samples.code), NO_CONVERSION)
    edges_s = [
        0.0,
        *(edge for m in walk.truth.movements for edge in (m.start_s, m.end_s + m.coast_s)),
        walk.end_s,
    ]
    for number, movement in enumerate(walk.truth.movements):
        if movement.kind != "set":
            continue
        before_s, after_s = edges_s[2 * number], edges_s[2 * number + 3]
        yield (
            movement,
            _set(samples.time_us, samples.count, code, movement, (before_s, after_s), off_s, settings),
        )


def _set(
    time_us: NDArray[np.int64],
    count: NDArray[np.int64],
    code: NDArray[np.int64],
    movement: TrueMovement,
    alone_s: tuple[float, float],
    off_s: float,
    settings: RigSettings,
) -> RawSet:
    belt_s = (time_us - START_US) * 1e-6
    around = (belt_s > alone_s[0]) & (belt_s < alone_s[1])
    time_us, count, code, belt_s = time_us[around], count[around], code[around], belt_s[around]
    place = np.searchsorted(belt_s, (movement.start_s, movement.end_s + movement.coast_s))
    start_us, end_us = _seen_us(time_us, count, int(place[0]), int(place[1]), off_s)
    kept = (time_us > start_us - LEAD_S * 1e6) & (time_us < end_us + AFTER_S * 1e6)
    raw = RawSet()
    raw.t_us, raw.count, raw.code = time_us[kept].tolist(), count[kept].tolist(), code[kept].tolist()
    raw.header = _header(start_us, settings, bool((code != NO_CONVERSION).any()))
    raw.end = {"reason": "still", "end_us": end_us, "backward_counts": 0, "forward_counts": 0}
    return raw


def _seen_us(
    time_us: NDArray[np.int64], count: NDArray[np.int64], first: int, last: int, off_s: float
) -> tuple[int, int]:
    inside = count[first : last + 1]
    nudged = first + int(np.argmax(inside > np.minimum.accumulate(inside) + NUDGE_COUNTS))
    furthest = first + int(np.argmax(inside >= inside.max() - NUDGE_COUNTS))
    nudged = min(nudged, first + NUDGED_N)
    return int(time_us[max(nudged - 1, 0)] + off_s * 1e6), int(time_us[furthest] + off_s * 1e6)


def _header(start_us: int, settings: RigSettings, has_cell: bool) -> dict[str, object]:
    return {
        "schema": 1, "rig": "whole", "boot": 1, "no": 1, "firmware": "0.1.0", "kind": "free", "machine": "treadmill",
        "athlete": "", "start_us": start_us, "start_unix_ms": None,
        "counts_per_rev": settings.counts_per_rev, "circumference_um": round(1000 * settings.circumference_mm),
        "cal": "whole",
        "zero": settings.offset_code, "scale_nn": round(1e9 / settings.counts_per_n) if has_cell else 0,
        "rate_mhz": 80_000, "delay_conv": 20, "still_ms": STILL_MS,
    }  # fmt: skip
