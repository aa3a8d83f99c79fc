"""Simulated people who walk and press buttons at given times; those of walkers/follower.py look at the display."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from retrorig.virtual.rig import VirtualRig

GRID_S = 0.005
RAMP_S = 0.6
STEPS_PER_M = 1.9
PUSH, PUSH_MEAN = 0.35, 0.5130
"""Of a step's speed, max(0, PUSH + sin(phase)): the belt stands for two fifths of it; its mean over a step."""
SHORT_MS, LONG_MS = 120, 1800


@dataclass(frozen=True)
class Press:
    """A button pressed at a time of the belt."""

    at_s: float
    button: str
    ms: float


class Athlete:
    """A belt (see belts.py) made act by act, and the presses that go with it.

    `walked` holds what was truly done: (start s, end s, metres) of each walk, backward positive.
    """

    def __init__(self) -> None:
        self._speeds: list[float] = []
        self._forces: list[float] = []
        self._positions: list[float] = []
        self.end_s = 0.0
        self.presses: list[Press] = []
        self.walked: list[tuple[float, float, float]] = []

    # What somebody does

    def stand(self, seconds: float) -> Athlete:
        """Nothing moves, the line hangs slack."""
        return self._act(seconds, lambda t: (0.0, 0.0))

    def walk(
        self, metres: float, speed_mps: float = 0.6, force_n: float = 180.0, is_even: bool = False
    ) -> Athlete:
        """Backward, or forward for negative metres; the belt stands in each step unless it `is_even`."""
        duration_s = abs(metres) / speed_mps + RAMP_S
        sign, start_s = math.copysign(1.0, metres), self.end_s

        def moment(t: float) -> tuple[float, float]:
            level = min(1.0, t / RAMP_S, (duration_s - t) / RAMP_S)
            phase = 2 * math.pi * STEPS_PER_M * speed_mps * t
            pull = force_n * level * (1 + 0.3 * math.sin(phase + 0.9)) if sign > 0 else 0.0
            push = max(0.0, PUSH + math.sin(phase)) / PUSH_MEAN
            return sign * speed_mps * level * (1.0 if is_even else push), pull

        before_m = sum(self._speeds) * GRID_S
        self._act(duration_s, moment)
        self.walked.append((start_s, self.end_s, sum(self._speeds) * GRID_S - before_m))
        return self

    def kick(self, speed_mps: float = 1.2) -> Athlete:
        """The belt is pushed by a foot and runs out."""
        return self._act(speed_mps / 1.5, lambda t: (speed_mps - 1.5 * t, 0.0))

    def step_on(self) -> Athlete:
        """The belt shifts a little, to and fro, under somebody's weight."""
        return self._act(1.2, lambda t: (0.25 * math.sin(2 * math.pi * t / 0.6) * math.exp(-2 * t), 20.0))

    def stall(self, seconds: float, force_n: float = 400.0) -> Athlete:
        """The sled is stuck: a hard pull, no movement."""
        return self._act(seconds, lambda t: (0.0, force_n * min(1.0, 4 * t)))

    def press(self, button: str = "start", ms: float = SHORT_MS) -> Athlete:
        """Press and let go while standing."""
        self.presses.append(Press(self.end_s, button, ms))
        return self.stand(ms / 1000 + 0.3)

    def press_at(self, at_s: float, button: str = "start", ms: float = SHORT_MS) -> Athlete:
        """Press at a moment of what was done already, at the worst one perhaps."""
        self.presses.append(Press(at_s, button, ms))
        self.presses.sort(key=lambda press: press.at_s)
        return self

    # What the rig sees

    def position_m(self, t_s: float) -> float:
        if len(self._positions) <= len(self._speeds):
            self._positions = [0.0, *accumulate(speed * GRID_S for speed in self._speeds)]
        x = min(max(t_s, 0.0) / GRID_S, len(self._positions) - 1.000001)
        i = int(x)
        return self._positions[i] + (self._positions[i + 1] - self._positions[i]) * (x - i)

    def force_n(self, t_s: float) -> float:
        i = int(t_s / GRID_S)
        return self._forces[i] if 0 <= i < len(self._forces) else 0.0

    def _act(self, seconds: float, moment: Any) -> Athlete:
        for i in range(round(seconds / GRID_S)):
            speed, force = moment(i * GRID_S)
            self._speeds.append(speed)
            self._forces.append(max(force, 0.0))
        self.end_s = len(self._speeds) * GRID_S
        return self


def play(rig: VirtualRig, athlete: Athlete) -> None:
    """Let a powered rig's belt be moved by its athlete, and press what is pressed."""
    rig.start_belt()
    start_us = rig.now_us
    for press in athlete.presses:
        rig.run_for(max(0, start_us + round(press.at_s * 1e6) - rig.now_us))
        rig.buttons[press.button].press(press.ms)
    rig.run_for(max(0, start_us + round(athlete.end_s * 1e6) - rig.now_us))
