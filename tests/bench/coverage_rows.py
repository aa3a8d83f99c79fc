"""How often the stated 95 % intervals hold the truth: all walkers, each set on a rig and calibration of its own.

The walkers walk by other chance than those on which the budget was made.
"""

from __future__ import annotations

import numpy as np
from tests.bench.rows import Row, compare
from tests.measure.interval_coverage import KEYS, outcomes

from retrorig.virtual.walkers.catalogue import COMBINATIONS

SETS_N = 16
FRESH_SEED = 2_027_000
STATED_PCT, OFF_PCT, WALKER_MIN_PCT = 95.0, 2.0, 90.0


def rows() -> list[Row]:
    walkers = [one.with_seed(FRESH_SEED + number) for number, one in enumerate(COMBINATIONS)]
    found = list(outcomes(walkers, SETS_N, FRESH_SEED))
    covered = np.array([[abs(outcome[key]) <= 1 for key in KEYS] for _, outcome in found])
    names = np.array([name for name, _ in found])
    percent = 100 * covered.mean(axis=0)
    worst = {str(name): 100 * float(covered[names == name].mean()) for name in np.unique(names)}
    lowest = min(worst, key=lambda name: worst[name])
    missed = 100 - worst[lowest], 100 - WALKER_MIN_PCT
    return [
        *(_of_quantity(key, float(share), len(found)) for key, share in zip(KEYS, percent, strict=True)),
        compare(
            f"95 % intervals, all quantities of {lowest}, the worst walker, miss",
            missed[0],
            "%",
            "allowed",
            missed[1],
            1.0,
        ),
    ]


def _of_quantity(key: str, percent: float, sets_n: int) -> Row:
    """Judged by how far it is from what is stated."""
    ratio = abs(percent - STATED_PCT) / OFF_PCT
    return Row(
        f"95 % interval of {key} covers, {sets_n} sets",
        percent,
        "%",
        "stated",
        STATED_PCT,
        ratio,
        1.0,
        ratio <= 1.0,
    )
