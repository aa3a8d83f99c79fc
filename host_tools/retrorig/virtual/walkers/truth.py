"""What a walker truly did: sets, remarks, steps and metres, known exactly because they were computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SET, REMARK = "set", "remark"
"""Walking that makes a set; movement that is none (a kick, a hand on the roller)."""


@dataclass(frozen=True)
class TrueStep:
    """One push of a leg: its middle and ends (s since the belt's start), the foot (0 or 1), the peak pull (N)."""

    time_s: float
    start_s: float
    end_s: float
    foot: int
    peak_n: float


@dataclass(frozen=True)
class TrueMovement:
    """A set or a remark. Times in s since the belt's start, lengths in m, both directions positive.

    A set lasts from its first backward movement to the last new ground that walking made. What coasts on after
    that without anybody on the belt is `coast_m` in `coast_s`, and not part of `backward_m`. `work_j` is the
    integral of F dx over the set, `braked_j` the part where the belt moved forward against the pull (not positive).
    """

    kind: str
    start_s: float
    end_s: float
    backward_m: float
    forward_m: float
    impulse_ns: float
    work_j: float
    braked_j: float
    peak_force_n: float
    steps: tuple[TrueStep, ...] = ()
    coast_m: float = 0.0
    coast_s: float = 0.0
    reason: str = ""
    is_leaning: bool = False
    """A lean that creeps came before: the start is known less well (0.4 s)."""

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def mean_speed_mps(self) -> float:
        """Net backward speed."""
        return (self.backward_m - self.forward_m) / self.duration_s

    @property
    def mean_force_n(self) -> float:
        return self.impulse_ns / self.duration_s


@dataclass(frozen=True)
class Truth:
    """All movements of a walk in order, and the metres that are in none of them."""

    movements: tuple[TrueMovement, ...]
    between_backward_m: float
    between_forward_m: float

    @property
    def sets(self) -> tuple[TrueMovement, ...]:
        return tuple(m for m in self.movements if m.kind == SET)

    @property
    def remarks(self) -> tuple[TrueMovement, ...]:
        return tuple(m for m in self.movements if m.kind == REMARK)


@dataclass(frozen=True)
class Mark:
    """Rows of a walk that make one movement; coasting lasts from `last` to `coasted`."""

    kind: str
    first: int
    last: int
    steps: tuple[TrueStep, ...] = ()
    coasted: int = 0
    reason: str = ""
    is_leaning: bool = False


def truth_of(belt_m: Floats, pull_n: Floats, grid_s: float, marks: Sequence[Mark]) -> Truth:
    """Exact sums over the rows, which the rig plays straight from one to the next."""
    movements = tuple(_movement(belt_m, pull_n, grid_s, mark) for mark in marks)
    backward_m, forward_m = both_ways_m(belt_m)
    counted_m = sum(m.backward_m + m.coast_m for m in movements), sum(m.forward_m for m in movements)
    return Truth(movements, backward_m - counted_m[0], forward_m - counted_m[1])


def both_ways_m(belt_m: Floats) -> tuple[float, float]:
    """(backward, forward) metres of a run of positions, both positive."""
    moved = np.diff(belt_m)
    return float(np.sum(moved[moved > 0])), float(np.sum(-moved[moved < 0]))


def _movement(belt_m: Floats, pull_n: Floats, grid_s: float, mark: Mark) -> TrueMovement:
    rows = slice(mark.first, mark.last + 1)
    belt, pull = belt_m[rows], pull_n[rows]
    middle_n = (pull[1:] + pull[:-1]) / 2
    work_j = middle_n * np.diff(belt)
    backward_m, forward_m = both_ways_m(belt)
    coasted = max(mark.coasted, mark.last)
    return TrueMovement(
        mark.kind, mark.first * grid_s, mark.last * grid_s, backward_m, forward_m,
        impulse_ns=float(np.sum(middle_n)) * grid_s,
        work_j=float(np.sum(work_j)),
        braked_j=float(np.sum(work_j[work_j < 0])),
        peak_force_n=float(np.max(pull)),
        steps=mark.steps,
        coast_m=float(belt_m[coasted] - belt_m[mark.last]),
        coast_s=(coasted - mark.last) * grid_s,
        reason=mark.reason,
        is_leaning=mark.is_leaning,
    )  # fmt: skip
