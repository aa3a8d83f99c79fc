"""Buttons at the worst moments, kicks, steps on and off: whole sessions, in which no metre may be lost or won."""

from __future__ import annotations

import pytest
from tests.athlete.blind import LONG_MS, SHORT_MS, Athlete
from tests.athlete.playing import session

from retrorig.library import Library

SAMPLE_M = 0.02  # the belt moves this far between two conversions
DITHER_M = 0.01  # at each end of a set or a rest
STAND_S = 3.5  # longer than `still_s`: what moved before it is no part of the walk after it


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library", create=True) as opened:
        yield opened


def plan_of(*blocks, **more):
    return {"id": "p", "name": "P", "blocks": list(blocks), **more}


def metres(amount_mm, **more):
    return {"kind": "work", "target": "distance", "amount": amount_mm, **more}


def test_who_presses_in_the_countdown_calls_it_off_and_walks_for_nothing(library):
    athlete = Athlete().stand(4).press().stand(0.8).press().walk(1).stand(2)
    athlete.press().stand(3.6).walk(2.4).stand(2)
    rows, _, status = session(athlete, plan_of(metres(2000, start="countdown"), metres(2000)), library)
    assert [row.end_reason for row in rows] == ["target"] and status["done"] == 1
    assert rows[0].backward_m == pytest.approx(2, abs=SAMPLE_M)
    assert rows[0].session["rest_backward_m"] == pytest.approx(athlete.walked[0][2], abs=2 * DITHER_M)


def test_a_tare_while_walking_is_refused_and_the_set_goes_on(library):
    athlete = Athlete().stand(3).walk(4).stand(4)
    start_s, end_s, truth_m = athlete.walked[0]
    athlete.press_at((start_s + end_s) / 2 - LONG_MS / 1000, ms=LONG_MS)
    rows, raws, _ = session(athlete, None, library)
    assert [row.end_reason for row in rows] == ["still"]
    assert rows[0].backward_m == pytest.approx(truth_m, abs=DITHER_M)
    assert rows[0].mean_force_n > 100  # of a zero taken under 180 N little would be left
    assert raws[0].header["zero"] == 35_000


def test_a_press_around_the_very_end_of_a_set_ends_it_once(library):
    """Released before, at and after the sample that reaches the target; the walk goes on half a metre."""
    blocks, athlete = [], Athlete().stand(4)
    offsets_s = (-0.15, -0.03, -0.01, 0.0, 0.01, 0.05)
    for offset_s in offsets_s:
        start_s = athlete.end_s
        athlete.walk(1.5, 0.9, is_even=True).stand(4.5)  # so that 0.15 s are less than 0.2 m
        blocks.append(metres(1000))
        moments = (start_s + i / 1000 for i in range(5000))
        reached_s = next(t for t in moments if athlete.position_m(t) - athlete.position_m(start_s) >= 1)
        athlete.press_at(reached_s + offset_s - SHORT_MS / 1000)
    rows, _, status = session(athlete, plan_of(*blocks, metres(1000)), library)  # the last is not walked
    assert len(rows) == len(offsets_s) == status["done"]
    assert rows[0].end_reason == "button" and rows[-1].end_reason == "target"
    assert all(0.8 < row.backward_m <= 1 + SAMPLE_M for row in rows)
    for row, following, (_, _, truth_m) in zip(rows, rows[1:], athlete.walked):
        rest_m = following.session["rest_backward_m"]
        assert row.backward_m + rest_m == pytest.approx(truth_m, abs=3 * DITHER_M)


def test_kicks_steps_and_forward_walks_in_a_rest_start_nothing(library):
    athlete = Athlete().stand(4).walk(2.4).stand(1).kick().stand(2).walk(-0.8).stand(1).step_on().stand(1)
    athlete.kick(0.9).stand(1).press().stand(1).step_on().stand(STAND_S).walk(2.4).stand(2)
    blocks = [metres(2000, rest_ms=60_000), metres(2000)]
    rows, _, status = session(athlete, plan_of(*blocks), library)
    assert [row.end_reason for row in rows] == ["target", "target"] and status["done"] == 2
    assert [row.backward_m for row in rows] == pytest.approx([2, 2], abs=SAMPLE_M)
    assert rows[1].session["rest_forward_m"] == pytest.approx(0.8 + 0.1, abs=0.3)  # the steps on shift it too
    assert all(row.forward_m < DITHER_M for row in rows)


def test_all_buttons_at_once_while_a_question_is_open_answer_it(library):
    athlete = Athlete().stand(4).walk(1.4).stand(1.5)
    for button in ("start", "rpe", "pain"):
        athlete.press_at(athlete.end_s, button)
    athlete.stand(0.6)
    for _ in range(14):  # more taps than there are numbers
        athlete.press()
    athlete.press(ms=LONG_MS).press("rpe", ms=LONG_MS).stand(1)
    rows, _, status = session(
        athlete, plan_of(metres(1000), metres(1000), metres(1000), ask=["rpe"]), library
    )
    assert len(rows) == 1 and rows[0].pain is None
    assert rows[0].rpe in range(11)
    assert status["done"] == 2, "the long press of the second button skips a set, that of the first answered"


def test_taken_back_after_the_end_a_set_is_marked_and_repeated(library):
    athlete = Athlete().stand(4).walk(1.4).stand(2).press("pain", ms=LONG_MS).stand(1.5).walk(1.4).stand(2)
    rows, _, status = session(athlete, plan_of(metres(1000), metres(1000)), library)
    assert [row.session["undone"] for row in rows] == [True, False]
    assert [row.session["step"] for row in rows] == [0, 0] and status["done"] == 1
