"""Points of a load-velocity profile from a library's sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retrorig.errors import InputError
from retrorig.measure.sample_table import Drawn
from retrorig.progress.conditions import work_sets
from retrorig.progress.pace import Pace, pace_of
from retrorig.progress.profile import LOADS_MIN_N, Point, different
from retrorig.set_row import SetRow

AXES = {"load": "load_kg", "force": "mean_force_n"}


def points_of(
    rows: Sequence[SetRow], samples_of: Callable[[str], Drawn], axis: str | None = None
) -> tuple[str, list[Point]]:
    """The axis' key and a point for each work set with a steady part; warm-ups don't count.

    axis: "load" (noted kilograms), "force" (mean pull of the steady part), or None: load if enough loads are noted for
    a profile or every set has one. Sets without that are left out.
    """
    if axis is not None and axis not in AXES:
        raise InputError(f"--axis {axis!r} is unknown: it is {' or '.join(AXES)}.")
    sets = work_sets(rows)
    loads = [row.load_kg for row in sets if row.load_kg is not None]
    is_by_load = different(loads) >= LOADS_MIN_N or len(loads) == len(sets) > 0
    key = AXES[axis or ("load" if is_by_load else "force")]
    paces = ((row, pace_of(samples_of(row.set_id), row.cadence_spm)) for row in sets)
    points = [_point(row, pace, key) for row, pace in paces if pace is not None]
    return key, [point for point in points if point is not None]


def _point(row: SetRow, pace: Pace, key: str) -> Point | None:
    load = row.load_kg if key == "load_kg" else pace.mean_force_n
    return None if load is None else Point(row.set_id, load, pace.mean_mps)


def left_out(rows: Sequence[SetRow], points: Sequence[Point]) -> int:
    """How many work sets have no point."""
    return len(work_sets(rows)) - len(points)
