"""A thinned model of the rig: the sensors as formulas in front of the firmware's own session, without chip and link.

Quick enough for hundreds of rigs that differ as real ones do. What it leaves out (queue, flash, line) is on the
virtual rig, which the same tests use for a few sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from tests.measure.walks import GRID_S, Walk

from rigcore.decode import RawSet
from rigcore.motion import Geometry
from rigcore.session import Session

WAIT_S = 3.5
REST_S = 4.0
COUNTS_PER_REV = 2400
CIRCUMFERENCE_UM = 250_000
COUNTS_PER_N = 2147.0
CAPACITY_N = 2000.0
ZERO = 35_000
NOISE_CODES = 38
PERIOD_TICKS = 1 << 30


@dataclass(frozen=True)
class Errors:
    """How far a rig's belief is from the truth: relative, newtons, and newtons an hour."""

    roller_rel: float = 0.0
    span_rel: float = 0.0
    bend_n: float = 0.0
    zero_n: float = 0.0
    drift_n_per_h: float = 0.0
    crystal_rel: float = 0.0

    @staticmethod
    def drawn(chance: Random) -> Errors:
        """A rig like any other: the standard deviations that the written budget names."""
        return Errors(
            roller_rel=chance.gauss(0, 0.0015),
            span_rel=chance.gauss(0, 0.004),
            bend_n=chance.gauss(0, 0.37),
            zero_n=chance.gauss(0, 0.4),
            drift_n_per_h=chance.gauss(0, 6.0),
            crystal_rel=chance.gauss(0, 20e-6),
        )


class Tape:
    """Takes the place of the set writer."""

    def __init__(self) -> None:
        self.sets: list[RawSet] = []

    full = False

    def begin(self, header: dict, is_sure: bool = True) -> bool:
        self.sets.append(RawSet())
        self.sets[-1].header = header
        return True

    def add(self, turns: int, ticks: int, count: int, code: int) -> None:
        raw = self.sets[-1]
        raw.t_us.append(turns * PERIOD_TICKS + ticks)
        raw.count.append(count)
        raw.code.append(code)

    def drop(self, fields: dict) -> None:
        """It was no set."""
        self.sets.pop()

    def flush(self) -> None:
        pass

    def end(self, fields: dict) -> None:
        self.sets[-1].end = fields


def record(
    walk: Walk, errors: Errors, rate_hz: float, seed: int, counts_per_rev: int = COUNTS_PER_REV
) -> list[RawSet]:
    """The sets that a rig with these errors makes of a walk."""
    chance = Random(seed)
    tape = Tape()
    believed_um = round(CIRCUMFERENCE_UM * (1 + errors.roller_rel))
    scale_nn = round(1e9 / COUNTS_PER_N * (1 + errors.span_rel))
    geometry = Geometry(counts_per_rev, believed_um)
    session = Session(geometry, tape, lambda start_us: header_of(start_us, geometry, scale_nn))
    start_ticks = PERIOD_TICKS - 5_000_000  # the counter wraps during the walk
    forces_n = _filtered(walk, rate_hz)
    for number in range(int((WAIT_S + walk.end_s + REST_S) * rate_hz)):
        late_s = 30e-6 + 70e-6 * chance.random() + (0.003 if chance.random() < 0.02 else 0)
        ready_s = number / rate_hz
        at_s = ready_s + late_s
        ticks = round(start_ticks + at_s * (1 + errors.crystal_rel) * 1e6) % PERIOD_TICKS
        code = _code(forces_n[number], ready_s, errors) + round(chance.gauss(0, NOISE_CODES))
        session.feed(ticks, _count(walk, at_s, counts_per_rev), code)
    return tape.sets


def _count(walk: Walk, at_s: float, counts_per_rev: int) -> int:
    return math.floor(walk.position_m(at_s - WAIT_S) * 1e6 * counts_per_rev / CIRCUMFERENCE_UM + 0.5)


def _code(force_n: float, at_s: float, errors: Errors) -> int:
    share = force_n / CAPACITY_N
    bent_n = force_n + 4 * errors.bend_n * share * (1 - share)
    return round(ZERO + COUNTS_PER_N * (bent_n + errors.zero_n + errors.drift_n_per_h * at_s / 3600))


def _filtered(walk: Walk, rate_hz: float) -> np.ndarray:
    """The pull at each conversion: four averages over a conversion's length, one after the other."""
    fine_n = 8
    step_s = 1 / rate_hz / fine_n
    n = int((WAIT_S + walk.end_s + REST_S) * rate_hz) + 1
    # Middles of the fine steps; each of the last three averages over 8 points is centred half a step short of one over
    # the conversion's whole length.
    times_s = (np.arange(n * fine_n) + 0.5 - 1.5) * step_s - WAIT_S
    fine = np.interp(times_s, np.arange(len(walk.pull_n)) * GRID_S, walk.pull_n, left=0.0, right=0.0)
    box = np.ones(fine_n) / fine_n
    kernel = np.convolve(np.convolve(box, box), np.convolve(box, box))
    smooth = np.convolve(np.concatenate((np.zeros(len(kernel) - 1), fine)), kernel, mode="valid")
    return np.concatenate(([0.0], smooth[fine_n - 1 :: fine_n]))


def header_of(start_us: int, geometry: Geometry, scale_nn: int) -> dict:
    return {
        "schema": 1, "rig": "thin", "boot": 1, "no": 1, "firmware": "0.1.0", "kind": "free", "machine": "treadmill",
        "athlete": "", "start_us": start_us, "start_unix_ms": None, "counts_per_rev": geometry.counts_per_rev,
        "circumference_um": geometry.circumference_um, "cal": "thin", "zero": ZERO, "scale_nn": scale_nn,
        "rate_mhz": 80_000, "delay_conv": 20,
    }  # fmt: skip
