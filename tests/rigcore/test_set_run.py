"""Which samples a set's log holds and what its end tells, to the sample: walks by formula through a whole session."""

import pytest

from rigcore.history import HISTORY_N
from rigcore.session import IDLE, PAUSED, RATING, RESTING, RUNNING
from walked_sets import GEOMETRY, PERIOD_US, SLACK, Walk, block


def is_row(samples, path):
    """Whether the samples follow each other in the path without a hole."""
    first = path.index(samples[0])
    return path[first : first + len(samples)] == samples


def test_a_set_that_ended_at_its_target_is_logged_to_that_sample_and_tells_how_many_it_has():
    walk = Walk(block(3000), block(3000)).go((0, 5), (1000, 3.0), (1000, 1))
    end, samples = walk.end(), walk.logged()
    assert end["reason"] == "target" and samples[-1][0] == end["end_us"] and is_row(samples, walk.path)
    start_us = walk.log.sets[0][0]["start_us"]
    assert end["samples"] == (end["end_us"] - start_us) // PERIOD_US + 1
    counts = {t_us: count for t_us, count, _ in walk.path}
    assert GEOMETRY.mm(counts[end["end_us"]]) >= 3000 > GEOMETRY.mm(counts[end["end_us"] - PERIOD_US])
    assert end["backward_counts"] == counts[end["end_us"]] - counts[start_us]


def test_each_sample_of_a_pause_is_logged_as_it_comes():
    walk = Walk(block(9000)).go((0, 5), (1000, 3), (0, 4))
    assert walk.state == PAUSED
    for _ in range(20):
        walk.go((0, 0.0125))
        assert walk.logged()[-1] == walk.path[-1]
    walk.go((1000, 7))
    assert walk.end()["reason"] == "target" and is_row(walk.logged(), walk.path)


def test_sixteen_pauses_are_written_one_by_one_and_what_comes_later_is_added_to_the_last():
    walk = Walk(block(60_000)).go((0, 5))
    for _ in range(19):
        walk.go((1000, 1), (0, 4), (-500, 1), (0, 1), (300, 0.2), (0, 3.5))
    walk.go((1000, 45))
    end = walk.end()
    assert end["reason"] == "target" and len(end["pauses"]) == 16
    moved = [pause[2:] for pause in end["pauses"]]
    for backward, forward in moved[:-1]:
        assert abs(backward - 576) <= 30 and abs(forward - 4800) <= 30
    assert abs(moved[-1][0] - 4 * 576) <= 120 and abs(moved[-1][1] - 4 * 4800) <= 120
    assert abs(end["backward_counts"] - 576_000) <= 60 and end["forward_counts"] == 0


def test_how_long_ago_a_set_ended_is_known_to_the_millisecond():
    walk = Walk(block(3000, rest_ms=60_000), block(3000)).go((0, 5), (1000, 3.5))
    assert walk.state == RESTING
    ended_us = walk.end()["end_us"]
    assert abs(walk.session.plan_runner.since_set_ms() - (walk.t_us - ended_us) / 1000) <= 1
    still = Walk().go((0, 2), (1000, 4), (0, 4))
    assert abs(still.session.plan_runner.since_set_ms() - (still.t_us - still.end()["end_us"]) / 1000) <= 1


def test_what_came_before_a_stand_is_written_once_it_lasts_and_once_alone():
    walk = Walk(block(9000, still_ms=3000)).go((0, 5), (1000, 3), (0, 2.9))
    assert walk.state == RUNNING and walk.log.flushes_n == 1
    walk.go((1000, 1), (0, 2.5))
    assert walk.log.flushes_n == 2


@pytest.mark.parametrize("doubt", ["", "no pull in 4 m"])
def test_a_sets_end_tells_what_looks_wrong_with_the_sensors(doubt):
    walk = Walk().go((0, 2), (1000, 3))
    walk.session.run.doubt = doubt
    walk.go((0, 4))
    assert walk.end().get("doubt", "") == doubt and ("doubt" in walk.end()) == bool(doubt)


