"""A walk of even steps, and how far force and speed of a measured set are apart in time."""

from __future__ import annotations

import numpy as np
from tests.measure.walks import Gait, Walk

from retrorig.measure.samples import sample_set
from rigcore.decode import RawSet


def even_gait(hz: float) -> Gait:
    steps = round(15 * hz)
    return Gait(hz, steps, time_pct=0, strength_pct=0, noise_n=0.2, ripple=0.5, speed_ripple=0.3, lead=0.1)


def shift_s(raw: RawSet, walk: Walk, hz: float) -> float:
    """By how much later force comes than speed, beyond what it truly does; from the phases at the cadence."""
    samples = sample_set(raw)
    grid_s = np.arange(2.0, walk.end_s - 2.0, 0.001)
    found = _lag(grid_s, samples.time_s, samples.bridged_n, samples.speed_mps, hz)
    truth = _lag(grid_s, walk.t_s, walk.pull_n, walk.speed_mps, hz)
    return (found - truth) / (2 * np.pi * hz)


def _lag(grid_s: np.ndarray, t_s: np.ndarray, force_n: np.ndarray, speed_mps: np.ndarray, hz: float) -> float:
    wave = np.exp(-2j * np.pi * hz * grid_s) * np.hanning(len(grid_s))
    force, speed = (np.interp(grid_s, t_s, values) for values in (force_n, speed_mps))
    return float(np.angle(np.sum((speed - speed.mean()) * wave) / np.sum((force - force.mean()) * wave)))
