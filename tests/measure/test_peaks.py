"""Peaks through the simulated converter: as high as they were, with intervals; a shock is told to be one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from tests.measure.pushes import Push
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import GRID_S, Gait, Walk

from retrorig.measure.metrics import measure
from retrorig.measure.samples import sample_set


@pytest.mark.parametrize("hz", [1.0, 2.0, 3.0, 3.5])
@pytest.mark.parametrize("rate_hz", [82.9, 93.7])
def test_peaks_of_quick_pushes(hz: float, rate_hz: float) -> None:
    """Force within 3 %, speed 2 %, power 4 %; the intervals hold them."""
    walk = Walk(Gait(hz, round(12 * hz), ripple=0.5, speed_ripple=0.3, noise_n=0.2, seed=round(10 * hz)))
    (raw,) = record(walk, Errors(), rate_hz, seed=5)
    found = measure(raw)
    for key, truth, share in (
        ("peak_force_n", walk.pull_n.max(), 0.03),
        ("peak_speed_mps", walk.speed_mps.max(), 0.02),
        ("peak_power_w", (walk.pull_n * walk.speed_mps).max(), 0.04),
    ):
        assert abs(found[key] - truth) <= min(share * truth, found["uncertainty"][key]), key
        assert found["uncertainty"][key] < 0.05 * truth


def test_peaks_are_those_of_the_samples() -> None:
    (raw,) = record(Walk(Gait(steps=20)), Errors(), 86.0, seed=4)
    found, samples = measure(raw), sample_set(raw)
    assert found["peak_force_n"] == pytest.approx(np.nanmax(samples.force_n), abs=1e-6)
    assert found["peak_speed_mps"] == pytest.approx(np.max(samples.speed_mps), abs=1e-6)
    assert found["peak_power_w"] == pytest.approx(np.nanmax(samples.power_w), abs=1e-6)


@dataclass
class Pulled(Push):
    """A push under a constant pull, which lets go at once at the end; a shock on top if one is given."""

    pull: float = 80.0
    shock: tuple[float, float, float] | None = None
    """When (s), how long (s), how strong (N)."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.pull_n = np.full(len(self.pull_n), self.pull)
        if self.shock:
            first, after = (round(s / GRID_S) for s in (self.shock[0], self.shock[0] + self.shock[1]))
            self.pull_n[first:after] = self.shock[2]


def test_a_constant_pull_has_its_own_value_at_an_abrupt_end() -> None:
    (raw,) = record(Pulled(1.0, 1.0), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    assert measure(raw)["peak_force_n"] == pytest.approx(80.0, abs=0.4)


def test_a_shock_is_told_to_be_one() -> None:
    (raw,) = record(Pulled(2.0, 1.0, shock=(2.5, 0.012, 900.0)), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    found = measure(raw)
    assert any("shock too short" in reason for reason in found["quality_reasons"])
    assert (
        found["peak_force_n"] < 800
        and abs(found["peak_force_n"] - 900) <= found["uncertainty"]["peak_force_n"]
    )


@pytest.mark.parametrize("hz", [1.8, 3.5])
def test_a_push_is_no_shock(hz: float) -> None:
    (raw,) = record(Walk(Gait(hz, 30, ripple=0.95, humps=2)), Errors(), 82.9, seed=3)
    assert not any("shock" in reason for reason in measure(raw)["quality_reasons"])


def test_what_the_filter_takes_is_told() -> None:
    """sin^2 pushes at 3.5/s with half the mean as ripple: n T^2 / 24 of the second derivative."""
    (raw,) = record(Walk(Gait(3.5, 40, ripple=0.5, noise_n=0.0)), Errors(), 82.9, seed=3)
    percent = 100 * (0.5 / 1.5) * (2 * np.pi * 3.5 / 82.9) ** 2 / 6
    assert measure(raw)["gait"]["peak_filter_pct"] == pytest.approx(percent, rel=0.2)
