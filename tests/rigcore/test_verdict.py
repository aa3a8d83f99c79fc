"""Whether a movement was a walk, by the words of rigcore.verdict: judged on paper, and on movements by formula."""

import pytest

from rigcore.force import FAULT_BASE, NO_CONVERSION
from rigcore.history import History
from rigcore.motion import Geometry
from rigcore.movement import Movement
from rigcore.stepcount import StepCounter
from rigcore.ticks import TICKS_PERIOD, LongClock
from rigcore.verdict import HAND, KICK, PULLED_CODES, SHIFT, TAUT_CODES, WALK, Evidence, judge

GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre
RATE_HZ = 80
PERIOD_US = 1_000_000 // RATE_HZ
SLACK = 1000  # a code of a line that nobody pulls

FACTS = {
    "ground_mm": 1000, "span_ms": 2000, "pushes_n": 1, "steady_pct": 80, "from_rest_n": 0, "return_pct": 0,
    "is_pulled": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, WALK),
        ({"ground_mm": 279}, SHIFT),
        ({"ground_mm": 280}, WALK),
        ({"span_ms": 799}, KICK),
        ({"span_ms": 800}, WALK),
        ({"steady_pct": 59}, KICK),
        ({"steady_pct": 60}, WALK),
        ({"pushes_n": 3, "steady_pct": 0}, WALK),
        ({"pushes_n": 2, "steady_pct": 0, "ground_mm": 600}, WALK),
        ({"pushes_n": 2, "steady_pct": 0, "ground_mm": 599}, KICK),
        ({"is_pulled": False}, WALK),
        ({"is_pulled": False, "pushes_n": 4, "ground_mm": 799}, HAND),
        ({"is_pulled": False, "pushes_n": 4, "ground_mm": 800}, WALK),
        ({"is_pulled": False, "pushes_n": 4, "from_rest_n": 2}, HAND),
        ({"is_pulled": False, "pushes_n": 4, "from_rest_n": 1}, WALK),
        ({"is_pulled": False, "pushes_n": 4, "return_pct": 20}, HAND),
        ({"is_pulled": False, "pushes_n": 4, "return_pct": 19}, WALK),
        ({"is_pulled": False, "pushes_n": 2, "from_rest_n": 1, "span_ms": 4999}, HAND),
        ({"is_pulled": False, "pushes_n": 2, "from_rest_n": 1, "span_ms": 5000}, WALK),
        ({"is_pulled": False, "pushes_n": 1, "steady_pct": 0, "ground_mm": 500}, KICK),
        ({"is_pulled": None, "pushes_n": 4, "from_rest_n": 4, "return_pct": 90}, WALK),
    ],
)
def test_a_walk_is_steady_or_has_steps_and_goes_one_way(changed, found):
    assert judge(**{**FACTS, **changed}) == found


@pytest.mark.parametrize(
    ("rest", "zero", "codes", "is_pulled"),
    [
        (SLACK, None, [SLACK] * 20, False),
        (SLACK, None, [SLACK] * 19 + [SLACK + PULLED_CODES], False),
        (SLACK, None, [SLACK] * 19 + [SLACK + PULLED_CODES + 1], True),
        (TAUT_CODES + 1, 0, [TAUT_CODES + 1] * 20, True),
        (TAUT_CODES, 0, [TAUT_CODES] * 20, False),
        (TAUT_CODES + 1, None, [TAUT_CODES + 1] * 20, False),
        (SLACK, None, [SLACK] * 15, None),
        (SLACK, None, [SLACK] * 16 + [NO_CONVERSION] * 16, False),
        (SLACK, None, [SLACK] * 16 + [NO_CONVERSION] * 17, None),
        (NO_CONVERSION, 0, [NO_CONVERSION] * 40, None),
        (SLACK, None, [SLACK + PULLED_CODES + 1] * 20, True),
        (FAULT_BASE, 0, [SLACK] * 20, False),
        (SLACK, 0, [SLACK, FAULT_BASE] * 16, False),
        (SLACK, 0, [FAULT_BASE] * 20, None),
    ],
)
def test_a_line_is_pulled_that_changes_or_is_taut_and_of_silence_nothing_is_known(
    rest, zero, codes, is_pulled
):
    evidence = Evidence()
    evidence.reset(20, rest, zero)
    for code in codes:
        evidence.feed(0, 0, False, code)
    assert evidence.is_pulled() is is_pulled


