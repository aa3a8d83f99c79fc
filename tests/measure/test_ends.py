"""The moments of a set's first and last movement, where the truth is a power of time."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.pushes import Push, swaying_push
from tests.measure.thin_rig import PERIOD_TICKS, WAIT_S, Errors, record

from retrorig.measure.ends import UNCLEAR_S, Stand, _begin, _passing_us
from retrorig.measure.metrics import measure
from retrorig.measure.motion import trace_motion

TICKS_AT_0 = PERIOD_TICKS - 5_000_000 + WAIT_S * 1e6


@given(st.floats(1.0, 3.5), st.floats(0.4, 3.0), st.floats(80.0, 94.0), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_both_ends_are_found_as_well_as_they_say(power: float, mps: float, rate_hz: float, seed: int) -> None:
    push = Push(power, mps)
    (raw,) = record(push, Errors(), rate_hz, seed)  # type: ignore[arg-type]
    motion = trace_motion(raw)
    start_error_s = (motion.start_us - TICKS_AT_0) * 1e-6
    end_error_s = start_error_s + motion.duration_s - push.end_s
    assert math.hypot(start_error_s, end_error_s) <= 3.5 * motion.ends_sd_s
    # The softest start here needs 0.35 s for its first 4 counts and 0.17 s for the next 12, a third of which is 0.087 s
    # for both ends; a count's rounding moves each level.
    assert motion.ends_sd_s < 0.095


@pytest.mark.parametrize(("sway_m", "most_s"), [(0.0003, 0.15), (0.0006, 0.15), (0.0025, 0.4)])
def test_who_sways_while_standing_neither_lengthens_nor_shortens_the_set(
    sway_m: float, most_s: float
) -> None:
    """By more than the belt takes to get beyond the sway; now and then half a sway looks like a stand."""
    wrong_s, seen_s = [], []
    for seed in range(40):
        push = swaying_push(Random(seed), sway_m)
        (raw,) = record(push, Errors(), 86.0, seed)  # type: ignore[arg-type]
        assert raw.end is not None
        wrong_s.append(abs(trace_motion(raw).duration_s - push.end_s))
        seen_s.append(abs((raw.end["end_us"] - raw.header["start_us"]) * 1e-6 - push.end_s))
    assert sorted(wrong_s)[36] <= most_s and sorted(seen_s)[36] <= most_s + 0.1, (wrong_s, seen_s)
    assert max(wrong_s) <= 1.0, wrong_s


def test_a_set_out_of_a_wide_sway_says_why_its_speed_is_unsure() -> None:
    said = []
    for sway_m in (0.0, 0.003):
        (raw,) = record(swaying_push(Random(3), sway_m), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
        said.append(" ".join(measure(raw)["quality_reasons"]))
    assert "began or ended is unclear" not in said[0]
    assert "mean speed is only known" in said[1] and "began or ended is unclear" in said[1]


@pytest.mark.parametrize("counts_per_rev", [16, 64, 256])
def test_a_coarse_encoder_says_how_little_it_knows(counts_per_rev: int) -> None:
    """To 16 mm a count; its edge flickers at rest, which is no movement and no reason to go on."""
    count_m = 0.25 / counts_per_rev
    outside_n = 0
    for seed in range(40):
        push = swaying_push(Random(seed), 0.3 * count_m)
        (raw,) = record(push, Errors(), 86.0, seed, counts_per_rev)  # type: ignore[arg-type]
        motion = trace_motion(raw)
        assert raw.end is not None and raw.end["reason"] == "still"
        assert motion.forward_m[-1] == 0 and motion.backward_m[-1] == pytest.approx(4.5, abs=4 * count_m)
        outside_n += abs(motion.duration_s - push.end_s) > 1.96 * motion.ends_sd_s
    assert outside_n <= 6  # with a chance of 5 % each, more are outside once in 70 runs


@pytest.mark.parametrize("mps", [0.02, 0.04, 0.07])
@pytest.mark.parametrize("counts_per_rev", [24, 40, 100, 200])
def test_a_creep_over_a_coarse_encoder_is_measured_whole(counts_per_rev: int, mps: float) -> None:
    """Both ends within a few counts' time, however near the speed is to what an edge's flicker looks like."""
    creep = Push(1.0, mps)
    (raw,) = record(creep, Errors(), 86.0, 5, counts_per_rev)  # type: ignore[arg-type]
    motion, count_m = trace_motion(raw), 0.25 / counts_per_rev
    assert motion.duration_s == pytest.approx(creep.end_s, abs=0.3 + 6 * count_m / mps)
    assert motion.backward_m[-1] == pytest.approx(4.5, abs=max(0.002 * 4.5, 5 * count_m))


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_the_metres_go_from_rest_to_rest(power: float) -> None:
    """To a count at each end: the converter of the position into counts rounds."""
    (raw,) = record(Push(power, 0.8), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    found = measure(raw)
    assert found["backward_m"] == pytest.approx(4.5, abs=1.01 / 9600)
    assert raw.end is not None and raw.end["backward_counts"] == round(found["backward_m"] * 9600)


def test_an_end_in_the_middle_of_movement_stays_as_it_was_read() -> None:
    (raw,) = record(Push(2.0, 1.0), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    whole = trace_motion(raw)
    middle = len(raw.t_us) // 2
    cut_us = raw.t_us[middle]
    raw.end = {**(raw.end or {}), "end_us": cut_us, "reason": "target"}
    raw.t_us, raw.count, raw.code = raw.t_us[: middle + 1], raw.count[: middle + 1], raw.code[: middle + 1]
    assert trace_motion(raw).start_us + trace_motion(raw).duration_s * 1e6 == pytest.approx(cut_us, abs=1)
    assert trace_motion(raw).start_us == whole.start_us


@pytest.mark.parametrize("left", [(0, 1), (0, 17), (100, 200), (-100, None), (-1, None), (0, 0)])
def test_what_a_damaged_log_has_left_is_measured(left: tuple[int, int | None]) -> None:
    """Start and end may be among the lost samples."""
    (raw,) = record(Push(2.0, 1.0), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    for name in ("t_us", "count", "code"):
        setattr(raw, name, getattr(raw, name)[slice(*left)])
    found = measure(raw)
    assert found["quality"] == "C" and 0 <= found["backward_m"] <= 4.5


def test_an_even_movement_passes_each_level_when_it_does_however_uneven_its_readings() -> None:
    t_us = np.array([0, 10, 25, 40, 41, 80])
    moved = 0.4 * t_us
    for level in range(1, 32):
        assert _passing_us(t_us, moved, level) == pytest.approx(level / 0.4)
    assert _passing_us(t_us, moved, 33) is None


def test_ends_that_a_person_set_are_exact_and_one_that_a_target_set_is_known_to_a_reading() -> None:
    (raw,) = record(Push(2.0, 1.0), Errors(), 86.0, seed=3)  # type: ignore[arg-type]
    middle_us = raw.t_us[len(raw.t_us) // 2]
    end = {**(raw.end or {}), "end_us": middle_us, "reason": "target"}
    raw.header["is_cut"] = 1
    raw.end = {**end, "is_cut": 1}
    assert trace_motion(raw).ends_sd_s == 0
    raw.end = end
    assert trace_motion(raw).ends_sd_s == pytest.approx(1 / 86 / math.sqrt(3), rel=0.02)


@pytest.mark.parametrize("counts", [3, 10, 40])
def test_a_movement_that_ends_before_its_levels_began_as_the_board_saw_it(counts: int) -> None:
    """Power was lost there, or a coarse encoder has no more."""
    count = np.array([0] * 40 + [counts // 3, counts // 2, counts, counts])
    t_us = 12_000 * np.arange(len(count))
    found = _begin(t_us, count, Stand(39, 39, (), 9600.0, 0.25), int(t_us[39]), 12_000.0)
    assert found.at_us == t_us[39] and found.sd_s >= UNCLEAR_S
