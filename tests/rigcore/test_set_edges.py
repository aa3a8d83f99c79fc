"""What is nearly a set, or nearly none: kicks, nudges, halts and starts at the last moment, limits and answers."""

import pytest

from rigcore.bounds import END_COUNTS
from rigcore.force import NO_CONVERSION
from rigcore.plan_progress import PlanProgress
from rigcore.session import ARMED, DONE, IDLE, PAUSED, RATING, RESTING, RUNNING, Session
from rigcore.ticks import TICKS_PERIOD
from walked_sets import GEOMETRY, PERIOD_US, SLACK, Log, Walk, block


@pytest.mark.parametrize(
    ("creep", "lead_mm"),
    [(((0, 2.95), (15, 0.9)), 0), (((0, 2.9), (12, 1.2)), 0), (((0, 3), (10, 0.2), (200, 0.2)), 42)],
)
def test_who_goes_on_as_a_stand_ends_a_set_begins_the_next_with_the_first_step_and_loses_no_count(
    creep, lead_mm
):
    """Who leans has not begun; a step that the stand's last moment hides has."""
    walk = Walk().go((0, 5), (1000, 3), *creep)
    stepped_us = walk.t_us
    walk.go((1000, 4), (0, 4))
    (_, _, first), (header, _, second) = walk.log.sets
    if lead_mm:
        assert header["start_us"] < stepped_us - 200_000
    else:
        assert abs(header["start_us"] - stepped_us) <= PERIOD_US
    counts = first["backward_counts"] + header["rest_counts"][0] + second["backward_counts"]
    assert counts == walk.path[-1][1] and second["backward_counts"] >= GEOMETRY.counts(1000) * 4


@pytest.mark.parametrize(("stood_s", "still_s", "needed_s"), [(0, 3, 0.5), (1, 3, 1.5), (1.6, 2, 2)])
def test_after_a_target_the_belt_must_stand_half_as_long_again_as_within_the_set(stood_s, still_s, needed_s):
    """Who walks with halts has not stopped; half a second at least, and no longer than what ends a set."""
    for more_s, sets_n in ((-0.1, 1), (0.1, 2)):
        walk = Walk(*[block(3000, still_ms=still_s * 1000)] * 2).go((0, 5), (1000, 1.5), (0, stood_s))
        walk.go((1000, 2), (0, needed_s + more_s), (1000, 3.5))
        assert walk.session.set_n == sets_n, more_s


def test_before_the_first_movement_backward_nothing_is_counted():
    for way_mmps in (-500, 20):
        walk = Walk().go((0, 2), (way_mmps, 1), (0, 2))
        session = walk.session
        assert (session.directions.backward, session.directions.forward, session.elapsed_ms()) == (0, 0, 0)
        assert session.rest_counts() != (0, 0)


@pytest.mark.parametrize("still_ms", [2000, 3000])
@pytest.mark.parametrize("blocks", [(), (block(9000),)])
def test_a_belt_that_stands_after_a_set_or_in_a_pause_begins_nothing(blocks, still_ms):
    """The end of the movement lies in what is looked back at, and is none of the next."""
    walk = Walk(*blocks)
    walk.session.still_ms = still_ms
    walk.go((0, 5), (1000, 3), (0, still_ms / 1000 + 0.1))
    states = {walk.go((0, PERIOD_US / 1_000_000)).state for _ in range(120)}
    assert states == {PAUSED if blocks else IDLE} and walk.session.account.remarks == {}
    walk.go((1000, 3), (0, still_ms / 1000 + 0.1))
    assert len(walk.log.sets) == (1 if blocks else 2) and walk.session.account.remarks == {}


@pytest.mark.parametrize(
    "start",
    [((1, 0.1125),), ((1, 0.15),), ((2, 0.3),), ((4, 0.2), (10, 0.05)), ((8, 0.05), (16, 0.05), (32, 0.05))],
)
def test_a_soft_start_from_a_stand_leaves_no_count_to_the_rest_before_it(start):
    walk = Walk().go((0, 5), *start, (1000, 3), (0, 5))
    header, _, end = walk.log.sets[0]
    assert end["backward_counts"] == walk.path[-1][1] and header["rest_counts"] == (0, 0)


