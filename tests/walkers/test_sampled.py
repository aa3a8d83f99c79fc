"""The quick sampler against the virtual rig's own parts."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from tests.walkers.harness import judged

from retrorig.virtual.clock import Clock
from retrorig.virtual.parts.hx711 import Hx711
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.catalogue import find
from retrorig.virtual.walkers.sampled import TICKS, sample

RATE_HZ = 90.0
QUIET = RigSettings(rate_hz=RATE_HZ, noise_nv=0.0, dither_counts=0.0)


def test_the_filter_is_that_of_the_simulated_converter() -> None:
    """Both averages of the same pull agree to the hundredth of a newton where neither starts up."""
    walk, clock = find("brisk/1").walk(), Clock()
    seen: list[tuple[float, int]] = []
    chip = Hx711(
        clock, Random(1), lambda ns: walk.force_n(ns * 1e-9), lambda force_n, gain: 1000 * force_n,
        RATE_HZ, lambda level: None, wander=0.0,
    )  # fmt: skip
    load = chip.load
    chip.load = lambda code: (seen.append((clock.now_ns * 1e-9, code)), load(code))  # type: ignore[method-assign]
    chip.power_on()
    clock.advance(round(walk.end_s * 1e9))
    samples = sample(walk, 1, QUIET)
    sampled_n = (samples.code - QUIET.offset_code) / QUIET.counts_per_n
    at_s, codes = np.array(seen).T
    n = min(len(at_s), len(sampled_n) - 3)
    # Conversion number k of the chip, which swallows the first three, and of the sampler are the same instant.
    assert at_s[:n] == pytest.approx(samples.belt_s[3 : n + 3], abs=5e-3)
    assert np.abs(codes[:n] / 1000 - sampled_n[3 : n + 3]).max() < 0.003 * walk.pull_n.max()


def test_counts_are_the_belts_to_within_one() -> None:
    walk = find("sled/3").walk()
    samples = sample(walk, 2)
    true = np.interp(samples.belt_s, walk.time_s, walk.belt_m) * RigSettings().counts_per_m
    late = (
        walk.speed_mps().max() * RigSettings().counts_per_m * 32e-6
    )  # one step of time, and the reading's gap
    assert np.abs(samples.count - true).max() < 1 + late


def test_stamps_are_late_quantised_and_wrap() -> None:
    samples = sample(find("even").walk(), 3)
    assert np.all(samples.time_us % 16 == 0) and np.all(np.diff(samples.time_us) > 0)
    fed: list[int] = []
    samples.feed(lambda ticks, count, code: fed.append(ticks))
    assert max(fed) < TICKS and sorted(fed) != fed, "the counter wraps within the walk"
    assert np.ptp(np.diff(samples.time_us)) > 2000, "some are read late"


def test_the_same_seed_samples_the_same() -> None:
    walk = find("even").walk()
    one, again, other = sample(walk, 4), sample(walk, 4), sample(walk, 5)
    assert np.array_equal(one.code, again.code) and len(one.code) != len(other.code)


def test_an_even_walker_is_found_as_walked() -> None:
    row = judged(find("even"))
    assert row.is_as_walked
    for true, found in row.pairs:
        assert found.backward_m == pytest.approx(true.backward_m, rel=0.002)
        assert found.start_s == pytest.approx(true.start_s, abs=0.15)
        assert found.end_s == pytest.approx(true.end_s, abs=0.15)
