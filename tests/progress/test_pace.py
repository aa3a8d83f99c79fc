"""The steady part and the loss of speed in it, against walks whose loss is known."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.progress.haul import Haul, blob, samples

from retrorig.measure.samples import sample_set
from retrorig.progress.pace import Pace, pace_of
from rigcore.decode import decode_set

WALK = Haul(distance_m=15.0)


def test_start_and_stop_are_left_out_through_the_sensors() -> None:
    pace = pace_of(sample_set(decode_set(blob(WALK))), 60 * WALK.step_hz)
    assert pace is not None
    assert pace.mean_mps == pytest.approx(1.0, rel=0.01)
    assert abs(pace.loss_pct) < 1.0


@given(st.floats(0, 40), st.sampled_from((0.9, 1.3, 1.8, 2.6)), st.floats(0.6, 1.6))
@settings(max_examples=40)
def test_planted_loss_is_found(loss_pct: float, step_hz: float, speed_mps: float) -> None:
    """The speed falls evenly; first and last stretch are each half a stretch and a ramp away from the ends."""
    walk = dataclasses.replace(
        WALK, loss_pct=loss_pct, step_hz=step_hz, speed_mps=speed_mps, distance_m=20 * speed_mps
    )
    pace = pace_of(samples(walk), 60 * step_hz)
    assert pace is not None
    whole_s = float(samples(walk).time_s[-1])
    stretch_s = (pace.end_s - pace.start_s) / len(pace.stretch_mps)
    first, last = (
        1 - loss_pct / 100 * t / whole_s for t in (pace.start_s + stretch_s / 2, pace.end_s - stretch_s / 2)
    )
    assert pace.loss_pct == pytest.approx(100 * (1 - last / first), abs=3.0)


@given(st.floats(0, 25), st.integers(0, 1000))
@settings(max_examples=15)
def test_one_stronger_leg_is_no_loss(limp_pct: float, seed: int) -> None:
    """Stretches are whole strides, so a swing at half the step rate is the same in each."""
    walk = dataclasses.replace(WALK, step_hz=0.9, swing=limp_pct / 100, seed=seed)
    pace = pace_of(samples(walk), 2 * 60 * 0.9)
    assert pace is not None
    assert pace.loss_pct <= 3.0


def test_a_loss_is_of_the_fastest_stretch_and_a_straight_line_leaves_it_no_doubt() -> None:
    even = Pace(1.0, 6.0, 0.9, None, np.array([0.8, 1.0, 0.9, 0.95, 0.75]), np.arange(5.0))
    assert (even.best_mps, even.loss_pct) == (1.0, pytest.approx(25.0))
    assert even.below(0.92) == 2.0 and even.below(0.8) == 4.0 and even.below(0.75) is None
    falling = Pace(1.0, 6.0, 0.8, None, np.linspace(1.0, 0.6, 5), np.arange(5.0))
    assert (falling.loss_pct, falling.loss_pm_pct) == (pytest.approx(40.0), pytest.approx(0.0, abs=1e-6))
    # Four stretches about a level line, off by 0.1 each: sd 0.2 / sqrt(2), Student's 4.303 at two degrees.
    rough = Pace(1.0, 6.0, 1.0, None, np.array([1.1, 0.9, 0.9, 1.1]), np.arange(4.0))
    assert rough.loss_pm_pct == pytest.approx(
        100 * 4.302653 * math.sqrt(2) * 0.2 / math.sqrt(2) / 1.1, rel=1e-4
    )


def test_where_the_loss_was_reached() -> None:
    pace = pace_of(samples(dataclasses.replace(WALK, loss_pct=30, swing=0.0)), None)
    assert pace is not None
    assert pace.below(0.0) is None
    reached_m = pace.below(0.9 * pace.best_mps)
    assert (
        reached_m is not None and 4.0 < reached_m < 9.0
    )  # a third of the way of 15 m, and the rest of a stretch


@pytest.mark.parametrize("loss_pct", [25.0, 45.0, 60.0])
def test_who_tires_is_judged_until_the_end(loss_pct: float) -> None:
    """What is usual at the end is the speed of then: who walks there at half the speed has not stopped."""
    walk = dataclasses.replace(WALK, loss_pct=loss_pct, swing=0.0)
    pace, made = pace_of(samples(walk), None), samples(walk)
    assert pace is not None
    assert made.time_s[-1] - pace.end_s < 1.5 + 0.1 * made.time_s[-1] and pace.start_s < 1.5


@pytest.mark.parametrize("distance_m", [0.5, 2.0, 3.5])
def test_short_sets_are_not_judged(distance_m: float) -> None:
    assert pace_of(samples(dataclasses.replace(WALK, distance_m=distance_m)), None) is None
