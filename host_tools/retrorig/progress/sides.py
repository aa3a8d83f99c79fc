"""Left against right: sets of one side against sets of the other, and step against step within a set."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrorig.errors import InputError
from retrorig.measure.t_distribution import student
from retrorig.progress.conditions import work_sets
from retrorig.set_row import SetRow
from retrorig.vocabulary import FEET

COMPARED = ("mean_speed_mps", "mean_force_n", "mean_power_w", "work_j")
SETS_MIN_N = 2


@dataclass(frozen=True)
class BySide:
    """One quantity of left and right sets: means, and standard deviations within a side, both in its unit.

    index_pct: (right - left) / mean of both * 100, between sets of the same day, load, machine and attachment.
    index_pm_pct: its 95 % interval. is_certain: the interval leaves zero out.
    """

    quantity: str
    left_n: int
    right_n: int
    left: float
    right: float
    left_sd: float
    right_sd: float
    index_pct: float
    index_pm_pct: float
    is_certain: bool


@dataclass(frozen=True)
class BySteps:
    """Step against step, by the impulse of each; which foot is which is not known, so all are without sign.

    sets: that carried the measure. certain: of these, how many exceed their own 95 % interval. usual_pm_pct: the median
    of those intervals. An unsigned measure of perfectly even feet is not zero but about half its interval.
    """

    sets: int
    certain: int
    median_pct: float
    lowest_pct: float
    highest_pct: float
    usual_pm_pct: float


@dataclass(frozen=True)
class Sides:
    """why: of what is missing, the reason."""

    athlete: str | None
    by_side: list[BySide]
    by_steps: BySteps | None
    why: list[str]


def sides_of(rows: Sequence[SetRow], athlete: str | None = None) -> Sides:
    """Both comparisons; InputError when the sets allow neither."""
    usable = work_sets(rows)
    by_side = [found for key in COMPARED if (found := _compare(usable, key))]
    by_steps = _by_steps(usable)
    why = [] if by_side else [_no_sides(usable)]
    if by_steps is None:
        why.append(
            "no set has enough regular steps under pull to tell the feet apart (`retrorig show SET` says why)"
        )
    if not by_side and by_steps is None:
        raise InputError(f"Left and right can't be compared: {'; '.join(why)}.")
    return Sides(athlete, by_side, by_steps, why)


def _no_sides(rows: Sequence[SetRow]) -> str:
    marked = sum(row.side in FEET for row in rows)
    if not marked:
        return "no set is marked left or right: `retrorig edit SET --side left` does it"
    return f"{SETS_MIN_N} sets of each side with the same load on the same day are needed"


def _compare(rows: Sequence[SetRow], key: str) -> BySide | None:
    """One quantity of both sides; None where too few sets can be compared."""
    blocks = _blocks(rows, key)
    values = {side: [value for block in blocks for value in block[side]] for side in FEET}
    freedom = sum(map(len, values.values())) - len(blocks) - 1
    if min(map(len, values.values())) < SETS_MIN_N or freedom < 1:
        return None
    gap, error = _within_blocks(blocks, freedom)
    pm = student(freedom) * error
    left, right = (values[side] for side in FEET)
    return BySide(
        quantity=key,
        left_n=len(left),
        right_n=len(right),
        left=statistics.mean(left),
        right=statistics.mean(right),
        left_sd=statistics.stdev(left),
        right_sd=statistics.stdev(right),
        index_pct=_index_pct(gap),
        index_pm_pct=max(abs(_index_pct(gap + side * pm) - _index_pct(gap)) for side in (-1, 1)),
        is_certain=abs(gap) > pm,
    )


def _blocks(rows: Sequence[SetRow], key: str) -> list[dict[str, list[float]]]:
    """The values of both sides wherever a day, machine, attachment and load has both."""
    found: dict[tuple, dict[str, list[float]]] = {}
    for row in rows:
        if row.side in FEET and row.value(key) and row.value(key) > 0:
            block = (row.day, row.machine, row.attachment, row.load_kg)
            found.setdefault(block, {side: [] for side in FEET})[row.side].append(row.value(key))
    return [block for block in found.values() if all(block.values())]


def _within_blocks(blocks: list[dict[str, list[float]]], freedom: int) -> tuple[float, float]:
    """The mean difference right minus left of the logarithms less the mean of their block, and its standard error."""
    sign, logs = [], []
    for block in blocks:
        side = np.concatenate([np.full(len(block[name]), value) for name, value in zip(FEET, (-0.5, 0.5))])
        log = np.log(np.concatenate([block[name] for name in FEET]))
        sign.append(side - side.mean())
        logs.append(log - log.mean())
    x, y = np.concatenate(sign), np.concatenate(logs)
    spread = float(x @ x)
    gap = float(x @ y) / spread
    rest = y - gap * x
    return gap, math.sqrt(float(rest @ rest) / freedom / spread)


def _index_pct(log_ratio: float) -> float:
    """(right - left) / mean of both, from log(right / left)."""
    return 200 * math.tanh(log_ratio / 2)


def _by_steps(rows: Sequence[SetRow]) -> BySteps | None:
    known = [row for row in rows if row.asymmetry_pct is not None and row.gait.get("asymmetry_pm_pct")]
    if not known:
        return None
    found = np.array([row.asymmetry_pct for row in known])
    pm = np.array([row.gait["asymmetry_pm_pct"] for row in known])
    return BySteps(
        sets=len(known),
        certain=int(np.sum(found > pm)),
        median_pct=float(np.median(found)),
        lowest_pct=float(found.min()),
        highest_pct=float(found.max()),
        usual_pm_pct=float(np.median(pm)),
    )
