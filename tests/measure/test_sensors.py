"""What a set's raw counts say about the encoder's wiring."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import GRID_S

from retrorig.measure.metrics import measure

RATE_HZ = 86.0


class Torn:
    """From rest to `mps` at 12 m/s2, on for 2 s, and torn to a stop at 40 m/s2."""

    def __init__(self, mps: float) -> None:
        self._times = np.cumsum([0, mps / 12, 2.0, mps / 40])
        self._speeds = (0.0, mps, mps, 0.0)
        self.end_s = float(self._times[-1])
        self.pull_n = np.zeros(round(self.end_s / GRID_S) + 1)
        self._grid_s = np.arange(0, self.end_s + GRID_S, GRID_S)
        speed = np.interp(self._grid_s, self._times, self._speeds)
        self._path_m = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2 * GRID_S)])

    def position_m(self, t_s: float) -> float:
        return float(np.interp(t_s, self._grid_s, self._path_m))


@pytest.mark.parametrize("mps", [2.0, 5.0, 8.0])
def test_a_belt_that_is_torn_to_a_stop_is_no_noise(mps: float) -> None:
    (raw,) = record(Torn(mps), Errors(), RATE_HZ, seed=1)  # type: ignore[arg-type]
    assert not [reason for reason in measure(raw)["quality_reasons"] if "encoder" in reason]


def test_edges_that_come_and_go_are_noise() -> None:
    (raw,) = record(Torn(2.0), Errors(), RATE_HZ, seed=1)  # type: ignore[arg-type]
    chance = Random(1)
    middle = len(raw.count) // 2
    for number in range(middle, middle + 40):
        raw.count[number] += chance.randint(-40, 40)
    assert any("encoder" in reason for reason in measure(raw)["quality_reasons"])
