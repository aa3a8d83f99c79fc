"""A person's gait, and the steps that follow from it: when each foot pushes, how strongly, how unevenly."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random

from retrorig.virtual.walkers.truth import TrueStep

TAKES_OVER_S = 0.3


@dataclass(frozen=True)
class WalkerGait:
    """A way of walking.

    speed_mps: mean speed that is aimed at. steps_per_s: mean cadence. push: a push's length as a share of the mean
    step; below 1 there is a stand in each step, above it both feet push at once for a while (double support).
    hold_n: pull between pushes. power: of the sine that shapes a push; 1 begins and ends sharply.
    lame_time: the step that foot 1 begins lasts so much less than the mean, that of foot 0 so much longer (0.2: 20 %).
    lame_strength: foot 1 pushes so much harder, foot 0 so much softer. The `_pct` are standard deviations from step
    to step.
    """

    speed_mps: float = 0.9
    steps_per_s: float = 1.8
    push: float = 1.4
    hold_n: float = 0.0
    power: float = 2.0
    lame_time: float = 0.0
    lame_strength: float = 0.0
    time_pct: float = 3.0
    strength_pct: float = 5.0


@dataclass(frozen=True)
class Push:
    """A bump in time: a power of half a sine from `start_s` to `end_s`, `peak` high."""

    start_s: float
    end_s: float
    peak: float
    power: float

    def at(self, t_s: float) -> float:
        if not self.start_s < t_s < self.end_s:
            return 0.0
        wave = math.sin(math.pi * (t_s - self.start_s) / (self.end_s - self.start_s))
        return self.peak * wave**self.power

    @staticmethod
    def mean(power: float) -> float:
        """Mean height of a bump whose peak is 1."""
        return math.gamma((power + 1) / 2) / math.gamma(power / 2 + 1) / math.sqrt(math.pi)


class Walker(ABC):
    """Drives a load step by step: call it with time (s), position (m), speed (m/s) for (pull, feet) in N.

    `steps` are those begun so far. After `stop()` no further step begins. Who leaned into the line before, with
    `leaning_n`, goes over from that to stepping.
    """

    def __init__(self, gait: WalkerGait, start_s: float, chance: Random) -> None:
        self.gait, self.start_s = gait, start_s
        self.leaning_n = 0.0
        self.steps: list[TrueStep] = []
        self.stopped_s = math.inf
        self._chance, self._next_s = chance, start_s

    def __call__(self, t_s: float, x_m: float, v_mps: float) -> tuple[float, float]:
        while t_s >= self._next_s:
            self._begin_step(x_m)
        pull_n, feet_n = self.forces_n(t_s, x_m, v_mps)
        let_go = 1 - (t_s - self.start_s) / TAKES_OVER_S
        return max(pull_n, self.leaning_n * let_go, 0.0), feet_n

    @abstractmethod
    def forces_n(self, t_s: float, x_m: float, v_mps: float) -> tuple[float, float]:
        """(pull in the line, force of the feet on the belt)."""

    @abstractmethod
    def push(self, start_s: float, end_s: float, strength: float, x_m: float) -> None:
        """A step begins whose push is so strong, 1 in the mean."""

    def stop(self) -> None:
        """The step under way is the last."""
        self._next_s = math.inf
        self.stopped_s = self.steps[-1].end_s if self.steps else self.start_s

    def _begin_step(self, x_m: float) -> None:
        gait, start_s, foot = self.gait, self._next_s, len(self.steps) % 2
        side = 1.0 if foot else -1.0
        end_s = start_s + gait.push / gait.steps_per_s * self._about(gait.time_pct / 2)
        self.steps.append(TrueStep((start_s + end_s) / 2, start_s, end_s, foot, 0.0))
        strength = (1 + side * gait.lame_strength) * self._about(gait.strength_pct)
        self.push(start_s, end_s, strength, x_m)
        length = (1 - side * gait.lame_time) * self._about(gait.time_pct)
        self._next_s = start_s + length / gait.steps_per_s

    def _about(self, pct: float) -> float:
        """A number near 1, never further off than 2.5 standard deviations."""
        return 1 + pct / 100 * max(-2.5, min(2.5, self._chance.gauss(0, 1)))
