"""Where a movement begins and ends, to the sample: belts by formula, in counts a sample, in a history of their own."""

import pytest

from rigcore.bounds import (
    END_COUNTS,
    StandWatch,
    first_movement,
    has_settled,
    last_movement,
    sways,
    walked_until,
)
from rigcore.detect import Ground
from rigcore.history import BLOCK_N, HISTORY_N, PACE_N, History
from rigcore.motion import Geometry
from rigcore.ticks import TICKS_PERIOD

GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre
PERIOD_US = 12_500
LEAN_COUNTS = 115


class Belt:
    """A history, and the ground that was made in it since sample 0."""

    def __init__(self, start_us=0):
        self.history = History(19)
        self.ground = Ground(GEOMETRY)
        self.start_us = start_us
        self.count = 0

    def go(self, steps):
        for step in steps:
            self.count += step
            ticks = (self.start_us + self.history.n * PERIOD_US) % TICKS_PERIOD
            number = self.history.push(ticks, self.count, 1000)
            if number == 0:
                self.ground.reset(0, ticks, self.count)
            else:
                self.ground.feed(number, ticks, self.count)
        return self

    @property
    def last(self):
        return self.history.n - 1


def swaying(counts, period_n, n):
    """Steps of a belt that goes to and fro by so many counts."""
    half = period_n // 2
    places = [counts * min(i % period_n, period_n - i % period_n) // half for i in range(n + 1)]
    return [after - before for before, after in zip(places, places[1:])]


@pytest.mark.parametrize("start_us", [0, TICKS_PERIOD - 30 * PERIOD_US])
def test_a_stand_lasts_since_the_belt_moved_by_more_than_five_counts_either_way(start_us):
    for way in (1, -1):
        watch = StandWatch()
        watch.reset(0, start_us, 100)
        for number in range(1, 40):
            watch.feed(
                number,
                (start_us + number * PERIOD_US) % TICKS_PERIOD,
                100 + way * (number % (END_COUNTS + 1)),
            )
        at = (start_us + 40 * PERIOD_US) % TICKS_PERIOD
        assert watch.is_beyond(40, at, 39, 39 * PERIOD_US)
        assert not watch.is_beyond(40, at, 40, 0) and not watch.is_beyond(40, at, 0, 40 * PERIOD_US)
        watch.feed(41, (start_us + 41 * PERIOD_US) % TICKS_PERIOD, 100 + way * (END_COUNTS + 1))
        at = (start_us + 43 * PERIOD_US) % TICKS_PERIOD
        assert watch.is_beyond(43, at, 1, 2 * PERIOD_US - 1) and not watch.is_beyond(43, at, 2, 0)


@pytest.mark.parametrize(("off", "is_settled"), [(-6, False), (-5, True), (0, True), (5, True), (6, False)])
def test_a_belt_has_settled_that_is_within_five_counts_of_its_last_movement(off, is_settled):
    assert has_settled(100, 100 + off) == is_settled


@pytest.mark.parametrize("stand_n", [0, 1, 20, 200, 700])
@pytest.mark.parametrize("pace", [5, 12, 60, 200])
def test_a_movement_begins_at_the_last_sample_of_a_stand(stand_n, pace):
    belt = Belt().go([0] * (stand_n + 1)).go([pace] * (LEAN_COUNTS // pace + 6))
    assert first_movement(belt.history, 0, LEAN_COUNTS, 0) == stand_n


@pytest.mark.parametrize("halt_n", [4, 20, 60])
def test_a_start_that_halts_for_a_moment_began_with_its_first_step(halt_n):
    belt = Belt().go([0] * 101).go([60] * 4).go([0] * halt_n).go([60] * 3)
    assert first_movement(belt.history, 0, LEAN_COUNTS, 0) == 100


@pytest.mark.parametrize("since", [90, 98, 100])
def test_a_movement_never_begins_before_what_belongs_to_another(since):
    belt = Belt().go([0] * 81).go([3] * 30).go([40] * 8)
    found = first_movement(belt.history, 0, LEAN_COUNTS, since)
    assert found >= since


def test_a_movement_that_began_longer_ago_than_is_looked_back_begins_there():
    belt = Belt().go([0] * 10).go([1] * 400).go([40] * 8)
    assert first_movement(belt.history, 0, LEAN_COUNTS, 0) >= belt.last - 300
    full = Belt().go([0] * 10).go([40] * (2 * HISTORY_N))
    assert first_movement(full.history, 0, LEAN_COUNTS, 0) == full.last - 300


@pytest.mark.parametrize("dither", [(1, -1), (2, -2), (1, 1, -1, -1)])
def test_an_edge_that_dithers_is_no_beginning(dither):
    belt = Belt().go(dither * 40)
    begun = belt.last
    belt.go([15] * 20)
    assert abs(first_movement(belt.history, belt.history.count(begun), LEAN_COUNTS, 0) - begun) <= 1


@pytest.mark.parametrize("lean", [40, 60, 100])
def test_who_leans_slowly_before_the_first_step_has_not_begun(lean):
    """A twelfth of the pace after it, or less: the set begins at the step."""
    belt = Belt().go([0] * 100).go([1] * lean)
    begun = belt.last
    belt.go([40] * 12)
    found = first_movement(belt.history, 0, LEAN_COUNTS, 0)
    assert abs(found - begun) <= 2


@pytest.mark.parametrize("pace", [2, 3, 5, 9])
def test_a_start_that_is_soft_belongs_to_the_movement(pace):
    """Less than a third of a second before it is fast: nobody leans so shortly."""
    belt = Belt().go([0] * 100)
    begun = belt.last
    belt.go([1] * 6).go([pace] * 8).go([2 * pace] * 8).go([4 * pace] * 40)
    assert first_movement(belt.history, 0, LEAN_COUNTS, 0) - begun in (0, 1, 2)


@pytest.mark.parametrize("way", [40, 90])
def test_a_belt_that_sways_begins_where_it_is_faster_than_its_sway(way):
    belt = Belt().go(swaying(way, 60, 240))
    begun = belt.last
    belt.go([20] * 25)
    found = first_movement(belt.history, way, LEAN_COUNTS, 0)
    assert abs(found - begun) <= 6


@pytest.mark.parametrize("start_us", [0, TICKS_PERIOD - 300 * PERIOD_US])
@pytest.mark.parametrize("stand_n", [3, 30, 200, 300])
def test_a_movement_ends_at_its_last_new_ground(start_us, stand_n):
    belt = Belt(start_us).go([0]).go([12] * 200)
    ended = belt.last
    belt.go([0] * stand_n)
    assert last_movement(belt.history, belt.ground, 0) == ended
    assert last_movement(belt.history, belt.ground, ended) == ended
    assert not sways(belt.history, belt.ground)


def test_a_movement_goes_on_until_a_sample_without_new_ground():
    belt = Belt().go([0]).go([12] * 200)
    assert last_movement(belt.history, belt.ground, 0) == belt.last
    belt.go([0])
    assert last_movement(belt.history, belt.ground, 0) == belt.last, "one may be read late"
    belt.go([0])
    assert last_movement(belt.history, belt.ground, 0) == belt.last - 2


@pytest.mark.parametrize("drawn", [6, 60, 600])
def test_a_belt_that_is_drawn_back_after_its_last_ground_ended_at_its_furthest(drawn):
    belt = Belt().go([0]).go([12] * 200)
    ended = belt.last
    belt.go([-drawn // 6] * 6).go([0] * 250)
    assert last_movement(belt.history, belt.ground, 0) == ended


@pytest.mark.parametrize("way", [40, 60, 100])
@pytest.mark.parametrize("stand_n", [180, 300])
def test_who_sways_at_the_end_ended_where_the_sway_begins(way, stand_n):
    belt = Belt().go([0]).go([12] * 200)
    ended = belt.last
    belt.go(swaying(way, 80, stand_n))
    assert sways(belt.history, belt.ground)
    found = last_movement(belt.history, belt.ground, 0)
    assert 0 <= found - ended <= 24, "before it comes to the middle of the sway a second time"
    assert last_movement(belt.history, belt.ground, ended + 100) >= ended + 100


@pytest.mark.parametrize(("way", "is_swaying"), [(26, False), (28, False), (30, True), (60, True)])
def test_a_belt_sways_by_more_than_three_millimetres(way, is_swaying):
    belt = Belt().go([0]).go([12] * 200).go([-1] * 4).go([0] * 40).go(swaying(way, 100, 200))
    assert sways(belt.history, belt.ground) == is_swaying


@pytest.mark.parametrize("slow_n", [0, 10, 40, 100])
def test_a_walk_that_turned_round_ended_where_it_had_slowed_down(slow_n):
    """To a twelfth of its pace; the pace is that of the two seconds before it turned."""
    belt = Belt().go([0]).go([24] * 200)
    ended = belt.last
    belt.go([1] * slow_n)
    turned = belt.last
    belt.go([-3] * 30)
    found = walked_until(belt.history, turned, 0)
    assert abs(found - ended) <= PACE_N // 2
    assert walked_until(belt.history, turned, turned - 6) >= turned - 6 - BLOCK_N


def test_a_belt_that_is_slow_all_the_time_turned_where_it_turned():
    belt = Belt().go([0]).go([3] * 250)
    turned = belt.last
    belt.go([-3] * 30)
    assert walked_until(belt.history, turned, 0) == turned - PACE_N // 2
