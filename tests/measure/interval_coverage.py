"""How often the stated 95 % intervals hold the truth: walkers, rigs and calibrations drawn from the budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from tests.measure.whole_rig import logged

from retrorig.measure import budget
from retrorig.measure.metrics import measure
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.catalogue import Combination
from retrorig.virtual.walkers.sampled import START_US
from retrorig.virtual.walkers.stage import GRID_S, Walk
from retrorig.virtual.walkers.truth import TrueMovement
from rigcore.decode import RawSet
from rigcore.force import FAULT_BASE

KEYS = (
    "backward_m", "mean_speed_mps", "mean_force_n", "work_j", "mean_power_w",
    "peak_speed_mps", "peak_force_n", "peak_power_w",
)  # fmt: skip
BELIEVED = RigSettings()
CAPACITY_N = budget.CAPACITY_CODES / BELIEVED.counts_per_n

SETTLING_S = 1.0
"""A loaded cell creeps up and down again in about this time."""

ROLLER_PM_PPM, SPAN_PM_PPM = (1_000, 8_000), (2_000, 8_000)
"""What calibrations are known to that stand in a set's header; half of the rigs have none there."""


@dataclass(frozen=True)
class Rig:
    """A rig like any other. What its sets' headers believe of it is BELIEVED, known as well as `sureness` says."""

    roller_rel: float
    span_rel: float
    bend_n: float
    zero_n: float
    creep_n: float
    delay_s: float
    crystal_rel: float
    sureness: dict[str, int]

    @staticmethod
    def drawn(chance: Random) -> Rig:
        sureness = {}
        if chance.random() < 0.5:
            sureness = {
                "circumference_pm_ppm": chance.randint(*ROLLER_PM_PPM),
                "span_pm_ppm": chance.randint(*SPAN_PM_PPM),
            }
        bend_n = budget.LINEARITY_CODES / BELIEVED.counts_per_n
        return Rig(
            roller_rel=chance.gauss(0, budget.roller_sd_rel(sureness)),
            span_rel=chance.gauss(0, budget.span_sd_rel(sureness)),
            bend_n=chance.gauss(0, bend_n),
            zero_n=chance.gauss(0, budget.ZERO_N),
            creep_n=chance.gauss(0, budget.ZERO_REST_N),
            delay_s=chance.gauss(0, budget.ALIGN_S),
            crystal_rel=chance.gauss(0, budget.CLOCK_REL),
            sureness=sureness,
        )

    @property
    def settings(self) -> RigSettings:
        """The true rig, where the header has BELIEVED."""
        return RigSettings(
            circumference_mm=BELIEVED.circumference_mm / (1 + self.roller_rel),
            counts_per_n=BELIEVED.counts_per_n * (1 + self.span_rel),
        )

    def believes(self, raw: RawSet) -> RawSet:
        """The set as this rig keeps it: its cell is bent and creeps, its zero, delay and clock are a little off."""
        codes, t_us = np.array(raw.code), np.array(raw.t_us)
        late = np.interp(
            t_us - self.delay_s * 1e6, t_us, np.where(codes < FAULT_BASE, codes, BELIEVED.offset_code)
        )
        share = np.clip((late - BELIEVED.offset_code) / BELIEVED.counts_per_n / CAPACITY_N, 0.0, 1.0)
        off_n = self.zero_n + self._creep_n(raw, t_us) + 4 * self.bend_n * share * (1 - share)
        shifted = np.rint(late + off_n * BELIEVED.counts_per_n).astype(np.int64)
        raw.code = np.where(codes < FAULT_BASE, shifted, codes).tolist()
        raw.t_us = [self._clock_us(t_us) for t_us in raw.t_us]
        raw.header |= {
            "start_us": self._clock_us(raw.header["start_us"]),
            "circumference_um": round(1000 * BELIEVED.circumference_mm),
            "scale_nn": round(1e9 / BELIEVED.counts_per_n),
            **self.sureness,
        }
        raw.end = {**(raw.end or {}), "end_us": self._clock_us((raw.end or {})["end_us"])}
        return raw

    def _creep_n(self, raw: RawSet, t_us: NDArray[np.int64]) -> NDArray[np.float64]:
        start_us, end_us = raw.header["start_us"], (raw.end or {})["end_us"]
        loaded_s = np.clip(t_us - start_us, 0, end_us - start_us) * 1e-6
        since_s = np.maximum(t_us - end_us, 0) * 1e-6
        return self.creep_n * (1 - np.exp(-loaded_s / SETTLING_S)) * np.exp(-since_s / SETTLING_S)

    def _clock_us(self, at_us: int) -> int:
        return START_US + round((at_us - START_US) * (1 + self.crystal_rel))


def truth_of(walk: Walk, movement: TrueMovement) -> dict[str, float]:
    """The quantities of one of the walk's sets by its own rows."""
    rows = slice(round(movement.start_s / GRID_S), round(movement.end_s / GRID_S) + 1)
    speed, pull = walk.speed_mps()[rows], walk.pull_n[rows]
    return {
        "backward_m": movement.backward_m,
        "mean_speed_mps": movement.mean_speed_mps,
        "mean_force_n": movement.mean_force_n,
        "work_j": movement.work_j - movement.braked_j,
        "mean_power_w": (movement.work_j - movement.braked_j) / movement.duration_s,
        "peak_speed_mps": float(speed.max()),
        "peak_force_n": movement.peak_force_n,
        "peak_power_w": float((pull * speed).max()),
    }


def outcomes(
    combinations: Sequence[Combination], sets_n: int, first_seed: int = 0
) -> Iterator[tuple[str, dict[str, float]]]:
    """Walker and, by quantity, error over stated interval, of so many sets of each, each on a rig of its own."""
    for number, combination in enumerate(combinations):
        walk = combination.walk()
        for turn in range(sets_n):
            seed = first_seed + 1000 * number + turn
            rig = Rig.drawn(Random(seed))
            sets = list(logged(walk, seed, settings=rig.settings))
            movement, raw = sets[turn % len(sets)]
            found, truth = measure(rig.believes(raw)), truth_of(walk, movement)
            yield (
                combination.person.name,
                {key: (found[key] - truth[key]) / found["uncertainty"][key] for key in KEYS},
            )
