"""The zero of force beside a set: which rests show it, which of two counts, and what it makes of the interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig.measure import budget
from retrorig.measure.quality import grade
from retrorig.measure.samples import Samples, sample_set
from retrorig.measure.zero import Zero, rest_zero, zero_of
from rigcore.decode import RawSet

RATE_HZ = 86.0


@cache
def recorded() -> tuple[RawSet, Samples]:
    """Some 8 s at 150 N."""
    (raw,) = record(Walk(Gait(steps=14)), Errors(), RATE_HZ, seed=4)
    return raw, sample_set(raw)


def rested(
    before_n: np.ndarray, after_n: np.ndarray, settled_s: float = 0.6, pull_n: float = 150.0
) -> Samples:
    """These pulls at rest: up to the start, and from `settled_s` after the last movement on."""
    samples = recorded()[1]
    end_s = samples.motion.duration_s
    times_s = [
        -0.03 - np.arange(len(before_n))[::-1] / RATE_HZ,
        np.array([0.5, end_s - 0.5]),
        end_s + settled_s + np.arange(len(after_n)) / RATE_HZ,
    ]
    logged_n = np.concatenate((before_n, [pull_n, pull_n], after_n))
    bridged_n = np.full(len(samples.time_s), pull_n)
    return replace(samples, logged_s=np.concatenate(times_s), logged_n=logged_n, bridged_n=bridged_n)


def even(newtons: float, n: int = 100) -> np.ndarray:
    return np.full(n, newtons)


def test_each_rest_has_its_own_zero() -> None:
    zero = zero_of(rested(even(0.5), even(-0.25)))
    assert (zero.before_n, zero.after_n) == (pytest.approx(0.5), pytest.approx(-0.25))
    assert zero.drift_n == pytest.approx(-0.75)
    assert zero.lowest_n == pytest.approx(-0.25) and zero.worst_n == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("before_n", "after_n", "lowest_n", "worst_n"),
    [(None, None, None, None), (-2.0, None, -2.0, 2.0), (None, 1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 0.0)],
)
def test_a_rest_that_was_not_seen_tells_no_drift(
    before_n: float | None, after_n: float | None, lowest_n: float | None, worst_n: float | None
) -> None:
    zero = Zero(before_n, after_n)
    assert (zero.lowest_n, zero.worst_n) == (lowest_n, worst_n)
    assert zero.drift_n == (None if before_n is None or after_n is None else 0.0)


@pytest.mark.parametrize(("n", "is_seen"), [(0, False), (7, False), (8, True)])
def test_a_rest_of_a_tenth_of_a_second_is_enough_and_no_shorter_one(n: int, is_seen: bool) -> None:
    zero = zero_of(rested(even(0.5, n), even(0.5, n)))
    assert (zero.before_n is not None) == (zero.after_n is not None) == is_seen


@pytest.mark.parametrize("pull_n", [20.0, -20.0, 100.0])
@pytest.mark.parametrize(("rest_n", "is_slack"), [(5.9, True), (6.1, False), (-50.0, True)])
def test_more_than_six_newtons_are_a_taut_line(pull_n: float, rest_n: float, is_slack: bool) -> None:
    """And what seems to push, however much, is a wrong zero."""
    assert (zero_of(rested(even(rest_n), even(rest_n), pull_n=pull_n)).before_n is not None) == is_slack


@pytest.mark.parametrize("pull_n", [200.0, -200.0])
@pytest.mark.parametrize(("rest_n", "is_slack"), [(9.8, True), (10.2, False)])
def test_a_strong_pulls_line_is_slack_up_to_a_twentieth_of_it(
    rest_n: float, is_slack: bool, pull_n: float
) -> None:
    """A reversed cell's pull, too."""
    assert (zero_of(rested(even(0.0), even(rest_n), pull_n=pull_n)).after_n is not None) == is_slack


@pytest.mark.parametrize(("swing_n", "is_quiet"), [(1.4, True), (1.6, False)])
def test_a_line_that_swings_is_not_at_rest(swing_n: float, is_quiet: bool) -> None:
    swinging = swing_n * np.where(np.arange(100) % 2, 1.0, -1.0)
    assert (zero_of(rested(swinging, swinging)).after_n is not None) == is_quiet


def test_the_second_nearest_to_the_set_counts() -> None:
    """What came before the last second of the rest, or after the first settled one, is another time's."""
    near_n, far_n = even(0.5, 86), even(-3.0, 200)
    zero = zero_of(rested(np.concatenate((far_n, near_n)), np.concatenate((near_n, far_n))))
    assert zero.before_n == pytest.approx(0.5, abs=0.05) and zero.after_n == pytest.approx(0.5, abs=0.05)


