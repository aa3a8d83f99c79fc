"""A table, walker by walker, of how good the numbers are and what the data do not tell.

`python -m tests.bench.walker_table [NAME]`. Speed and power: RMS error against the best peer and the count difference,
as in hindsight_rows. Steps: found of all pushes, and invented, with a load cell and without. Peaks: the worst of force,
speed and power against the truth, percent. Then why something is blank, and the reasons of the grades.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import numpy as np
from tests.bench.hindsight_rows import of_walker
from tests.measure.interval_coverage import truth_of
from tests.measure.true_steps import matched_n, true_steps_s
from tests.measure.whole_rig import logged

from retrorig.measure.gait import step_times
from retrorig.measure.metrics import measure
from retrorig.measure.samples import sample_set
from retrorig.virtual.walkers.catalogue import COMBINATIONS, Combination

HEADING = (
    f"{'walker':16s} {'speed: best diff.':>17s} {'power':>5s} {'steps':>8s} {'no cell':>8s} {'peaks: N m/s W':>18s}"
    "  blank or doubted because"
)
PEAKS = ("peak_force_n", "peak_speed_mps", "peak_power_w")


@dataclass
class Tally:
    """Of one walker's sets: (pushes, found of them, invented) with a cell and without; peaks off; what is said."""

    steps: dict[bool, np.ndarray] = field(
        default_factory=lambda: {True: np.zeros(3, int), False: np.zeros(3, int)}
    )
    peaks_pct: np.ndarray = field(default_factory=lambda: np.zeros(len(PEAKS)))
    said: list[str] = field(default_factory=list)


def main(only: str = "") -> None:
    print(HEADING)
    for number, walker in enumerate(COMBINATIONS):
        if walker.name.startswith(only):
            print(_line(number, walker), flush=True)


def _line(number: int, walker: Combination) -> str:
    ratios, tally = of_walker(number), _tally(walker)
    best, difference, power = (f"{ratio:.2f}" for ratio in ratios) if ratios else ("-", "-", "-")
    counts = {
        has_cell: f"{right}/{true}{'+' + str(more) if more else ''}"
        for has_cell, (true, right, more) in tally.steps.items()
    }
    peaks = " ".join(f"{pct:+.1f}" for pct in tally.peaks_pct)
    numbers = f"{best:>11s} {difference:>5s} {power:>5s} {counts[True]:>8s} {counts[False]:>8s} {peaks:>18s}"
    return f"{walker.name:16s} {numbers}  {'; '.join(dict.fromkeys(tally.said))}"


def _tally(walker: Combination) -> Tally:
    tally, walk = Tally(), walker.walk()
    for has_cell in (True, False):
        for movement, raw in logged(walk, has_cell=has_cell):
            samples, found = sample_set(raw), measure(raw)
            steps_s = step_times(samples)[0]
            true_s = true_steps_s(movement, samples, least_share=-np.inf)
            right = matched_n(steps_s, true_s)
            tally.steps[has_cell] += (len(true_s), right, len(steps_s) - right)
            if has_cell:
                truth = truth_of(walk, movement)
                off_pct = np.array([100 * (found[key] / truth[key] - 1) for key in PEAKS])
                tally.peaks_pct = np.where(
                    np.abs(off_pct) > np.abs(tally.peaks_pct), off_pct, tally.peaks_pct
                )
                tally.said += [*found["null_reasons"].values(), *found["quality_reasons"]]
    return tally


if __name__ == "__main__":
    main(*sys.argv[1:2])
