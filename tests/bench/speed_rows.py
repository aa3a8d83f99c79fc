"""Speed on the board against the truth and against other ways, on every motion."""

from __future__ import annotations

import numpy as np
from tests.bench.motions import Floats, Motion, motions
from tests.bench.peers.board import board
from tests.bench.peers.count_difference import count_difference, led_difference
from tests.bench.peers.kalman import NOISES, kalman
from tests.bench.peers.m_over_t import m_over_t
from tests.bench.peers.period import period
from tests.bench.peers.theil_sen import theil_sen
from tests.bench.rows import Row, compare
from tests.bench.sensing import COUNTS_PER_M, Samples, sample

SEED = 20
SETTLED = slice(20, None)  # no filter knows anything at the first samples
KALMAN_GOAL = 1.10
DIFFERENCE_GOAL = 0.50
DELAYS_S = np.arange(-0.02, 0.0601, 0.001)


def rows() -> list[Row]:
    return [row for number, motion in enumerate(motions()) for row in of_motion(motion, SEED + number)]


def of_motion(motion: Motion, seed: int) -> list[Row]:
    samples = sample(motion, seed)
    truth = motion.speed_mps(samples.time_s)
    ours = board(samples)
    error = _rmse_mmps(ours, truth)
    name = f"speed RMSE, {motion.name}"
    rivals = (
        ("best Kalman filter", _best_kalman_mmps(samples, truth), KALMAN_GOAL),
        ("count difference", _rmse_mmps(count_difference(samples), truth), DIFFERENCE_GOAL),
        ("count difference, led to no delay", _rmse_mmps(led_difference(samples), truth), None),
        ("period 1/T", _rmse_mmps(period(motion, samples, seed), truth), None),
        ("M/T", _rmse_mmps(m_over_t(samples), truth), None),
        ("Theil-Sen parabola", _rmse_mmps(theil_sen(samples), truth), None),
    )
    return [
        *(compare(name, error, "mm/s", peer, value, goal) for peer, value, goal in rivals),
        _delay_row(motion, samples, ours),
    ]


def _best_kalman_mmps(samples: Samples, truth: Floats) -> float:
    return min(
        _rmse_mmps(speed, truth)
        for states, exponents in NOISES.items()
        for speed in kalman(samples, states, 10.0**exponents)
    )


def _delay_row(motion: Motion, samples: Samples, ours: Floats) -> Row:
    difference = count_difference(samples)
    return compare(
        f"speed delay, {motion.name}",
        _delay_ms(motion, samples, ours),
        "ms",
        "count difference",
        _delay_ms(motion, samples, difference),
        None,
    )


def _delay_ms(motion: Motion, samples: Samples, counts_per_s: Floats) -> float:
    """The shift in time that makes the estimate fit the truth best."""
    errors = [_rmse_mmps(counts_per_s, motion.speed_mps(samples.time_s - delay_s)) for delay_s in DELAYS_S]
    return float(DELAYS_S[int(np.argmin(errors))]) * 1000


def _rmse_mmps(counts_per_s: Floats, truth_mps: Floats) -> float:
    error = (counts_per_s / COUNTS_PER_M - truth_mps)[SETTLED]
    return float(np.sqrt(np.mean(error**2))) * 1000
