"""Metrics against sets whose truth is a formula.

Error budget: one count is 0.104 mm; a reading is late by up to 0.3 ms; the local cubic keeps 98 % of a speed at
3.5 Hz; the simulated force is exact to one code (0.5 mN).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.host.sets import CIRCUMFERENCE_UM, COUNTS_PER_REV, START_US, MadeSet, blob_of, ramped

from retrorig.measure.metrics import measure
from retrorig.measure.motion import trace_motion
from retrorig.measure.samples import sample_set
from retrorig.measure.timebase import beats_of, conversion_times_us, missing_n, period_us
from retrorig.set_row import KEYS, MEASURED, NOTED
from rigcore.decode import decode_set, iter_records
from rigcore.fields import pack
from rigcore.force import FAULT_DESYNC, NO_CONVERSION
from rigcore.records import TYPE_END, seal

COUNT_M = CIRCUMFERENCE_UM / COUNTS_PER_REV * 1e-6


def measured(plan: MadeSet) -> dict:
    return measure(decode_set(blob_of(plan)))


def gait(frequency_hz: float, duration_s: float = 20.0) -> MadeSet:
    """A walk at 1 m/s with 0.3 m/s and 60 N of sine in phase: mean power is exactly 109 W over whole periods.

    Half a period more, or the sine would draw the belt back while it stops, and the set would end before.
    """
    pulse = 2 * math.pi * frequency_hz
    duration_s += 0.5 / frequency_hz
    walk = ramped(1.0, duration_s)
    return MadeSet(
        lambda t: walk(t) + 0.3 / pulse * (1 - math.cos(pulse * t)),
        lambda t: 100 + 60 * math.sin(pulse * t),
        duration_s,
    )


def integral(plan: MadeSet, n: int = 400_000) -> tuple[float, float]:
    """Work and impulse of a plan by brute force, independent of everything measured."""
    t = np.linspace(0, plan.duration_s, n + 1)
    position = np.array([plan.position_m(x) for x in t])
    force = np.array([plan.force_n(x) for x in (t[1:] + t[:-1]) / 2])
    return float(np.sum(force * np.diff(position))), float(np.sum(force)) * plan.duration_s / n


@given(
    speed=st.floats(0.2, 8.0),
    duration=st.floats(2.0, 12.0),
    force=st.floats(-50, 1500),
    rate=st.floats(76.0, 94.0),
    seed=st.integers(0, 999),
)
@settings(max_examples=25, deadline=None)
def test_steady_walk(speed: float, duration: float, force: float, rate: float, seed: int) -> None:
    raw = decode_set(
        blob_of(MadeSet(ramped(speed, duration), lambda t: force, duration, rate_hz=rate, seed=seed))
    )
    found, motion = measure(raw), trace_motion(raw)
    length = speed * (duration - 0.5)
    # What the ends' own standard deviation allows; the belt lies at rest beyond them.
    assert found["duration_s"] == pytest.approx(duration, abs=3 * motion.ends_sd_s)
    duration = found["duration_s"]
    # A reading is up to one period apart from the exact end, where the belt creeps its last 4 mm at most.
    assert found["backward_m"] == pytest.approx(length, abs=2 * COUNT_M + 0.0005)
    assert found["forward_m"] == 0
    assert found["mean_speed_mps"] == pytest.approx(length / duration, rel=0.001)
    assert found["peak_speed_mps"] == pytest.approx(speed, rel=0.005, abs=0.005)
    # Noise of 0.018 N a conversion, over 150 conversions and more.
    assert found["mean_force_n"] == pytest.approx(force, abs=0.01)
    assert found["work_j"] == pytest.approx(force * length, rel=0.001, abs=0.01 * length + 0.01)
    assert found["impulse_ns"] == pytest.approx(force * duration, abs=0.01 * duration)


@pytest.mark.parametrize("frequency_hz", [0.8, 1.5, 2.0, 3.5])
def test_power_of_a_sinusoidal_gait_within_half_a_percent(frequency_hz: float) -> None:
    plan = gait(frequency_hz)
    work_j, impulse_ns = integral(plan)
    found = measured(plan)
    assert found["work_j"] == pytest.approx(work_j, rel=0.005)
    assert found["mean_power_w"] == pytest.approx(work_j / plan.duration_s, rel=0.005)
    assert found["impulse_ns"] == pytest.approx(impulse_ns, rel=0.001)
    assert found["peak_speed_mps"] == pytest.approx(1.3, rel=0.01)
    assert found["peak_force_n"] == pytest.approx(160, rel=0.02)


@pytest.mark.parametrize("delay_conversions", [0.0, 2.0, 3.5])
def test_force_and_speed_refer_to_the_same_instant(delay_conversions: float) -> None:
    """The contract allows 2 ms between force and speed; found by fitting both sines."""
    plan = gait(2.0)
    plan.delay_conversions = delay_conversions
    found = sample_set(decode_set(blob_of(plan)))
    inside = (found.time_s > 1) & (found.time_s < 19)
    t = found.time_s[inside]
    shift = _phase(t, found.force_n[inside]) - _phase(t, found.speed_mps[inside])
    assert abs(shift / (2 * math.pi * 2.0)) < 0.001


def _phase(t: np.ndarray, values: np.ndarray) -> float:
    wave = np.exp(-2j * math.pi * 2.0 * t)
    return float(np.angle(np.sum((values - values.mean()) * wave)))


def test_samples_start_at_zero_and_end_with_the_set() -> None:
    plan = gait(1.5, duration_s=6.0)
    found = sample_set(decode_set(blob_of(plan)))
    assert found.time_s[0] == 0 and found.distance_m[0] == 0
    assert (
        found.time_s[-1]
        == found.motion.duration_s
        == pytest.approx(plan.duration_s, abs=3 * found.motion.ends_sd_s)
    )
    assert (np.diff(found.time_s) > 0).all()
    start_s = (found.motion.start_us - START_US) * 1e-6
    truth = np.array([plan.position_m(min(max(t + start_s, 0.0), plan.duration_s)) for t in found.time_s])
    assert np.abs(found.distance_m - truth).max() < 0.001
    assert np.allclose(found.power_w, found.force_n * found.speed_mps)


def test_forward_movement_and_dither_are_kept_apart() -> None:
    """1 m backward, 0.3 m forward, 0.6 m backward, then 2 s of dither by 0.5 mm, which is neither."""

    def position(t: float) -> float:
        if t < 2:
            return ramped(1.0, 2.0, 1.0)(t)
        if t < 3:
            return 1.0 - ramped(0.6, 1.0, 0.5)(t - 2)
        if t < 4:
            return 0.7 + ramped(1.2, 1.0, 0.5)(t - 3)
        return 1.3 + 0.0005 * math.sin(2 * math.pi * 7 * t)

    found = measured(MadeSet(position, lambda t: 50, 6.0))
    assert found["backward_m"] == pytest.approx(1.6, abs=0.001)
    assert found["forward_m"] == pytest.approx(0.3, abs=0.001)
    assert found["work_j"] == pytest.approx(80, abs=0.1)


def test_the_way_forward_after_the_last_new_ground_is_none_of_the_sets() -> None:
    def position(t: float) -> float:
        return ramped(1.0, 2.0, 1.0)(t) if t < 2 else 1.0 - ramped(0.6, 1.0, 0.5)(t - 2)

    found = measured(MadeSet(position, lambda t: 50, 3.0))
    assert found["duration_s"] == pytest.approx(2.0, abs=0.1)
    assert found["backward_m"] == pytest.approx(1.0, abs=0.001)
    assert found["forward_m"] == pytest.approx(0.0, abs=0.003)


def test_faulty_codes_never_become_data() -> None:
    at = {200: NO_CONVERSION, 201: FAULT_DESYNC, 400: 0x7FFFFF, 401: -0x800000}
    raw = decode_set(blob_of(MadeSet(ramped(1.0, 8.0), lambda t: 100, 8.0, faults=at)))
    samples, found = sample_set(raw), measure(raw)
    # A conversion that never came has no row; the others have one without a force.
    assert np.isnan(samples.force_n).sum() == len(at) - 1
    assert np.isnan(samples.power_w).sum() == len(at) - 1
    assert not np.isnan(samples.speed_mps).any()
    assert found["peak_force_n"] == pytest.approx(100, abs=0.06)
    assert found["mean_force_n"] == pytest.approx(100, abs=0.02)
    assert found["quality"] == "B" and "lost readings of the load cell: 4" in found["quality_reasons"]


def test_force_missing_for_long_leaves_force_blank_and_distance_right() -> None:
    at = dict.fromkeys(range(200, 260), NO_CONVERSION)
    found = measured(MadeSet(ramped(1.0, 8.0), lambda t: 100, 8.0, faults=at))
    for key in ("mean_force_n", "peak_force_n", "impulse_ns", "work_j", "mean_power_w", "peak_power_w"):
        assert found[key] is None
    assert found["backward_m"] == pytest.approx(7.5, abs=0.001)
    assert found["quality"] == "C"


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (MadeSet(ramped(1.0, 4.0), lambda t: 9, 4.0, header={"scale_nn": None}), "not calibrated"),
        (
            MadeSet(ramped(1.0, 4.0), lambda t: 9, 4.0, faults=dict.fromkeys(range(999), NO_CONVERSION)),
            "no force",
        ),
    ],
)
def test_no_force_at_all(plan: MadeSet, reason: str) -> None:
    found = measured(plan)
    assert found["mean_force_n"] is None and found["work_j"] is None
    assert found["backward_m"] == pytest.approx(3.5, abs=0.001)
    assert found["quality"] == "B" and reason in found["quality_reasons"][0]


@pytest.mark.parametrize("closed_after_reboot", [False, True])
def test_interrupted_set_ends_at_its_last_movement(closed_after_reboot: bool) -> None:
    """Power was lost 3 s after the walk; the end that a rebooted board writes knows no time."""
    blob = blob_of(MadeSet(ramped(1.0, 4.0), lambda t: 9, 4.0, has_end=False))
    if closed_after_reboot:
        blob += seal(TYPE_END, sum(1 for _ in iter_records(blob)), pack({"reason": "power_lost"}), 7)
    found = measure(decode_set(blob))
    assert found["end_reason"] == "power_lost" and found["quality"] == "C"
    assert found["duration_s"] == pytest.approx(4.0, abs=0.15)  # the last 2 mm of the ramp creep for 0.13 s
    assert found["backward_m"] == pytest.approx(3.5, abs=0.0005)


def test_set_without_any_sample() -> None:
    blob = blob_of(MadeSet(ramped(1.0, 4.0), lambda t: 9, 4.0))
    header = next(record for _, _, _, record in iter_records(blob))
    found = measure(decode_set(header))
    assert found["samples"] == 0 and found["quality"] == "C" and found["mean_speed_mps"] is None
    assert found["set_id"] == "rr-test-0003-00007"


def test_all_contract_keys_in_order() -> None:
    found = measured(gait(1.5, 4.0))
    assert tuple(found) == MEASURED and set(KEYS) - set(MEASURED) == set(NOTED)
    assert found["set_id"] == "rr-test-0003-00007"
    assert found["rig_id"] == "RR-Test" and found["calibration_id"] == "c0ffee00"
    assert found["uncertainty"].keys() == {
        "backward_m", "mean_speed_mps", "mean_force_n", "work_j", "mean_power_w",
        "peak_speed_mps", "peak_force_n", "peak_power_w",
    }  # fmt: skip
    for key in ("asymmetry_pct",):
        assert found[key] is None and "at least" in found["null_reasons"][key]


@given(
    rate=st.floats(9.0, 330.0), n=st.integers(3, 1500), seed=st.integers(0, 9), drift_ppm=st.floats(-200, 200)
)
@settings(max_examples=40, deadline=None)
def test_conversion_times_are_steadier_than_readings(
    rate: float, n: int, seed: int, drift_ppm: float
) -> None:
    """Against the true times of a converter whose rate drifts: what is left is the mean lateness and little else."""
    chance = np.random.default_rng(seed)
    number = np.arange(n)
    true_us = (number + drift_ppm * 1e-6 * number**2 / 1000) / rate * 1e6
    late_us = chance.uniform(0, 400, n)
    found = conversion_times_us(np.rint(true_us + late_us).astype(np.int64))
    # Slope error at the ends of a fit over m points is 2 sd/sqrt(m); five times that for safety, and the curvature.
    sd_us = 400 / math.sqrt(12)
    bend_us = abs(drift_ppm) * 1e-9 * 256**2 / rate * 1e6
    assert np.abs(found - true_us - 200).max() < 5 * 2 * sd_us / math.sqrt(min(n, 257)) + bend_us + 1


def lost_n(t_us: np.ndarray) -> int:
    return missing_n(beats_of(t_us, period_us(t_us)))


@given(late_us=st.integers(0, 10_500), at=st.integers(1, 198))
def test_a_late_reading_is_not_taken_for_a_missing_conversion(late_us: int, at: int) -> None:
    t_us = np.arange(200, dtype=np.int64) * 12_000
    late = t_us.copy()
    late[at] += late_us
    assert lost_n(late) == 0
    assert np.abs(conversion_times_us(late) - t_us).max() < 4 * 10_500 / 200
    assert lost_n(np.delete(late, at)) == 1


@settings(max_examples=200, deadline=None)
@given(
    blocks=st.lists(st.tuples(st.integers(2, 30), st.integers(1_000, 40_000)), max_size=40),
    rate_off=st.floats(-0.002, 0.002),
)
def test_whatever_keeps_the_reader_busy_lost_conversions_are_counted_exactly(
    blocks: list[tuple[int, int]], rate_off: float
) -> None:
    """A reader gets the latest conversion as soon as it is free; while it is busy, older ones are lost."""
    period_us = 12_000 * (1 + rate_off)
    ready_us = np.arange(420) * period_us
    free_us = ready_us + 40.0
    for at, busy_us in sorted(blocks):
        inside = (ready_us >= at * period_us) & (ready_us < at * period_us + busy_us)
        free_us[inside] = np.maximum(free_us[inside], at * period_us + busy_us)
    next_us = np.append(ready_us[1:], np.inf)
    assume((np.abs(free_us - next_us) > 700).all())  # a read that is torn is another matter
    read_us = free_us[free_us < next_us]
    assert lost_n(np.rint(read_us).astype(np.int64)) == 420 - len(read_us)


def test_missing_conversions_are_counted_in_gaps() -> None:
    plan = MadeSet(ramped(1.0, 4.0), lambda t: 9, 4.0, missing=frozenset({100, 101, 102, 200}), has_end=False)
    raw = decode_set(blob_of(plan))
    assert lost_n(np.asarray(raw.t_us)) == 4
    found = measure(raw)
    assert found["samples_lost"] == 4
    assert found["backward_m"] == pytest.approx(3.5, abs=0.001)
