"""Calibration by weights: the true scale is found, poor points are refused in words."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.errors import InputError
from retrorig.measure.calibration import fit_force
from retrorig.measure.recalibrate import recalibrated
from rigcore.decode import RawSet

WEIGHTS_N = (0.0, 49.0, 98.1, 196.2, 294.3)


@given(
    scale=st.floats(1e-5, 5e-3),
    sign=st.sampled_from([-1, 1]),
    zero=st.integers(-200_000, 200_000),
    weights=st.lists(st.floats(0, 2000), min_size=3, max_size=9, unique=True),
)
def test_exact_points_give_the_exact_scale(scale: float, sign: int, zero: int, weights: list[float]) -> None:
    if max(weights) - min(weights) < max(1.0, 0.3 * max(weights)):
        weights = [0.0, *(w + 10 for w in weights)]
    fit = fit_force([(w, zero + w / (sign * scale)) for w in weights])
    assert fit.scale_nn == pytest.approx(sign * scale * 1e9, rel=1e-6, abs=0.51)
    assert fit.zero == pytest.approx(zero, abs=1)
    assert fit.linearity_rel < 1e-9


def test_the_interval_of_the_scale_covers_the_truth() -> None:
    """Weights known to 0.2 %, as a scale gives them; 95 % of 400 is 380, fewer than 366 once in 500 runs."""
    covered = 0
    for seed in range(400):
        chance = Random(seed)
        points = [(w, 35_000 + 2147 * (w + 0.2 * chance.gauss(0, 1)) + chance.gauss(0, 5)) for w in WEIGHTS_N]
        fit = fit_force(points)
        covered += abs(fit.scale_nn / (1e9 / 2147) - 1) <= fit.span_pm_rel
    assert covered >= 366


def test_residuals_show_a_bent_cell() -> None:
    points = [(w, 35_000 + 2147 * (w + 0.8 * (w / 294.3) * (1 - w / 294.3) * 4)) for w in WEIGHTS_N]
    fit = fit_force(points)
    assert 0.0005 < fit.linearity_rel < 0.005
    assert sum(fit.residuals_n) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(0, 0), (100, 214_700)], "too few"),
        ([(100, 214_700), (101, 216_847), (102, 218_994)], "too much alike"),
        ([(0, 5), (100, 5), (200, 5)], "check its wires"),
        ([(0, 35_000), (100, 249_700), (200, 475_000), (300, 679_100)], "number 3 is off"),
    ],
)
def test_poor_points_are_refused_with_the_reason(points: list[tuple[float, float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        fit_force(points)


def test_another_value_leaves_its_old_sureness_behind() -> None:
    raw = RawSet()
    raw.header = {
        "scale_nn": 465_766,
        "span_pm_ppm": 5_000,
        "linearity_mn": 30,
        "circumference_pm_ppm": 1_000,
    }
    other = recalibrated(raw, {"scale_nn": 470_000})
    assert other.header == {"scale_nn": 470_000, "circumference_pm_ppm": 1_000}
    assert recalibrated(raw, {"scale_nn": 470_000, "span_pm_ppm": 900}).header["span_pm_ppm"] == 900
    assert raw.header["span_pm_ppm"] == 5_000