@pytest.mark.parametrize(
    "fall",
    [
        ((700, 1.0), (350, 0.6), (200, 0.6), (100, 0.5)),
        ((700, 1.2), (400, 0.5), (300, 0.5), (200, 0.6), (100, 0.6)),
        ((500, 0.9), (200, 0.8), (100, 1)),
    ],
)
def test_a_belt_that_was_kicked_is_no_set_though_it_ran_evenly_for_a_second_before_it_died_away(fall):
    walk = Walk().go((0, 5), *fall, (0, 4))
    assert walk.log.sets == [] and list(walk.session.account.remarks) == ["kick"] and walk.state == IDLE


def test_a_nudge_in_a_rest_is_no_part_of_the_set_that_follows_it():
    walk = Walk(block(3000, rest_ms=60_000), block(3000)).go((0, 5), (1000, 3), (0, 3))
    walk.go((400, 0.5), (0, 3.5))
    begun_us = walk.t_us
    walk.go((1000, 3.5))
    header, _, end = walk.log.sets[1]
    assert abs(header["start_us"] - begun_us) <= 2 * PERIOD_US and header["rest_counts"] == (1920, 0)
    assert end["backward_counts"] == GEOMETRY.counts(1000) * 3


@pytest.mark.parametrize("over", ["end", "warn"])
def test_a_set_ends_at_its_limits_where_the_plan_says_so_and_tells_for_how_long_they_were_exceeded(over):
    walk = Walk(block(9000, speed_max_mmps=800, force_max_mn=90_000, over=over)).go((0, 5))
    watch = walk.session.watch_limits
    assert not watch(2000, 200_000, 100), "nothing runs"
    walk.go((1000, 3))
    assert not watch(800, 90_000, 100) and not watch(0, None, 100) and walk.state == RUNNING
    assert watch(801, 0, 100) and (walk.state == RUNNING) == (over == "warn")
    assert watch(801, 90_001, 50) == (over == "warn")
    walk.go((1000, 7))
    assert walk.end()["reason"] == ("limit" if over == "end" else "target")
    told = {"speed_max_mmps": 100} if over == "end" else {"speed_max_mmps": 150, "force_max_mn": 50}
    assert walk.end()["over_ms"] == told


def test_answers_from_outside_end_the_questions_once_all_are_given_in_any_order():
    for answers in ((("rpe", 7), ("pain", 2)), (("pain", 2), ("rpe", 7))):
        walk = Walk(block(3000, rest_ms=60_000), block(3000), ask=("rpe", "pain"))
        walk.go((0, 5))
        assert not walk.session.answer("rpe", 5), "nothing is asked yet"
        walk.go((1000, 3.2), (0, 1))
        assert not walk.session.answer("rpe", 11) and not walk.session.answer("sleep", 5)
        assert walk.session.answer(*answers[0]) and walk.state == RATING
        assert walk.session.answer(*answers[1]) and walk.state == RESTING
        assert walk.session.plan_runner.notes[-1][1] == {"rpe": 7, "pain": 2}


def test_three_seconds_end_a_set_where_nobody_says_otherwise():
    walk = Walk().go((0, 2), (1000, 3), (0, 4))
    assert walk.log.sets[0][0]["still_ms"] == 3000


def test_a_nudge_after_the_plan_is_done_leaves_the_plan_and_a_walk_does():
    walk = Walk(block(1000)).go((0, 5), (1000, 1.2), (0, 4), (400, 0.5))
    assert walk.state == RUNNING and walk.session.plan_runner.has_plan()
    walk.go((0, 4))
    assert walk.state == DONE and walk.session.plan_runner.has_plan()
    walk.go((1000, 3))
    assert walk.state == RUNNING and not walk.session.plan_runner.has_plan()
    walk.go((0, 4))
    assert walk.state == IDLE and walk.log.sets[1][0]["kind"] == "free"


def test_what_has_no_conversion_is_counted_from_the_first_step_on():
    walk = Walk().go((0, 5)).go((1000, 0.1), pull=NO_CONVERSION).go((1000, 3), (0, 4))
    assert walk.end()["lost"] == 8


