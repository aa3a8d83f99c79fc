"""How people drive a load: legs push with a force, feet keep a speed, an elastic draws back, hands pull one."""

from __future__ import annotations

import math
from random import Random

from retrorig.virtual.walkers.gait import Push, Walker, WalkerGait
from retrorig.virtual.walkers.loads import Load

RAMP_S = 0.15
FIRM = 1.06
"""Whoever pushes a sled pushes at least so many times what it takes to break loose."""

STIFF_NSPM = 2500.0
"""How firmly feet keep a belt to the speed that they want, N s/m."""

FIRST_STEPS = (0.55, 0.85)
"""Length of the first steps on a belt against the later ones."""

LET_GO_S = 0.6


class Legs(Walker):
    """Push a sled with a force that rises and falls in each step, corrected from step to step to keep the speed."""

    def __init__(self, gait: WalkerGait, start_s: float, chance: Random, load: Load, start_m: float) -> None:
        super().__init__(gait, start_s, chance)
        self._load = load
        self._pushes: list[Push] = []
        self._begun: list[tuple[float, float]] = []  # (time, place) of each step
        self._level = 1.0
        share = gait.push * Push.mean(gait.power)
        loose_n = FIRM * (load.static_n + load.held_n(start_m)) - gait.hold_n
        steady_n = max(load.steady_n(gait.speed_mps) - gait.hold_n, 10.0) / share
        self._least_n, self._even_n = (loose_n, loose_n) if gait.push < 1 else (0.0, steady_n)
        self._swift_n = load.mass_kg * gait.steps_per_s / share
        self._idle_n = load.held_n(start_m)

    def forces_n(self, t_s: float, x_m: float, v_mps: float) -> tuple[float, float]:
        self._pushes = [push for push in self._pushes if push.end_s > t_s]
        grown = min(1.0, (t_s - self.start_s) / RAMP_S)
        left = max(0.0, 1 - (t_s - self.stopped_s) / RAMP_S) if t_s > self.stopped_s else 1.0
        if left < 1:
            self._idle_n = self._load.held_n(x_m)
        hold_n = self._idle_n + (self.gait.hold_n - self._idle_n) * min(grown, left)
        return hold_n + sum(push.at(t_s) for push in self._pushes), 0.0

    def push(self, start_s: float, end_s: float, strength: float, x_m: float) -> None:
        peak_n = max(self._least_n, strength * self._effort_n(start_s, x_m))
        self._pushes.append(Push(start_s, end_s, peak_n, self.gait.power))
        self._begun.append((start_s, x_m))

    def _effort_n(self, now_s: float, x_m: float) -> float:
        """Peak of the next push: what the speed takes, and what is missing of it over the last two steps.

        Who starts a sled anew at each step learns how hard to push; who keeps it moving pays back what is missing.
        """
        wanted = self.gait.speed_mps
        if not self._begun:
            return self._least_n or self._even_n + self._swift_n * wanted / 3
        before_s, before_m = self._begun[-2:][0]
        missing = wanted - (x_m - before_m) / (now_s - before_s)
        if self._least_n:
            self._level *= 1 + 0.2 * max(-1.0, min(1.0, missing / wanted))
            return self._level * self._even_n
        return max(0.2 * self._even_n, self._even_n + 0.4 * self._swift_n * missing)


class Feet(Walker):
    """Take a belt along at the speed that they want, step by step; the line holds what they push.

    A line cannot push: where the feet must hold the belt back, the line hangs slack and the body's weight does it.
    """

    def __init__(self, gait: WalkerGait, start_s: float, chance: Random, load: Load) -> None:
        super().__init__(gait, start_s, chance)
        self._load = load
        self._pushes: list[Push] = []
        self._peak_mps = gait.speed_mps / gait.push / Push.mean(gait.power)

    def forces_n(self, t_s: float, x_m: float, v_mps: float) -> tuple[float, float]:
        self._pushes = [push for push in self._pushes if push.end_s > t_s]
        if t_s > self.stopped_s and v_mps == 0:
            return self._load.held_n(x_m), 0.0
        wanted_mps = sum(push.at(t_s) for push in self._pushes)
        tense = math.tanh(wanted_mps / (0.2 * self.gait.speed_mps))
        held_n = self._load.held_n(x_m)
        moving_n = self._load.steady_n(v_mps, x_m) - held_n
        force_n = held_n + moving_n * tense + STIFF_NSPM * (wanted_mps - v_mps)
        return max(0.0, force_n), min(0.0, force_n)

    def push(self, start_s: float, end_s: float, strength: float, x_m: float) -> None:
        first = FIRST_STEPS[len(self.steps) - 1] if len(self.steps) <= len(FIRST_STEPS) else 1.0
        self._pushes.append(Push(start_s, end_s, first * strength * self._peak_mps, self.gait.power))


class Drawn(Feet):
    """Step out against an elastic line that draws back by `back_m` after each step, braked all the way."""

    def __init__(self, gait: WalkerGait, start_s: float, chance: Random, load: Load, back_m: float) -> None:
        super().__init__(gait, start_s, chance, load)
        self._back_m = back_m
        self._peak_mps += back_m * gait.steps_per_s / gait.push / Push.mean(gait.power)

    def push(self, start_s: float, end_s: float, strength: float, x_m: float) -> None:
        super().push(start_s, end_s, strength, x_m)
        back_s = (1 - self.gait.push) / self.gait.steps_per_s
        peak_mps = -self._back_m / back_s / Push.mean(self.gait.power)
        self._pushes.append(Push(end_s, end_s + back_s, peak_mps, self.gait.power))


class Hands(Walker):
    """Pull a sled by an elastic line: each step the hands go back by a stroke, then hold.

    The line stretches until the sled breaks loose and lurches. `line_npm` is its stiffness.
    """

    def __init__(
        self, gait: WalkerGait, start_s: float, chance: Random, start_m: float, line_npm: float
    ) -> None:
        super().__init__(gait, start_s, chance)
        self._line_npm, self._damping_nspm = line_npm, 0.02 * line_npm
        self._from_m, self._stroke = start_m, Push(start_s, start_s, 0.0, 2.0)

    def forces_n(self, t_s: float, x_m: float, v_mps: float) -> tuple[float, float]:
        stroke = self._stroke
        part = min(1.0, (t_s - stroke.start_s) / max(stroke.end_s - stroke.start_s, 1e-9))
        length_m = stroke.peak / 2 * (stroke.end_s - stroke.start_s)
        hands_m = self._from_m + length_m * (part - math.sin(2 * math.pi * part) / (2 * math.pi))
        pull_n = self._line_npm * (hands_m - x_m) + self._damping_nspm * (stroke.at(t_s) - v_mps)
        if t_s > self.stopped_s:
            pull_n *= max(0.0, 1 - (t_s - self.stopped_s) / LET_GO_S)
        return max(0.0, pull_n), 0.0

    def push(self, start_s: float, end_s: float, strength: float, x_m: float) -> None:
        before, gait = self._stroke, self.gait
        self._from_m += before.peak / 2 * (before.end_s - before.start_s)
        length_m = strength * gait.speed_mps / gait.steps_per_s
        self._stroke = Push(start_s, end_s, 2 * length_m / (end_s - start_s), 2.0)
