"""Hands that pull a sled by an elastic line go where their strokes take them, without a jump."""

from __future__ import annotations

from random import Random

import pytest

from retrorig.virtual.walkers.gait import WalkerGait
from retrorig.virtual.walkers.people import LET_GO_S, Hands

LINE_NPM = 1000.0
START_M = 0.3
STROKE_S = 0.4


@pytest.fixture
def hands() -> Hands:
    """With one stroke, from 1.0 to 1.4 s."""
    gait = WalkerGait(speed_mps=0.5, steps_per_s=1.25)
    made = Hands(gait, 0.0, Random(1), START_M, LINE_NPM)
    made.push(1.0, 1.0 + STROKE_S, 1.0, 0.0)
    return made


def where_m(hands: Hands, t_s: float, x_m: float = 0.0) -> float:
    """Where the hands are, by the pull on a sled that stands as they do."""
    pull_n, braked_n = hands.forces_n(t_s, x_m, hands._stroke.at(t_s))
    assert braked_n == 0
    return pull_n / LINE_NPM + x_m


def test_a_stroke_begins_where_the_hands_were_and_its_speed_makes_its_way(hands: Hands) -> None:
    length_m = hands.gait.speed_mps / hands.gait.steps_per_s
    assert where_m(hands, 1.0) == pytest.approx(START_M, abs=1e-9)
    assert where_m(hands, 1.0 + STROKE_S) == pytest.approx(START_M + length_m, abs=1e-9)
    assert where_m(hands, 9.0) == pytest.approx(START_M + length_m, abs=1e-9), "then they hold"
    step_s = 1e-4
    for number in range(1, 400):
        t_s = 1.0 + number / 1000
        speed_mps = (where_m(hands, t_s + step_s) - where_m(hands, t_s - step_s)) / (2 * step_s)
        assert speed_mps == pytest.approx(hands._stroke.at(t_s), abs=1e-4)


def test_the_next_stroke_goes_on_from_there(hands: Hands) -> None:
    before_m = where_m(hands, 1.9)
    hands.push(2.0, 2.0 + STROKE_S, 1.0, 0.0)
    assert where_m(hands, 2.0) == pytest.approx(before_m, abs=1e-9)


def test_a_line_pulls_only_and_less_once_they_let_go(hands: Hands) -> None:
    assert hands.forces_n(1.9, 50.0, 0.0) == (0.0, 0.0), "a slack line does not push"
    full_n = hands.forces_n(1.9, 0.0, 0.0)[0]
    hands.stopped_s = 1.9
    for share in (0.25, 0.5, 1.0, 2.0):
        assert hands.forces_n(1.9 + share * LET_GO_S, 0.0, 0.0)[0] == pytest.approx(
            full_n * max(0.0, 1 - share)
        )