def test_a_line_settles_for_half_a_second_after_a_coast_too() -> None:
    samples = rested(even(0.0), even(2.0, 86), settled_s=0.3)
    assert zero_of(samples).after_n == pytest.approx(2.0)
    tail = rested(even(0.0), np.concatenate((even(5.0, 16), even(0.5, 200))), settled_s=0.3)
    assert zero_of(tail).after_n == pytest.approx(0.5, abs=0.05)
    coasted = replace(tail, motion=replace(tail.motion, coast_s=0.5))
    longer = np.concatenate((even(5.0, 60), even(0.5, 200)))
    late = rested(even(0.0), longer, settled_s=0.3)
    assert zero_of(replace(late, motion=coasted.motion)).after_n == pytest.approx(0.5, abs=0.05)


def test_the_rest_gives_the_code_of_the_slack_line() -> None:
    """The lower of both, in codes from the zero that the set was read by."""
    raw, _ = recorded()
    scale_n = raw.header["scale_nn"] * 1e-9
    assert rest_zero(raw, rested(even(3.0), even(-12.0))) == round(raw.header["zero"] - 12.0 / scale_n)
    assert rest_zero(raw, rested(even(40.0), even(40.0))) is None


@pytest.mark.parametrize(
    ("zero", "grade_", "words"),
    [
        (Zero(0.9, 0.0), "A", ""),
        (Zero(-0.9, 0.05), "A", ""),
        (Zero(-1.1, None), "B", "at rest the line read -1.1 N before the set, but"),
        (Zero(0.0, -3.1), "C", "read 0.0 N before the set and -3.1 N after the set, but a line can't push"),
        (Zero(0.2, 1.3), "B", "the zero of force moved by +1.1 N during the set"),
        (Zero(1.3, 0.2), "B", "the zero of force moved by -1.1 N during the set"),
        (Zero(1.2, 1.1), "B", "the slack line read 1.2 N"),
        (Zero(None, 1.1), "B", "the slack line read 1.1 N"),
        (Zero(None, None), "A", ""),
    ],
)
def test_what_a_zero_costs(zero: Zero, grade_: str, words: str) -> None:
    raw, samples = recorded()
    found, said = grade(raw, samples, zero, {}, {})
    assert found == grade_ and words in " ".join(said) and bool(said) == bool(words)


def test_a_zero_that_was_seen_is_inside_the_interval() -> None:
    """Never seen it is unknown to 0.5 N; seen, the interval reaches what the slack line read, and not far beyond."""
    assert budget.zero_sd_n(None) == budget.ZERO_UNSEEN_N > budget.zero_sd_n(0.3) > budget.zero_sd_n(0.0) > 0
    for seen_n in (0.1, 0.5, 1.0, 3.0, 10.0, 40.0):
        assert seen_n < 1.96 * budget.zero_sd_n(seen_n) < seen_n + 0.8


@pytest.mark.parametrize("scale_nn", [465_766, -465_766])
def test_a_cell_bends_most_in_the_middle_and_never_less_than_its_weights_showed(scale_nn: int) -> None:
    """800 codes at half of 4.2 million, which is the capacity; nothing at zero, and both ways alike."""
    header, scale_n = {"scale_nn": scale_nn}, abs(scale_nn) * 1e-9
    full_n = 4.2e6 * scale_n
    assert budget.bend_sd_n(header, 0.0) == 0
    assert budget.bend_sd_n(header, full_n / 2) == pytest.approx(800 * scale_n)
    assert budget.bend_sd_n(header, full_n / 4) == pytest.approx(600 * scale_n)
    assert budget.bend_sd_n(header, -full_n / 4) == budget.bend_sd_n(header, full_n / 4)
    assert budget.bend_sd_n(header, 2 * full_n) == pytest.approx(800 * scale_n)
    assert budget.bend_sd_n({**header, "linearity_mn": 3000}, 0.0) == pytest.approx(3 / math.sqrt(3))
    assert budget.bend_sd_n({**header, "linearity_mn": None}, full_n / 2) == pytest.approx(800 * scale_n)


@pytest.mark.parametrize(
    ("sd_rel", "key"), [(budget.roller_sd_rel, "circumference_pm_ppm"), (budget.span_sd_rel, "span_pm_ppm")]
)
def test_a_calibrations_own_interval_takes_the_place_of_the_usual_one(
    sd_rel: Callable[[dict[str, int | None]], float], key: str
) -> None:
    """Half a 95 % interval in millionths; what warmth and age change since then comes on top."""
    assert sd_rel({}) == sd_rel({key: None}) > 0.001
    assert 0 < sd_rel({key: 0}) < 0.001
    assert sd_rel({key: 19_600}) == pytest.approx(0.01, rel=0.01)