@pytest.mark.parametrize("stand_s", [2, 5, 9])
def test_who_stands_for_less_than_ends_a_set_goes_on_with_it(stand_s):
    """A stand's end is placed after three seconds; whoever walks on is not held to it."""
    walk = Walk()
    walk.session.still_ms = 10_000
    walk.go((0, 5), (1000, 3), (0, stand_s), (1000, 3))
    ended_us = walk.t_us
    walk.go((0, 10.5))
    assert walk.end()["end_us"] == ended_us and walk.end()["backward_counts"] == 2 * 28_800
    assert len(walk.log.sets) == 1


def test_what_a_belt_creeps_in_half_a_second_after_its_last_movement_is_of_the_set_and_later_is_not():
    walk = Walk().go((0, 5), (1000, 3))
    ended_us, count = walk.t_us, walk.path[-1][1]
    walk.go((1, 0.25))
    crept = walk.path[-1][1] - count
    walk.go((0, 1), (1, 0.25), (0, 3))
    assert 0 < crept < walk.path[-1][1] - count <= END_COUNTS
    assert walk.end()["end_us"] == ended_us and walk.end()["backward_counts"] == count + crept


def test_what_a_belt_has_crept_until_a_set_is_ended_by_hand_is_of_the_set():
    walk = Walk().go((0, 5), (1000, 3), (1, 0.25))
    walk.session.stop("button")
    assert walk.end()["end_us"] == 8_000_000 and walk.end()["backward_counts"] == walk.path[-1][1] > 28_800


@pytest.mark.parametrize("back_s", [0.05, 0.1])
def test_a_walk_without_a_pull_that_yields_once_by_a_little_is_a_set(back_s):
    """Steps from 0.4 to 0.9 m/s make 2 m; after the first the belt goes back by a fortieth or a twentieth of it."""
    steps = (900, 0.3), (400, 0.3)
    walk = Walk().go((0, 5), *steps, (-950, back_s), *steps * 4, (0, 4), pull=SLACK)
    assert walk.session.account.remarks == {} and len(walk.log.sets) == 1


@pytest.mark.parametrize("first_us", [0, TICKS_PERIOD - 30_000_000])
def test_a_sessions_clock_is_that_of_its_samples_to_the_millisecond_whatever_their_pace(first_us):
    session = Walk().session
    for number in range(6000):
        session.feed((first_us + number * 11_333) % TICKS_PERIOD, 0, SLACK)
    assert session.now_ms == 5999 * 11_333 // 1000


def test_a_set_begins_no_earlier_than_its_rest_ends_for_who_leans_meanwhile_and_no_count_is_lost():
    walk = Walk(block(3000, rest_ms=10_000), block(3000)).go((0, 5), (1000, 3))
    ended_us = walk.end()["end_us"]
    assert walk.state == RESTING
    walk.go((0, 9.7))
    walk.go((60, (ended_us + 10_000_000 - walk.t_us + 2 * PERIOD_US) / 1_000_000), (1000, 3.5))
    (_, _, first), (header, _, second) = walk.log.sets
    assert 0 <= header["start_us"] - ended_us - 10_000_000 <= 3 * PERIOD_US
    assert header["rest_counts"][0] > 100 and second["reason"] == "target"
    counts = {t_us: count for t_us, count, _ in walk.path}
    assert first["backward_counts"] + header["rest_counts"][0] == counts[header["start_us"]]


def test_a_sets_header_tells_what_else_moved_since_the_set_before():
    walk = Walk(block(3000), block(3000)).go((0, 5), (400, 0.5), (0, 4), (1000, 3.5), (0, 4), (1000, 3.5))
    first, second = (header for header, _, _ in walk.log.sets)
    assert first["remarks"] == {"shift": [1, 1920, 0]} and first["rest_counts"] == (1920, 0)
    assert "remarks" not in second


@pytest.mark.parametrize(("done_n", "state"), [(0, IDLE), (1, ARMED), (2, DONE)])
def test_after_the_power_was_away_a_plan_that_was_begun_waits_for_its_next_set(done_n, state):
    progress = PlanProgress({"id": "p", "blocks": [block(3000, times=2)]}, done_n)
    assert Session(GEOMETRY, Log(), dict, progress).state == state
