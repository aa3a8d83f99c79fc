"""A walk as the firmware's sampler gets it, without chip and interpreter: for thousands of walks in seconds.

Times, counts and codes have what the virtual rig's parts put on them: the converter's filter and its late stamps,
quantised counts that tremble, noise. What is left out (dropped interrupts, stalls, the link) is the virtual rig's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from retrorig.virtual.board import RATE_HZ
from retrorig.virtual.parts.hx711 import CODE_MAX, CODE_MIN, SUB, kernel
from retrorig.virtual.parts.load_cell import NV_PER_CODE
from retrorig.virtual.parts.quadrature import DITHER_HZ
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.stage import Walk
from retrorig.virtual.walkers.truth import Floats
from rigcore.blocks import STEP_US

START_US = (1 << 30) - 12_000_000
"""What the tick counter says when the belt's time begins: it wraps twelve seconds later."""

PERIOD_RMS = 2e-5
LATENCY_S = (28e-6, 88e-6)
"""From data ready to the callback."""

LATE_SHARE, LATE_S = 0.05, 3e-3
"""While the display is being sent a callback waits for up to one transfer."""

READ_GAP_S = (8e-6, 15e-6)
"""From reading the clock to reading the counter."""

TICKS = 1 << 30


@dataclass(frozen=True)
class SampledWalk:
    """One row for each conversion. `time_us` on a scale that does not wrap; belt time 0 is START_US there."""

    time_us: NDArray[np.int64]
    count: NDArray[np.int64]
    code: NDArray[np.int64]

    @property
    def belt_s(self) -> Floats:
        """Times on the belt's own scale."""
        return (self.time_us - START_US).astype(np.float64) * 1e-6

    def feed(self, take: Callable[[int, int, int], object]) -> None:
        """Give each sample to `take(ticks, count, code)`, the ticks wrapped as the chip's."""
        ticks = (self.time_us % TICKS).tolist()
        for row in zip(ticks, self.count.tolist(), self.code.tolist(), strict=True):
            take(*row)


def sample(walk: Walk, seed: int = 0, settings: RigSettings | None = None) -> SampledWalk:
    """The samples of a whole walk; the same seed gives the same."""
    settings = settings or RigSettings()
    chance = np.random.default_rng(seed)
    rate_hz = settings.rate_hz or Random(seed).uniform(*RATE_HZ)
    n = int(walk.end_s * rate_hz)
    periods_s = (1 + chance.normal(0, PERIOD_RMS, n)) / rate_hz
    ready_s = np.cumsum(periods_s)
    late_s = np.where(chance.random(n) < LATE_SHARE, chance.uniform(0, LATE_S, n), 0.0)
    read_s = ready_s + chance.uniform(*LATENCY_S, n) + late_s
    time_us = (START_US + np.rint(read_s * 1e6).astype(np.int64)) // STEP_US * STEP_US
    counted_s = read_s + chance.uniform(*READ_GAP_S, n)
    codes = _codes(_filtered(walk, ready_s, periods_s), settings, chance)
    return SampledWalk(time_us, _counts(walk, counted_s, settings), codes)


def _filtered(walk: Walk, ready_s: Floats, periods_s: Floats) -> Floats:
    """The pull as the converter has averaged it when each conversion is ready."""
    parts = (np.arange(SUB) + 0.5) / SUB  # of a period, newest first
    asked_s = (ready_s[:, None] - periods_s[:, None] * parts).ravel()
    newest_first = np.interp(asked_s, walk.time_s, walk.pull_n).reshape(-1, SUB)
    in_order = newest_first[:, ::-1].ravel()
    weights = np.array(kernel())
    padded = np.concatenate((np.full(len(weights) - 1, in_order[0]), in_order))
    return np.convolve(padded, weights, mode="valid")[SUB - 1 :: SUB]


def _codes(force_n: Floats, settings: RigSettings, chance: np.random.Generator) -> NDArray[np.int64]:
    noise = chance.normal(0, settings.noise_nv / NV_PER_CODE, len(force_n))
    codes = np.rint(settings.offset_code + settings.counts_per_n * force_n + noise)
    return np.clip(codes, CODE_MIN, CODE_MAX).astype(np.int64)


def _counts(walk: Walk, at_s: Floats, settings: RigSettings) -> NDArray[np.int64]:
    trembling = sum(np.sin(2 * np.pi * hz * at_s) for hz in DITHER_HZ) * settings.dither_counts / 2
    place = np.interp(at_s, walk.time_s, walk.belt_m) * settings.counts_per_m
    return np.floor(place + trembling + 0.5).astype(np.int64)
