"""The causal Kalman filter, as many at once as there are process noises to try.

The state is place and its derivatives; white noise drives the highest (constant-velocity, -acceleration, -jerk for 2,
3, 4 states), discretised exactly for each sample's own interval. The measurement noise is a count's quantisation,
1/12 count^2; only the ratio of the two matters, so tuning one of them tunes both.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from tests.bench.motions import Floats
from tests.bench.sensing import Samples

NOISES = {  # log10 of the power density of each order, counts^2/s^(2*order-1), from sluggish to nervous
    2: np.arange(1.0, 11.1, 0.5),
    3: np.arange(2.0, 14.1, 0.5),
    4: np.arange(6.0, 19.1, 0.5),
}
MEASURED = 1 / 12
UNKNOWN = (MEASURED, 1e2, 1e4, 1e6)


def kalman(samples: Samples, states: int, noises: Floats) -> Floats:
    """Speed estimates, one row for each of `noises`."""
    covariance = np.repeat(np.diag(UNKNOWN[:states])[None], len(noises), axis=0)
    state = np.zeros((len(noises), states))
    state[:, 0] = samples.count[0]
    speed = np.zeros((len(noises), len(samples.count)))
    for k, dt in enumerate(np.diff(samples.time_s), start=1):
        moves, drives = transition(states, dt)
        state = state @ moves.T
        covariance = moves @ covariance @ moves.T + noises[:, None, None] * drives
        gain = covariance[:, :, 0] / (covariance[:, :1, 0] + MEASURED)
        state = state + gain * (samples.count[k] - state[:, :1])
        covariance = covariance - gain[:, :, None] * covariance[:, None, 0, :]
        speed[:, k] = state[:, 1]
    return speed


def transition(states: int, dt: float) -> tuple[Floats, Floats]:
    """Transition over `dt`, and what unit noise adds to the covariance meanwhile."""
    rise = [dt**p / factorial(p) for p in range(states)]
    moves = np.array([[rise[j - i] if j >= i else 0.0 for j in range(states)] for i in range(states)])
    fall = rise[::-1]
    drives = np.array(
        [[fall[i] * fall[j] * dt / (2 * states - 1 - i - j) for j in range(states)] for i in range(states)]
    )
    return moves, drives
