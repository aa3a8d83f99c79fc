"""Sets whose physics is known: somebody hauls a mass with friction, at a speed that swings with the steps."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tests.host.sets import MadeSet, blob_of

from retrorig.measure.conversions import Conversions
from retrorig.measure.motion import Motion
from retrorig.measure.samples import Samples

GRID_S = 0.001
DAY_MS = 86_400_000
MONDAY_MS = 1_790_553_600_000  # 2026-09-28 00:00 UTC
HOUR_MS = 3_600_000


@dataclass
class Haul:
    """speed_mps: at the start; it falls evenly by loss_pct until the end. c0, c1, m: the law F = c0 + c1 v + m a.

    step_hz: the speed swings by `swing` (relative) with it. noise_n: how rough the floor is.
    """

    speed_mps: float = 1.0
    distance_m: float = 10.0
    c0_n: float = 150.0
    c1_ns_per_m: float = 30.0
    mass_kg: float = 60.0
    step_hz: float = 1.8
    swing: float = 0.2
    loss_pct: float = 0.0
    noise_n: float = 0.0
    start_ms: int = MONDAY_MS
    seed: int = 0
    header: dict[str, Any] = field(default_factory=dict)


def blob(haul: Haul) -> bytes:
    """The set's bytes as a board would have logged them."""
    t_s, speed = _walked(haul)
    accel = np.gradient(speed, GRID_S)
    law = haul.c0_n + haul.c1_ns_per_m * speed + haul.mass_kg * accel + _rough(haul, len(speed))
    return _blob(haul, t_s, speed, np.where(speed > 1e-3, law, 0.0))


def samples(haul: Haul) -> Samples:
    """The set's samples without sensors: what they would be if nothing were quantised, 80 a second."""
    t_s, speed = _walked(haul)
    accel = np.gradient(speed, GRID_S)
    law = haul.c0_n + haul.c1_ns_per_m * speed + haul.mass_kg * accel + _rough(haul, len(speed))
    place = np.concatenate(([0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * GRID_S)))
    at_s = np.arange(0, t_s[-1], 1 / 80)
    x, v, f = (np.interp(at_s, t_s, values) for values in (place, speed, law))
    motion = Motion(at_s, x, x, 0 * x, duration_s=float(at_s[-1]), start_us=0.0, ends_sd_s=0.0)
    none = Conversions(*[np.empty(0, dtype=np.int64)] * 4, *[np.empty(0, dtype=bool)] * 3, False, 0.0)
    nothing = np.zeros(len(at_s))
    return Samples(at_s, x, v, f, f, f, x, nothing, nothing, nothing, nothing, motion, none)


def coasting_blob(haul: Haul, push_s: float = 1.5) -> bytes:
    """An empty belt: pushed by hand up to speed_mps, then let go; the line is slack all the time."""
    pushed = haul.speed_mps * np.sin(math.pi / 2 * np.arange(0, push_s, GRID_S) / push_s) ** 2
    speeds, v = [], haul.speed_mps
    while v > 0:
        speeds.append(v)
        v -= GRID_S * (haul.c0_n + haul.c1_ns_per_m * v) / haul.mass_kg
    speed = np.concatenate((pushed, speeds, [0.0]))
    return _blob(haul, GRID_S * np.arange(len(speed)), speed, np.zeros(len(speed)))


def _walked(haul: Haul) -> tuple[np.ndarray, np.ndarray]:
    whole_s = haul.distance_m / haul.speed_mps / (1 - haul.loss_pct / 200) + 0.8
    t_s = np.arange(0, whole_s, GRID_S)
    level = np.clip(np.minimum(t_s, whole_s - t_s) / 0.8, 0, 1)
    level = level * level * (3 - 2 * level)
    tired = 1 - haul.loss_pct / 100 * t_s / whole_s
    speed = haul.speed_mps * level * tired * (1 + haul.swing * np.sin(2 * math.pi * haul.step_hz * t_s))
    return t_s, speed


def _rough(haul: Haul, n: int) -> np.ndarray:
    """A floor that is rough: noise_n newtons that last some 0.3 s."""
    chance = np.random.default_rng(haul.seed)
    length = round(0.3 / GRID_S)
    points = chance.standard_normal(n // length + 3) * haul.noise_n
    return np.interp(np.arange(n), length * np.arange(len(points)), points)


def _blob(haul: Haul, t_s: np.ndarray, speed: np.ndarray, force: np.ndarray) -> bytes:
    place = np.concatenate(([0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * GRID_S)))
    header = {"machine": "sled", "kind": "work", "start_unix_ms": haul.start_ms, **haul.header}
    plan = MadeSet(
        position_m=lambda t: float(np.interp(t, t_s, place)),
        force_n=lambda t: float(np.interp(t, t_s, force, left=0.0, right=0.0)),
        duration_s=float(t_s[-1]),
        header=header,
        seed=haul.seed,
    )
    return blob_of(plan)
