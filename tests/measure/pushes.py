"""Movements whose first and last moment are exact: pushes that begin and end as a power of time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from tests.measure.walks import GRID_S

RISE_M = 0.25


@dataclass
class Push:
    """Moves like k t^p from rest over RISE_M, goes on evenly for 4 m, and comes to rest the same way."""

    power: float
    mps: float

    def __post_init__(self) -> None:
        self._rise_s = self.power * RISE_M / self.mps  # where the slope is mps
        self.end_s = 2 * self._rise_s + 4 / self.mps
        self.pull_n = np.zeros(round(self.end_s / GRID_S) + 1)

    def position_m(self, t_s: float) -> float:
        return self._pushed_m(t_s)

    def _pushed_m(self, t_s: float) -> float:
        if t_s > self.end_s / 2:
            return 4 + 2 * RISE_M - self._pushed_m(self.end_s - t_s)
        t_s = max(t_s, 0.0)
        if t_s < self._rise_s:
            return RISE_M * (t_s / self._rise_s) ** self.power
        return RISE_M + self.mps * (t_s - self._rise_s)


@dataclass
class SwayingPush(Push):
    """Pushed by someone who sways to and fro by twice `sway_m` while standing before and after."""

    sway_m: float
    sway_hz: float
    phases: tuple[float, float]

    def position_m(self, t_s: float) -> float:
        since_s, phase = (t_s, self.phases[0]) if t_s < 0 else (t_s - self.end_s, self.phases[1])
        swayed = math.sin(2 * math.pi * self.sway_hz * since_s + phase) - math.sin(phase)
        return self._pushed_m(t_s) + (0.0 if 0 <= t_s <= self.end_s else self.sway_m * swayed)


def swaying_push(chance: Random, sway_m: float) -> SwayingPush:
    """One of many, softly begun and ended."""
    power, mps, sway_hz = chance.uniform(1.5, 3), chance.uniform(0.5, 1.5), chance.uniform(0.6, 3)
    return SwayingPush(
        power, mps, sway_m, sway_hz, (chance.uniform(0, 2 * math.pi), chance.uniform(0, 2 * math.pi))
    )
