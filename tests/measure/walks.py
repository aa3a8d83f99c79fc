"""Labelled walks: somebody pulls backward, step by step, and every push is known.

Each step is a push of its own length and strength; left and right may differ, both vary by chance. Invented, but with
what makes counting hard: two humps in a push, slow and quick steps, a cadence that changes, a start and an end, noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GRID_S = 0.002
RAMP_S = 0.6


@dataclass(frozen=True)
class Gait:
    """How somebody walks. Frequencies in steps a second; the `_pct` are relative standard deviations of chance.

    last_hz: cadence at the end, when it changes evenly. humps: 1 or 2 in a push. asymmetry_pct: by how much the pushes
    of one foot exceed those of the other. slacks: numbers of the steps with no pull at all.
    """

    step_hz: float = 1.8
    steps: int = 30
    last_hz: float | None = None
    speed_mps: float = 1.0
    force_n: float = 150.0
    ripple: float = 0.35
    speed_ripple: float = 0.2
    humps: int = 1
    lead: float = 0.15
    asymmetry_pct: float = 0.0
    limp_pct: float = 0.0
    time_pct: float = 4.0
    strength_pct: float = 8.0
    noise_n: float = 1.0
    slacks: tuple[int, ...] = ()
    seed: int = 0


class Walk:
    """A belt, as the virtual rig takes it: `position_m(t_s)`, `force_n(t_s)`, `end_s`; `push_s` are the true pushes."""

    def __init__(self, gait: Gait) -> None:
        self.gait = gait
        chance = np.random.default_rng(gait.seed)
        starts_s = np.concatenate(([0.0], np.cumsum(_lengths_s(gait, chance))))
        self.end_s = float(starts_s[-1])
        self.t_s = np.arange(0, self.end_s + GRID_S, GRID_S)
        number = np.clip(np.searchsorted(starts_s, self.t_s, side="right") - 1, 0, gait.steps - 1)
        phase = (self.t_s - starts_s[number]) / np.diff(starts_s)[number]
        level = np.clip(np.minimum(self.t_s, self.end_s - self.t_s) / RAMP_S, 0, 1)
        level = level * level * (3 - 2 * level)
        strength = _strengths(gait, chance)
        push = _push(phase, gait.humps)
        pull = gait.force_n * level * (1 + gait.ripple * (2 * strength[number] * push - 1))
        pull[np.isin(number, gait.slacks)] = 0.0
        self.pull_n = pull + gait.noise_n * _coloured(chance, len(self.t_s)) * (level > 0)
        wave = np.sin(2 * math.pi * (phase - gait.lead))
        self.speed_mps = gait.speed_mps * level * (1 + gait.speed_ripple * wave)
        middle = (self.speed_mps[1:] + self.speed_mps[:-1]) / 2 * GRID_S
        self.belt_m = np.concatenate(([0.0], np.cumsum(middle)))
        self.push_s = starts_s[:-1] + 0.5 * np.diff(starts_s)

    def position_m(self, t_s: float) -> float:
        return self._at(self.belt_m, t_s)

    def force_n(self, t_s: float) -> float:
        return self._at(self.pull_n, t_s)

    def _at(self, values: NDArray[np.float64], t_s: float) -> float:
        x = min(max(t_s / GRID_S, 0.0), len(values) - 1.001)
        i = int(x)
        return float(values[i] + (values[i + 1] - values[i]) * (x - i))

    def truth(self, start_m: float = 0.0, end_m: float = 0.0) -> dict[str, float]:
        """The set's quantities by this walk's own grid.

        A set begins where the belt is `start_m` from its first place and ends `end_m` before its last one.
        """
        inside = np.flatnonzero((self.belt_m >= start_m) & (self.belt_m <= self.belt_m[-1] - end_m))
        first, last = int(inside[0]), int(inside[-1]) + 1
        middle_n = (self.pull_n[first + 1 : last] + self.pull_n[first : last - 1]) / 2
        duration_s = (last - 1 - first) * GRID_S
        work_j = float(np.sum(middle_n * np.diff(self.belt_m[first:last])))
        length_m = float(self.belt_m[-1])
        return {
            "duration_s": duration_s,
            "backward_m": length_m,
            "mean_speed_mps": length_m / duration_s,
            "mean_force_n": float(np.sum(middle_n)) * GRID_S / duration_s,
            "work_j": work_j,
            "mean_power_w": work_j / duration_s,
            "peak_speed_mps": float(np.max(self.speed_mps[first:last])),
            "peak_force_n": float(np.max(self.pull_n[first:last])),
            "peak_power_w": float(np.max((self.pull_n * self.speed_mps)[first:last])),
        }


def _lengths_s(gait: Gait, chance: np.random.Generator) -> NDArray[np.float64]:
    hz = np.linspace(gait.step_hz, gait.last_hz or gait.step_hz, gait.steps)
    side = np.where(np.arange(gait.steps) % 2, -1.0, 1.0)
    return (
        (1 + side * gait.limp_pct / 200) * (1 + gait.time_pct / 100 * chance.standard_normal(gait.steps)) / hz
    )


def _strengths(gait: Gait, chance: np.random.Generator) -> NDArray[np.float64]:
    side = np.where(np.arange(gait.steps) % 2, -1.0, 1.0)
    return (1 + side * gait.asymmetry_pct / 200) * (
        1 + gait.strength_pct / 100 * chance.standard_normal(gait.steps)
    )


def _push(phase: NDArray[np.float64], humps: int) -> NDArray[np.float64]:
    """0 between two pushes, up to 1 in the middle of one."""
    one = np.sin(math.pi * phase) ** 2
    if humps == 2:
        one = np.minimum(1.0, 1.5 * one) * (1 - 0.35 * np.exp(-(((phase - 0.5) / 0.1) ** 2)))
    return one


def _coloured(chance: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Noise of unit variance below about 20 Hz: what a converter would let through."""
    smooth = np.convolve(chance.standard_normal(n + 24), np.ones(25), mode="valid")
    return smooth / 5.0


def matched(found_s: NDArray[np.float64], true_s: NDArray[np.float64]) -> int:
    """How many true pushes have one found event of their own, closer than 0.45 of the way to their neighbour."""
    if not len(found_s) or len(true_s) < 2:
        return 0
    reach_s = 0.45 * np.min(np.diff(true_s))
    taken = set()
    for t in true_s:
        near = int(np.argmin(np.abs(found_s - t)))
        if abs(found_s[near] - t) <= max(reach_s, 0.12):
            taken.add(near)
    return len(taken)
