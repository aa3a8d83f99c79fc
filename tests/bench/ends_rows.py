"""How long a set lasted: the host's and the board's figure against pushes whose ends are exact."""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray
from tests.bench.rows import Row, compare
from tests.measure.pushes import swaying_push
from tests.measure.thin_rig import Errors, record

from retrorig.measure.motion import trace_motion

PUSHES_N = 150
SWAYS_M = {"still before and after": 0.0, "swaying by 1 mm": 0.0005, "swaying by 5 mm": 0.0025}
ALLOWED_MS = 100.0
"""1 % of a set of 10 s."""


def rows() -> list[Row]:
    return [row for name, sway_m in SWAYS_M.items() for row in of_sway(name, sway_m)]


def of_sway(name: str, sway_m: float) -> list[Row]:
    host_ms, board_ms = _errors_ms(sway_m)
    nine_in_ten = float(np.quantile(np.abs(host_ms), 0.9))
    host_middle, board_middle = float(np.median(host_ms)), float(np.median(board_ms))
    goal = None if sway_m else 1.0
    return [
        compare(f"duration, {name}, nine in ten within", nine_in_ten, "ms", "1 % of 10 s", ALLOWED_MS, goal),
        compare(
            f"duration, {name}, middle error", host_middle, "ms", "as the board saw it", board_middle, None
        ),
    ]


def _errors_ms(sway_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    host_ms, board_ms = [], []
    for seed in range(PUSHES_N):
        push = swaying_push(Random(seed), sway_m)
        (raw,) = record(push, Errors(), 86.0, seed)  # type: ignore[arg-type]
        assert raw.end is not None
        host_ms.append(1e3 * (trace_motion(raw).duration_s - push.end_s))
        board_ms.append((raw.end["end_us"] - raw.header["start_us"]) * 1e-3 - 1e3 * push.end_s)
    return np.array(host_ms), np.array(board_ms)
