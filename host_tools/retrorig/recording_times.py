"""The times of a recording: the unit they are really in, and gaps in which nothing was recorded."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import NamedTuple

ROWS_MIN = 20
"""Fewer rows are a drawing of a movement, not samples of one: any distance between them may be meant."""

SAMPLED_S = 0.25
"""Samples are closer than this; rows further apart are corners with straight lines between."""

GAP_S = 1.0
SPLIT_S = 10.0
"""A gap longer than this is a stand between two sets."""

STAND_M = 0.05
"""Movement in a long gap that is a stand's anyway: under 5 mm/s, no walk. Of more it is not known what happened."""

EDGE_S = 0.05
"""In a long gap the pull goes to zero and comes back within this time."""

_SLOWEST_MPS, _FASTEST_MPS = 0.05, 15.0
_MS_STEPS = (1.0, 250.0)
_YEAR_2000_S, _YEAR_2100_S = 946_684_800, 4_102_444_800


class Gap(NamedTuple):
    """Rows `after` and `after + 1`, counted from 0, are further apart than samples are."""

    after: int
    from_s: float
    to_s: float
    moved_m: float

    @property
    def is_split(self) -> bool:
        """Whether it divides what lies before it from what follows: the belt stands in it."""
        return self.to_s - self.from_s > SPLIT_S

    @property
    def left_out_m(self) -> float:
        """Movement in it that is in no set; a stand's own is made at its end."""
        return self.moved_m if self.is_split and abs(self.moved_m) > STAND_M else 0.0


def unix_scale(first: float) -> float | None:
    """What a first time is multiplied by to be Unix seconds; None when it is no time of day of this century."""
    for scale in (1.0, 1e-3, 1e-6):
        if _YEAR_2000_S <= first * scale < _YEAR_2100_S:
            return scale
    return None


def utc(unix_s: float) -> str:
    """A Unix time for people."""
    return f"{datetime.fromtimestamp(unix_s, UTC):%Y-%m-%d %H:%M:%S} UTC"


def are_milliseconds(time_s: array[float], belt_m: array[float]) -> bool:
    """Whether times called seconds are milliseconds: as seconds nobody moves, as milliseconds somebody walks."""
    if len(time_s) < ROWS_MIN or not _MS_STEPS[0] <= _step_s(time_s) <= _MS_STEPS[1]:
        return False
    pairs = zip(pairwise(time_s), pairwise(belt_m))
    fastest = max(abs(x1 - x0) / (t1 - t0) for (t0, t1), (x0, x1) in pairs)
    return 0 < fastest < _SLOWEST_MPS and fastest * 1000 < _FASTEST_MPS


def gaps(time_s: array[float], belt_m: array[float]) -> list[Gap]:
    """Where samples stop for more than GAP_S."""
    if len(time_s) < ROWS_MIN or _step_s(time_s) > SAMPLED_S:
        return []
    return [
        Gap(at, t0, t1, belt_m[at + 1] - belt_m[at])
        for at, (t0, t1) in enumerate(pairwise(time_s))
        if t1 - t0 > GAP_S
    ]


def held(columns: tuple[array[float], ...], found: list[Gap]) -> tuple[array[float], ...]:
    """time_s, belt_m and force_n in which the belt stands in each gap that splits, without pull where it had moved."""
    long = {gap.after: gap for gap in found if gap.is_split}
    if not long:
        return columns
    made = (array("d"), array("d"), array("d"))
    left_out_m = 0.0
    for at, row in enumerate(zip(*columns, strict=True)):
        _add(made, row[0], row[1] - left_out_m, row[2])
        if at in long:
            is_known = not long[at].left_out_m
            _add(made, row[0] + EDGE_S, row[1] - left_out_m, row[2] * is_known)
            _add(made, long[at].to_s - EDGE_S, row[1] - left_out_m, columns[2][at + 1] * is_known)
            left_out_m += long[at].left_out_m
    return made


def _add(columns: tuple[array[float], ...], *row: float) -> None:
    for column, value in zip(columns, row, strict=True):
        column.append(value)


def _step_s(time_s: array[float]) -> float:
    return median(t1 - t0 for t0, t1 in pairwise(time_s))
