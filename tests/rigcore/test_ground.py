"""When ground is new, when the belt stands and when a movement begins, in counts and ticks that wrap."""

import pytest

from rigcore.detect import (
    NEW_MM,
    SLACK_US,
    STAND_US,
    START_MM,
    TURN_MM,
    Ground,
    StartDetector,
)
from rigcore.motion import Geometry
from rigcore.ticks import TICKS_PERIOD

FINE = Geometry(2400, 250_000)  # 9.6 counts a millimetre
COARSE = Geometry(24, 250_000)  # a count each 10.4 mm
PACE_US = 10_000
STARTS = [0, TICKS_PERIOD - 1_500_000]
"""Of the clock: the second one wraps meanwhile."""


def ticks(start, after_us):
    return (start + after_us) % TICKS_PERIOD


@pytest.mark.parametrize("geometry", [FINE, COARSE])
def test_an_edge_that_dithers_by_a_count_makes_no_ground_and_two_counts_do(geometry):
    ground = Ground(geometry)
    ground.reset(0, 0, 100)
    for number in range(1, 50):
        assert not ground.feed(number, number * PACE_US, 100 + number % 2)
    assert ground.feed(50, 50 * PACE_US, 102) and (ground.furthest, ground.number) == (102, 50)
    assert not ground.feed(51, 51 * PACE_US, 97) and (ground.furthest, ground.behind) == (102, 5)


@pytest.mark.parametrize("start", STARTS)
def test_a_belt_stands_once_it_has_made_no_ground_for_as_long_as_is_asked(start):
    ground = Ground(FINE)
    ground.reset(0, ticks(start, 0), 0)
    far = FINE.counts(NEW_MM) + 2
    ground.feed(1, ticks(start, 500_000), far)
    for after_us, stands in ((2_499_000, False), (2_501_000, True)):
        assert ground.stands(ticks(start, after_us), 2_000_000) == stands
        assert ground.is_quiet(ticks(start, after_us)) == (after_us >= 500_000 + STAND_US)


@pytest.mark.parametrize("start", STARTS)
def test_a_stand_with_a_little_new_ground_must_last_longer(start):
    """Who sways makes ground, but less than a step does."""
    ground = Ground(FINE)
    ground.reset(0, ticks(start, 0), 0)
    for number in range(1, 30):
        ground.feed(number, ticks(start, number * 100_000), 2 * number)
    enough_us = 2_000_000 + SLACK_US
    assert not ground.stands(ticks(start, enough_us - 1000), 2_000_000)
    assert ground.stands(ticks(start, enough_us + 1000), 2_000_000)
    assert 99_000 <= ground.longest_us <= 101_000


@pytest.mark.parametrize("way_mm", [START_MM - 1, START_MM + 1])
def test_a_movement_begins_beyond_the_furthest_place_of_the_stand_before(way_mm):
    detector = StartDetector(FINE)
    detector.reset(0, 0, 500)
    begun = [detector.feed(n, n * PACE_US, 500 + FINE.counts(way_mm) * n // 20) for n in range(1, 21)]
    assert begun[:-1] == [False] * 19 and begun[-1] == (way_mm > START_MM)


def test_a_belt_that_went_far_forward_begins_where_it_turned_round():
    """So a start after somebody pushed the belt back is found; one that only sways is none."""
    for forward_mm, backward_mm, begins in (
        (TURN_MM + 200, TURN_MM + START_MM + 2, True),
        (TURN_MM + 200, TURN_MM + START_MM - 2, False),
        (TURN_MM - 10, TURN_MM, False),
    ):
        detector = StartDetector(FINE)
        detector.reset(0, 0, 0)
        places = [-mm for mm in range(forward_mm)] + [mm - forward_mm for mm in range(backward_mm + 1)]
        found = [detector.feed(n, n * 1000, FINE.counts(mm)) for n, mm in enumerate(places, 1)]
        assert any(found) == begins, (forward_mm, backward_mm)


@pytest.mark.parametrize("start", STARTS)
def test_twelve_millimetres_of_new_ground_end_a_stand_of_two_seconds_and_less_lengthens_it(start):
    """9.6 counts a millimetre: 115, and one for rounding."""
    for way, longer_us in ((115, 700_000), (116, 0)):
        ground = Ground(FINE)
        ground.reset(7, ticks(start, 0), 500)
        assert (ground.longest_us, ground.behind, ground.mark_number) == (0, 0, 7)
        assert ground.feed(8, ticks(start, 1_000_000), 500 + way) and ground.behind == 0
        assert ground.mark_number == (7 if longer_us else 8) and ground.longest_us == 1_000_000
        quiet_us = 2_000_000 if longer_us else 3_000_000
        for at_us in (quiet_us - 1, quiet_us):
            assert ground.is_quiet(ticks(start, at_us)) == (at_us == quiet_us)
        stands_us = max(quiet_us, 3_000_000) if not longer_us else 2_700_000
        for at_us in (stands_us - 1, stands_us):
            assert ground.stands(ticks(start, at_us), 2_000_000) == (at_us == stands_us), (way, at_us)


def test_a_start_is_thirty_millimetres_and_a_turn_eighty():
    for way, begins in ((287, False), (288, True)):
        detector = StartDetector(FINE)
        detector.reset(0, 0, 0)
        assert detector.feed(1, 1000, way) == begins
    for forward, base in ((768, 0), (769, -1), (900, -132)):
        detector = StartDetector(FINE)
        detector.reset(0, 0, 0)
        assert not detector.feed(1, 1000, -forward)
        assert detector.base == base and detector.rest == (-forward if base else 0)


def test_a_coarse_encoder_starts_with_three_counts():
    for way, begins in ((2, False), (3, True)):
        detector = StartDetector(COARSE)
        detector.reset(0, 0, 0)
        assert detector.feed(1, 1000, way) == begins
