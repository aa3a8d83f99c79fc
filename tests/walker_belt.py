"""A belt by formula for tests of link, log and faults, which need sets of a known length at any speed up to 8 m/s.

It is kinder than people are: tests of what a set is use people who stand in each step (retrorig/virtual/walkers,
tests/athlete/blind.py). Here sets only have to come and go at known times: cable, requests, pulls, erased flash,
crashes, memory, a week (tests/faults, system, live, desk, watch), counts and conversions at speeds that nobody walks
(tests/virtual, faults_sensors), and what a set costs (tests/bench, tools).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate


class WalkerBelt:
    """Sets of even walking by formula, with rests between, so many metres to the millimetre.

    Each step makes speed and pull swing: the pull leads, as the sled is slowest when the new step begins. Who goes
    faster takes more steps, up to a sprinter's cadence; beyond that longer ones.
    """

    STEPS_PER_M = 1.9
    STEPS_PER_S_MAX = 3.5
    RAMP_S = 0.8
    GRID_S = 0.005

    def __init__(
        self,
        sets: int = 3,
        distance_m: float = 10.0,
        speed_mps: float = 0.9,
        force_n: float = 180.0,
        rest_s: float = 12.0,
        wait_s: float = 3.0,
    ) -> None:
        walk_s = distance_m / speed_mps + self.RAMP_S
        self.starts_s = [wait_s + i * (walk_s + rest_s) for i in range(sets)]
        self.walk_s = walk_s
        self._speed, self._pull = speed_mps, force_n
        self.end_s = self.starts_s[-1] + walk_s if sets else wait_s
        times = range(math.ceil(self.end_s / self.GRID_S) + 1)
        speeds = [self._speed_mps(i * self.GRID_S) for i in times]
        steps = [(a + b) / 2 * self.GRID_S for a, b in zip(speeds, speeds[1:], strict=False)]
        scale = sets * distance_m / sum(steps) if sets else 1.0  # ramps and part steps: a few per cent
        self._positions = [scale * x for x in (0.0, *accumulate(steps))]

    def position_m(self, t_s: float) -> float:
        x = min(max(t_s, 0.0) / self.GRID_S, len(self._positions) - 1.000001)
        i = int(x)
        return self._positions[i] + (self._positions[i + 1] - self._positions[i]) * (x - i)

    def force_n(self, t_s: float) -> float:
        level, phase = self._walk(t_s)
        return self._pull * level * (1 + 0.35 * math.sin(phase + 0.9) + 0.1 * math.sin(2 * phase))

    def _speed_mps(self, t_s: float) -> float:
        level, phase = self._walk(t_s)
        return self._speed * level * (1 + 0.22 * math.sin(phase))

    def _walk(self, t_s: float) -> tuple[float, float]:
        """How much of full effort (0 to 1) and the step's phase, radians."""
        i = bisect_right(self.starts_s, t_s) - 1
        since = t_s - self.starts_s[i] if i >= 0 else -1.0
        if not 0 <= since <= self.walk_s:
            return 0.0, 0.0
        level = min(1.0, since / self.RAMP_S, (self.walk_s - since) / self.RAMP_S)
        return level, 2 * math.pi * min(self.STEPS_PER_M * self._speed, self.STEPS_PER_S_MAX) * since
