"""The speed that a movement is held against is that at which its metres were made, whatever else the belt did."""

from __future__ import annotations

import numpy as np
import pytest

from retrorig.measure.bursts import _usual

STEP_S = 0.1


@pytest.mark.parametrize(
    ("pieces", "usual_mps"),
    [
        ([(1.0, 50)], 1.0),
        ([(0.1, 200), (1.0, 50)], 1.0),
        ([(0.1, 200), (1.0, 10)], 0.1),
        ([(0.0, 500), (0.8, 20)], 0.8),
        ([(-2.0, 100), (0.7, 20)], 0.7),
        ([(0.5, 30), (0.6, 40), (0.7, 30)], 0.6),
        ([(0.0, 50)], 0.0),
        ([(-1.0, 50)], 0.0),
        ([], 0.0),
    ],
)
def test_half_of_the_metres_backward_were_made_faster(
    pieces: list[tuple[float, int]], usual_mps: float
) -> None:
    """Pieces of (m/s, tenths of a second): a long creep, a stand or the way back weighs no more than its metres."""
    speeds = np.array([speed for speed, n in pieces for _ in range(n)])
    x_m = np.concatenate(([0.0], np.cumsum(speeds * STEP_S)))
    found = _usual(x_m, np.concatenate((speeds[:1], speeds)))
    assert found == pytest.approx(usual_mps)
