"""The filter behind speed and peaks, up to a set's very ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.pushes import Push
from tests.measure.thin_rig import Errors, record

from retrorig.measure.samples import sample_set
from retrorig.measure.smooth import HALF_WIDTH_S, local_cubic

STEP_S = 1 / 86
TIMES_S = np.arange(0, 2, STEP_S)


@given(st.floats(-8, 8), st.floats(-100, 100))
def test_an_even_movement_has_its_pace_to_both_ends(mps: float, origin_m: float) -> None:
    slope = local_cubic(TIMES_S, origin_m + mps * TIMES_S, TIMES_S, STEP_S, slope=True)
    assert slope == pytest.approx(np.full(len(TIMES_S), mps), abs=1e-6)


@given(st.floats(-5, 5))
def test_a_changing_pace_is_blurred_at_the_ends_by_the_filters_own_width(mps2: float) -> None:
    slope = local_cubic(TIMES_S, mps2 * TIMES_S**2 / 2, TIMES_S, STEP_S, slope=True)
    wrong = np.abs(slope - mps2 * TIMES_S)
    inner = np.minimum(TIMES_S, TIMES_S[::-1]) > HALF_WIDTH_S + STEP_S
    assert wrong.max() <= abs(mps2) * HALF_WIDTH_S + 1e-9
    assert wrong[inner].max() <= abs(mps2) * STEP_S / 4 + 1e-9  # of the straight lines between readings


def test_a_pull_that_goes_on_keeps_its_value_to_the_end() -> None:
    values = 150 + 20 * np.sin(2 * np.pi * 1.8 * TIMES_S)
    assert local_cubic(TIMES_S, values, TIMES_S, STEP_S) == pytest.approx(values, abs=2.5)


def test_a_set_that_ends_while_walking_has_no_peak_at_its_end() -> None:
    """As one does whose target is reached: the belt goes on at 1 m/s, of which the log holds nothing."""
    (raw,) = record(Push(2.0, 1.0), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    middle = len(raw.t_us) // 2
    raw.end = {**(raw.end or {}), "end_us": raw.t_us[middle], "reason": "target"}
    raw.t_us, raw.count, raw.code = raw.t_us[: middle + 1], raw.count[: middle + 1], raw.code[: middle + 1]
    speed_mps = sample_set(raw).speed_mps
    assert speed_mps.max() <= 1.01
    assert speed_mps[-10:] == pytest.approx(np.ones(10), abs=0.01)