@pytest.mark.parametrize(("slowest", "from_rest_n"), [(0, 2), (25, 2), (26, 1), (85, 1)])
def test_a_push_makes_the_belt_faster_by_an_eighth_and_makes_new_ground(slowest, from_rest_n):
    """From rest is what went slower than a quarter of the highest speed before."""
    evidence = Evidence()
    evidence.reset(20, SLACK, None)
    for speed, furthest, pushes_n in (
        (0, 0, 0), (100, 0, 0), (100, 19, 0), (100, 20, 1), (100, 90, 1),
        (slowest, 100, 1), (slowest + 12, 150, 1), (slowest + 13, 200, 1), (slowest + 13, 219, 1), (100, 220, 2),
    ):  # fmt: skip
        evidence.feed(speed, furthest, True, SLACK)
        assert evidence.pushes_n == pushes_n
    assert evidence.from_rest_n == from_rest_n and evidence.is_halting()


def test_near_its_best_is_five_eighths_of_it_or_a_count_less():
    evidence = Evidence()
    evidence.reset(20, SLACK, None)
    evidence.feed(80, 80, True, SLACK)
    assert evidence.is_near_best(49) and not evidence.is_near_best(48)


def moved(pieces, start_us=0, pull=SLACK):
    """A movement of (mm/s, seconds) after half a second of rest, with this code once the belt moves."""
    history, clock, um = History(2), LongClock(start_us), 0
    movement = Movement(history, clock)
    movement.use(GEOMETRY)
    first = RATE_HZ // 2
    for speed_mmps, seconds in [(0, 0.5), *pieces]:
        for _ in range(round(seconds * RATE_HZ)):
            ticks = (start_us + history.n * PERIOD_US) % TICKS_PERIOD
            um += speed_mmps * PERIOD_US // 1000
            clock.feed(ticks)
            number = history.push(ticks, um * 12 // 1250, pull if speed_mmps else SLACK)
            if number == first:
                movement.open(first - 1, None)
            elif number > first:
                movement.feed(number, 2_000_000)
    return movement


@pytest.mark.parametrize("start_us", [0, TICKS_PERIOD - 700_000])
@pytest.mark.parametrize(("seconds", "found"), [(0.75, KICK), (0.9, WALK)])
def test_a_belt_that_goes_steadily_for_less_than_a_moment_is_no_walk(start_us, seconds, found):
    """A second of standing after it makes it no longer; nor does the wrap of the clock."""
    movement = moved([(600, seconds), (0, 1.0)], start_us, SLACK + 2 * PULLED_CODES)
    assert movement.verdict((5000, 0)) == found


def test_a_movement_is_under_way_while_it_makes_new_ground_and_a_tenth_of_a_second_after():
    assert moved([(600, 1.5)]).is_under_way(1000) and not moved([(600, 1.5)]).is_under_way(2000)
    for stood_s, is_under_way in ((0.15, True), (0.25, False)):
        assert moved([(600, 1.5), (0, stood_s)]).is_under_way(1000) == is_under_way


PUSH = [(600, 0.4), (200, 0.2), (0, 0.5)]


@pytest.mark.parametrize("pull", [SLACK, SLACK + 2 * PULLED_CODES])
def test_a_hand_pushes_from_rest_and_pulls_no_line(pull):
    is_slack = pull == SLACK
    assert moved(PUSH * 3, pull=pull).is_by_hand() == is_slack
    assert moved(PUSH * 3, pull=pull).is_by_hand(3) == is_slack
    assert not moved(PUSH * 2, pull=pull).is_by_hand(3), "one more push is asked for"
    assert moved(PUSH, pull=pull).is_by_hand() == is_slack, "one that is over will do"
    assert not moved(PUSH[:1], pull=pull).is_by_hand(), "it goes on"
    proven = moved(PUSH * 3, pull=pull)
    proven.is_proven = True
    assert not proven.is_by_hand()


def test_the_pull_of_a_set_is_its_mean_until_the_latest_new_ground():
    counter = StepCounter()
    assert counter.mean_code() is None
    for code in (64_000, 128_000, NO_CONVERSION, 192_000):
        counter.feed(code)
    counter.take_pull()
    counter.feed(6_400_000)
    assert counter.mean_code() == 128_000
