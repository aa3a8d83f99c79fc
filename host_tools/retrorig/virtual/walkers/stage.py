"""A belt or sled in the hands of people, act by act: rows of position and pull, and the truth about them."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from retrorig.recording import Recording
from retrorig.virtual.walkers.loads import Load
from retrorig.virtual.walkers.truth import REMARK, SET, Floats, Mark, TrueStep, Truth, truth_of

GRID_S = 0.002
NEW_GROUND_M = 1e-6

Drive = Callable[[float, float, float], tuple[float, float]]
"""(time s, position m, speed m/s) to (pull in the line, force of feet or hands on the belt) in N."""


class Stage:
    """Rows every GRID_S, from time 0 and position 0; what is played is straight between rows.

    It is a belt as the virtual rig takes it, also while it grows: after its last row everything stays as it is there.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self.marks: list[Mark] = []
        self.v_mps = 0.0
        self._x = array("d", [0.0])
        self._pull = array("d", [load.held_n(0.0)])

    # -- as the virtual rig takes it

    @property
    def end_s(self) -> float:
        return (len(self._x) - 1) * GRID_S

    def position_m(self, t_s: float) -> float:
        return _at(self._x, t_s)

    def force_n(self, t_s: float) -> float:
        return _at(self._pull, t_s)

    # -- acts

    @property
    def row(self) -> int:
        """Number of the last row."""
        return len(self._x) - 1

    @property
    def x_m(self) -> float:
        return self._x[-1]

    def drive(self, drive: Drive, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """Let a load be driven for so long, or until a condition holds."""
        x, v, pull = self._x[-1], self.v_mps, self._pull[-1]
        first = len(self._x)
        for row in range(first, first + round(seconds / GRID_S)):
            before, (pull, feet) = pull, drive(row * GRID_S, x + v * GRID_S, v)
            x, v = self.load.advance(x, v, (before + pull) / 2, feet, GRID_S)
            self._x.append(x)
            self._pull.append(pull)
            self.v_mps = v
            if until and until():
                return

    def stand(self, seconds: float, pull_n: float = 0.0) -> None:
        """Nobody moves anything; what still moves comes to rest by its friction."""
        pull_n = max(pull_n, self.load.held_n(self._x[-1]))
        self.drive(lambda t, x, v: (pull_n, 0.0), seconds)

    def move(
        self, seconds: float, shift_m: Callable[[float], float], pull_n: Callable[[float], float]
    ) -> None:
        """Let people move the belt along a given way, `shift_m` of the act's time; it stands afterwards."""
        start_m = self._x[-1]
        for i in range(1, round(seconds / GRID_S) + 1):
            self._x.append(start_m + shift_m(i * GRID_S))
            self._pull.append(max(0.0, pull_n(i * GRID_S)))
        self.v_mps = 0.0

    # -- what it was

    def mark_set(
        self,
        first: int,
        steps: list[TrueStep],
        last: int | None = None,
        coasted: int = 0,
        is_leaning: bool = False,
    ) -> None:
        """What moved since row `first` was a set; it ends where new ground was last made, up to row `last`."""
        x = np.array(self._x[first : None if last is None else last + 1])
        top = np.maximum.accumulate(x)
        grown = np.flatnonzero(np.diff(top) > NEW_GROUND_M * GRID_S)
        if len(grown):
            begun, done = first + int(grown[0]), first + int(grown[-1]) + 1
            inside = [s for s in steps if s.end_s > begun * GRID_S and s.start_s < done * GRID_S]
            walked = tuple(map(self._with_peak, inside))
            self.marks.append(Mark(SET, begun, done, walked, coasted, is_leaning=is_leaning))

    def mark_remark(self, first: int, reason: str) -> None:
        """What moved since row `first` was no walk."""
        moved = np.flatnonzero(np.diff(np.array(self._x[first:])))
        if len(moved):
            self.marks.append(Mark(REMARK, first + int(moved[0]), first + int(moved[-1]) + 1, reason=reason))

    def _with_peak(self, step: TrueStep) -> TrueStep:
        rows = self._pull[round(step.start_s / GRID_S) : round(step.end_s / GRID_S) + 1]
        return replace(step, peak_n=max(rows, default=0.0))

    def walk(self) -> Walk:
        """All of it so far."""
        return Walk(np.array(self._x), np.array(self._pull), tuple(self.marks))


class Walk:
    """A finished walk: rows every GRID_S of belt (m) and pull (N), and its truth. A belt for the virtual rig."""

    def __init__(self, belt_m: Floats, pull_n: Floats, marks: tuple[Mark, ...]) -> None:
        self.belt_m, self.pull_n = belt_m, pull_n
        self.time_s: Floats = np.arange(len(belt_m), dtype=np.float64) * GRID_S
        self.end_s = (len(belt_m) - 1) * GRID_S
        self.truth: Truth = truth_of(belt_m, pull_n, GRID_S, marks)
        self._x, self._pull = array("d", belt_m), array("d", pull_n)

    def position_m(self, t_s: float) -> float:
        """Position at a time, m; constant before the first and after the last row."""
        return _at(self._x, t_s)

    def force_n(self, t_s: float) -> float:
        """Pull at a time, N."""
        return _at(self._pull, t_s)

    def speed_mps(self) -> Floats:
        """True speed at each row: the mean of the slopes before and after it."""
        return np.gradient(self.belt_m, GRID_S)

    def recording(self) -> Recording:
        """As a recording, for files and for `replay`."""
        return Recording(array("d", self.time_s), array("d", self.belt_m), array("d", self.pull_n))


def _at(values: array[float], t_s: float) -> float:
    place = t_s / GRID_S
    if place <= 0:
        return values[0]
    row = int(place)
    if row >= len(values) - 1:
        return values[-1]
    return values[row] + (values[row + 1] - values[row]) * (place - row)