def test_the_counts_and_the_time_of_a_new_set_begin_anew():
    walk = Walk(block(3000), block(3000))
    for n in range(2):
        walk.go((0, 5), (1000, 1.5), (0, 4), (-1000, 1), (1000, 3))
        assert walk.session.set_n == n + 1
    walk.session.choose_plan("")
    walk.go((0, 5), (1000, 2))
    assert abs(walk.session.elapsed_ms() - 2000) <= 2 * PERIOD_US // 1000
    assert abs(walk.session.run.backward - 19_200) <= 2 and walk.session.run.forward == 0
    walk.go((0, 4))
    assert "pauses" not in walk.end() and "paused_ms" not in walk.end()


@pytest.mark.parametrize("rest", [(0, 0), (1, 0), (2, 0)])
def test_what_the_belt_crept_before_a_set_is_of_the_rest_between_them(rest):
    """Every count is in the set or in the rest before it."""
    walk = Walk().go((0, 2), (1000, 3), (0, 5))
    first = walk.end()["backward_counts"]
    walk.go((rest[0], 3), (1000, 3), (0, 5))
    header, _, end = walk.log.sets[-1]
    assert header["rest_counts"][0] + first + end["backward_counts"] == walk.path[-1][1]


def test_a_push_of_the_hand_that_goes_on_is_no_set_and_is_given_up_before_the_history_forgets_it():
    walk = Walk().go((0, 3))
    for _ in range(6):
        walk.go((600, 0.4), (200, 0.2), (0, 0.9), pull=SLACK)
    walk.go((0, 5), pull=SLACK)
    assert walk.log.sets == [] and walk.state == IDLE
    assert "hand" in walk.session.account.remarks


def test_who_walks_in_a_rest_ends_it_after_a_metre_and_who_walks_unanswered_too():
    for ask, state in ((), RESTING), (("rpe",), RATING):
        walk = Walk(block(3000, rest_ms=60_000), block(9000), ask=ask).go((0, 5), (1000, 3.2), (0, 3))
        assert walk.state == state
        walk.go((1000, 0.9))
        assert walk.state == state
        walk.go((1000, 1.5))
        assert walk.state == RUNNING
        start_us = (
            walk.log.sets[1][0]["start_us"] if len(walk.log.sets) > 1 else walk.session.run.movement.start[1]
        )
        assert abs(start_us - 11_200_000) <= 2 * PERIOD_US, "its first step is in it"


def test_a_slow_walk_in_a_rest_ends_it_before_the_history_loses_its_beginning():
    walk = Walk(block(3000, rest_ms=60_000), block(9000)).go((0, 5), (1000, 3.2), (0, 3), (120, 7))
    assert walk.state == RUNNING and len(walk.log.sets) == 2
    lead_n = (walk.log.sets[1][0]["start_us"] - walk.logged()[0][0]) // PERIOD_US
    assert 0 <= lead_n <= HISTORY_N and is_row(walk.logged(), walk.path)


def test_a_refused_set_is_a_remark_and_the_plan_waits_for_it():
    walk = Walk(block(3000), block(3000)).go((0, 5))
    assert not walk.session.refused
    walk.log.has_room = False
    walk.go((1000, 4), (0, 4))
    assert walk.session.refused and walk.session.plan_runner.progress.done_n == 0
    assert "full" in walk.session.account.remarks and walk.log.sets == []
    walk.log.has_room = True
    walk.go((1000, 3.1))
    assert walk.end()["reason"] == "target" and walk.log.sets[0][0]["step"] == 0 and not walk.session.refused


def test_a_kick_after_a_set_that_found_no_room_is_a_kick():
    walk = Walk().go((0, 3))
    walk.log.has_room = False
    walk.go((1000, 4), (0, 4))
    walk.go((300, 0.3), (0, 5))
    remarks = walk.session.account.remarks
    assert remarks["full"][0] == 1 and sum(each[0] for each in remarks.values()) == 2
