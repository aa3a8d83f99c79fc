"""Smoothers of the places that are told the truth to be tuned by: Savitzky-Golay, and Rauch-Tung-Striebel.

Each gives every setting's speed, of which the bench takes the one that fits the truth best: what no user can do.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from tests.bench.motions import Floats
from tests.bench.peers.kalman import MEASURED, NOISES, UNKNOWN, transition
from tests.bench.sensing import Samples

ORDERS = (1, 3, 5)
HALF_WINDOWS = (*range(1, 16), 18, 21, 25, 30, 36, 44, 55, 70, 90)


def central_difference(samples: Samples) -> Floats:
    """Counts a second from the readings before and after."""
    count, time_s = samples.count.astype(float), samples.time_s
    found = np.gradient(count, time_s)
    found[1:-1] = (count[2:] - count[:-2]) / (time_s[2:] - time_s[:-2])
    return found


def savitzky_golay(samples: Samples) -> Iterator[Floats]:
    """Speed by each order and window, on an even grid; at the ends the outermost window's polynomial."""
    step_s = float(np.median(np.diff(samples.time_s)))
    grid_s = np.arange(samples.time_s[0], samples.time_s[-1], step_s)
    places = np.interp(grid_s, samples.time_s, samples.count)
    for order in ORDERS:
        for half in HALF_WINDOWS:
            if order < 2 * half < len(places):
                yield np.interp(samples.time_s, grid_s, _slopes(places, order, half) / step_s)


def _slopes(places: Floats, order: int, half: int) -> Floats:
    x = np.arange(-half, half + 1.0) / half
    fit = np.linalg.pinv(np.vander(x, order + 1, increasing=True))
    found = np.convolve(places, fit[1][::-1] / half, mode="same").astype(np.float64)
    powers = np.vander(x, order, increasing=True) * np.arange(1, order + 1)
    found[:half] = (powers @ (fit @ places[: 2 * half + 1])[1:])[:half] / half
    found[-half:] = (powers @ (fit @ places[-2 * half - 1 :])[1:])[-half:] / half
    return found


def rauch_tung_striebel(samples: Samples, states: int) -> Floats:
    """Speed by each process noise, a row for each: the Kalman filter of that order, smoothed backward."""
    noises = 10.0 ** NOISES[states]
    n, count = len(samples.count), samples.count.astype(float)
    state = np.zeros((n, len(noises), states))
    covariance = np.zeros((n, len(noises), states, states))
    state[0, :, 0], covariance[0] = count[0], np.diag(UNKNOWN[:states])
    guess, spread, moves = state.copy(), covariance.copy(), np.zeros((n, states, states))
    for k, dt in enumerate(np.diff(samples.time_s), start=1):
        moves[k], drives = transition(states, dt)
        guess[k] = state[k - 1] @ moves[k].T
        spread[k] = moves[k] @ covariance[k - 1] @ moves[k].T + noises[:, None, None] * drives
        gain = spread[k, :, :, 0] / (spread[k, :, :1, 0] + MEASURED)
        state[k] = guess[k] + gain * (count[k] - guess[k, :, :1])
        covariance[k] = spread[k] - gain[:, :, None] * spread[k, :, None, 0, :]
    gains = covariance[:-1] @ np.swapaxes(moves[1:], -1, -2)[:, None] @ np.linalg.inv(spread[1:])
    for k in range(n - 2, -1, -1):
        state[k] += (gains[k] @ (state[k + 1] - guess[k + 1])[..., None])[..., 0]
    found: Floats = state[:, :, 1].T
    return found
