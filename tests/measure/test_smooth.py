"""The smoother behind speed, force and power: exact where it must be, and as sure as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.pushes import Push
from tests.measure.thin_rig import Errors, record

from retrorig.measure import kernels
from retrorig.measure.samples import sample_set
from retrorig.measure.smooth import CHAINS, Noise, smooth
from retrorig.measure.speed import speed_at, stretches

PERIOD_US = 11_628
N = 600
SPLINES = kernels.bank(CHAINS[True], True).splines


@pytest.mark.parametrize("n", [kernels.LEAST_N, N, 3 * N])
def test_every_spline_leaves_a_parabola_alone_to_both_ends(n: int) -> None:
    """But those of order 2, which are straight beyond the ends, and the stiffest, which reach beyond END_N."""
    x = np.arange(n) / 100
    parabola = 3 - 2 * x + 5 * x**2
    bending = [spline for spline in SPLINES if spline[0] > 2 and spline[1] <= 4]
    series = kernels.series_of(parabola)
    slopes = kernels.outputs(series, tuple(bending), True)[:, :n]
    assert np.abs(slopes * 100 - (10 * x - 2)).max() < 0.002 * 10 * x[-1]
    assert np.abs(kernels.outputs(series, tuple(bending), False)[:, :n] - parabola).max() < 0.002


@pytest.mark.parametrize("slope", [False, True])
def test_gains_are_what_white_noise_becomes(slope: bool) -> None:
    chance = np.random.default_rng(1)
    bank = kernels.bank(CHAINS[slope], slope)
    noise = (kernels.series_of(chance.normal(size=N)) for _ in range(400))
    outputs = np.array([kernels.outputs(series, bank.splines, slope) for series in noise])
    seen = outputs.var(axis=0).reshape(len(bank.splines), -1, kernels.STRIDE_N).mean(axis=2)
    said = kernels.spread(bank.noise, N)[0]
    assert seen.shape == said.shape
    assert np.abs(seen[:, [0, 1, 5, 40, -1]] / said[:, [0, 1, 5, 40, -1]] - 1).max() < 0.35
    assert np.abs(seen.mean(axis=1) / said.mean(axis=1) - 1).max() < 0.05


@settings(max_examples=20, deadline=None)
@given(st.floats(-8, 8), st.integers(-(10**6), 10**6), st.integers(2, 900))
def test_an_even_movement_has_its_pace_to_both_ends(mps: float, origin: int, n: int) -> None:
    """Whole counts of 1/9600 m, read to 16 us: 0.3 counts at each end of what is seen at once."""
    t_us = np.arange(n) * PERIOD_US // 16 * 16
    count = origin + np.floor(9600 * mps * t_us * 1e-6).astype(np.int64)
    speed, sd = speed_at(stretches(t_us, count), t_us.astype(float))
    wrong = np.abs(speed / 9600 - mps)
    assert wrong.max() <= max(0.009 + 0.0008 * abs(mps), 5 * float(sd.max()) / 9600)


def test_late_readings_change_nothing() -> None:
    """The count of a reading that is 3 ms late is that much further: at 5 m/s 144 counts."""
    chance = np.random.default_rng(2)
    t_us = np.arange(N) * PERIOD_US
    late_us = np.where(chance.random(N) < 0.1, chance.uniform(0, 3000, N), 60.0).astype(np.int64)
    moved = lambda s: 9600 * (5 * s - 0.3 * np.cos(2 * np.pi * 2 * s) / (2 * np.pi * 2))  # noqa: E731
    at_us = t_us + late_us
    speed, _ = speed_at(stretches(at_us, np.floor(moved(at_us * 1e-6)).astype(np.int64)), t_us + 60.0)
    truth = 5 + 0.3 * np.sin(2 * np.pi * 2 * (t_us * 1e-6 + 60e-6))
    assert np.sqrt(np.mean((speed / 9600 - truth)[5:-5] ** 2)) < 0.003


@pytest.mark.parametrize("hz", [0.5, 2.0, 3.5])
def test_the_stated_error_covers_the_error(hz: float) -> None:
    """Two standard deviations hold nine in ten or more of a swinging movement's samples."""
    t_us = np.arange(900) * PERIOD_US
    phase = 2 * np.pi * hz * t_us * 1e-6
    count = np.floor(9600 * (t_us * 1e-6 - 0.3 * np.cos(phase) / (2 * np.pi * hz))).astype(np.int64)
    speed, sd = speed_at(stretches(t_us, count), t_us.astype(float))
    assert np.mean(np.abs(speed - 9600 * (1 + 0.3 * np.sin(phase))) <= 2 * sd) >= 0.9


def test_noise_of_any_size_is_found_and_smoothed() -> None:
    chance = np.random.default_rng(3)
    swing = 20_000 * np.sin(2 * np.pi * 0.02 * np.arange(N))
    for sd in (20.0, 200.0, 1000.0):
        found = smooth(swing + chance.normal(0, sd, N), Noise(1 / 12), slope=False)
        wrong = found.values - swing
        assert np.sqrt(np.mean(wrong**2)) < 0.62 * sd
        assert np.mean(np.abs(wrong) <= 2 * found.sd) > 0.85


def test_a_set_that_ends_while_walking_has_no_peak_at_its_end() -> None:
    """As one does whose target is reached: the belt goes on at 1 m/s, of which the log holds nothing."""
    (raw,) = record(Push(2.0, 1.0), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    middle = len(raw.t_us) // 2
    raw.end = {**(raw.end or {}), "end_us": raw.t_us[middle], "reason": "target"}
    raw.t_us, raw.count, raw.code = raw.t_us[: middle + 1], raw.count[: middle + 1], raw.code[: middle + 1]
    speed_mps = sample_set(raw).speed_mps
    assert speed_mps.max() <= 1.01
    assert speed_mps[-10:] == pytest.approx(np.ones(10), abs=0.01)
