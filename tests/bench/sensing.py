"""What the board's sampler gets of a moving belt: times and counts, with everything that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from tests.bench.motions import Floats, Motion

from rigcore.blocks import STEP_US

COUNTS_PER_M = 9600.0
RATE_HZ = (82.9, 93.7)  # of modules sold as 80 a second
LATENCY_S = (28e-6, 88e-6)  # data ready to callback
LATE_SHARE, LATE_S = 0.12, 3e-3  # while the display is being drawn a callback waits for up to one transfer
MISSED_SHARE = 0.003
READ_GAP_S = (8e-6, 15e-6)  # reading the clock, then the counter
HYSTERESIS = 0.1  # counts
STATE_ERRORS = np.array([0.0, 0.08, -0.04, 0.06])  # counts; where the four edges of a period truly are
DITHER = ((7.3, 0.15), (23.1, 0.15))  # Hz, counts


@dataclass(frozen=True)
class Samples:
    """`ticks_us` not wrapped, in the steps that the board keeps; `count` net encoder counts."""

    ticks_us: NDArray[np.int64]
    count: NDArray[np.int64]

    @property
    def time_s(self) -> Floats:
        return self.ticks_us.astype(np.float64) * 1e-6


def sample(motion: Motion, seed: int) -> Samples:
    """Sample a motion once per conversion; the same seed gives the same samples."""
    rng = np.random.default_rng(seed)
    time_s = _read_times(motion.end_s, rng)
    counted_s = time_s + rng.uniform(*READ_GAP_S, len(time_s))
    ticks_us = np.rint(time_s * 1e6).astype(np.int64) // STEP_US * STEP_US
    return Samples(ticks_us, _counts(motion.position_m(counted_s), counted_s))


def _read_times(end_s: float, rng: Generator) -> Floats:
    rate_hz = rng.uniform(*RATE_HZ)
    n = int(end_s * rate_hz) - 1
    ready_s = np.cumsum((1 + rng.normal(0, 2e-5, n)) / rate_hz)
    late_s = np.where(rng.random(n) < LATE_SHARE, rng.uniform(0, LATE_S, n), 0.0)
    time_s = ready_s + rng.uniform(*LATENCY_S, n) + late_s
    return time_s[rng.random(n) >= MISSED_SHARE]


def _counts(position_m: Floats, time_s: Floats) -> NDArray[np.int64]:
    trembling = sum(amplitude * np.sin(2 * np.pi * hz * time_s) for hz, amplitude in DITHER)
    place = _with_hysteresis(position_m * COUNTS_PER_M + trembling)
    below = np.floor(place).astype(np.int64)
    has_not_reached = place - below < STATE_ERRORS[below & 3]
    has_passed_next = place - below >= 1 + STATE_ERRORS[(below + 1) & 3]
    return below - has_not_reached + has_passed_next


def _with_hysteresis(place: Floats) -> Floats:
    seen, at = np.empty_like(place), place[0]
    for i, now in enumerate(place):
        at = min(max(at, now - HYSTERESIS / 2), now + HYSTERESIS / 2)
        seen[i] = at
    return seen
