"""After how many stretches, at which pull and for how long each doubt is raised and taken back, to the last one."""

import pytest

from rigcore.motion import Geometry
from rigcore.plausibility import (
    BELOW_ZERO,
    BOTH,
    NO_MOVEMENT,
    NO_PULL,
    REVERSED,
    SWAPPED,
    Plausibility,
)

STRETCH = 1920  # counts in 200 mm
BACK, FORTH = 1, -1


class Belt:
    """A watch, and a belt of which each look moves so many counts."""

    def __init__(self):
        self.watch = Plausibility(Geometry(2400, 250_000))
        self.count = 0

    def look(self, counts, force_mn):
        self.count += counts
        return self.watch.feed(self.count, force_mn)

    def go(self, way, force_mn, stretches_n):
        """Stretches of two looks each; whether something was told in each."""
        told = [
            (self.look(way * STRETCH // 2, force_mn), self.look(way * STRETCH // 2, force_mn))
            for _ in range(stretches_n)
        ]
        assert not any(first for first, _ in told), "told within a stretch"
        return [second for _, second in told]

    def stand(self, force_mn, looks_n):
        return [self.look(0, force_mn) for _ in range(looks_n)]


def first_told(belt, way, force_mn, most_n=80):
    """(stretches until something is told, what), (0, "") if nothing is."""
    for n in range(1, most_n):
        if belt.go(way, force_mn, 1)[0]:
            return n, belt.watch.doubt
        assert belt.watch.doubt == ""
    return 0, ""


@pytest.mark.parametrize(
    ("way", "force_mn", "found"),
    [
        (BACK, 0, (20, NO_PULL)),
        (BACK, 3_984, (20, NO_PULL)),
        (BACK, 4_000, (0, "")),
        (BACK, -3_984, (20, NO_PULL)),
        (BACK, -4_000, (5, REVERSED)),
        (FORTH, -4_000, (5, BOTH)),
        (FORTH, -3_984, (25, SWAPPED)),
        (FORTH, 3_984, (25, SWAPPED)),
        (FORTH, 4_000, (5, SWAPPED)),
    ],
)
def test_a_doubt_takes_a_metre_of_pull_or_four_metres_without_and_a_push_five(way, force_mn, found):
    assert first_told(Belt(), way, force_mn) == found


def test_a_pull_is_below_zero_only_as_against_that_of_the_stand_before():
    """A line whose zero is off is no reason to turn wires round."""
    for force_mn, doubt in ((-8_848, BELOW_ZERO), (-8_912, REVERSED)):
        belt = Belt()
        belt.stand(-4_900, 20)
        assert first_told(belt, BACK, force_mn) == (5, doubt)


@pytest.mark.parametrize("force_mn", [4_000, 60_000])
@pytest.mark.parametrize(("walked_n", "drawn_n"), [(0, 0), (3, 3), (49, 49), (50, 50), (70, 50)])
def test_an_elastic_may_draw_back_what_was_walked_up_to_ten_metres(walked_n, drawn_n, force_mn):
    belt = Belt()
    belt.go(BACK, force_mn, walked_n)
    assert first_told(belt, FORTH, force_mn) == (drawn_n + 5, SWAPPED)


@pytest.mark.parametrize(("backward_n", "told_at"), [(0, [25, 30, 35]), (4, [25, 30, 35]), (5, [])])
def test_a_belt_that_is_only_pushed_forward_is_told_each_metre_until_it_was_once_walked_a_metre_backward(
    backward_n, told_at
):
    belt = Belt()
    belt.go(BACK, 0, backward_n)
    told = belt.go(FORTH, 0, 36)
    assert [n for n, is_told in enumerate(told, 1) if is_told] == told_at
    assert belt.watch.doubt == (SWAPPED if told_at else "")


def test_one_stretch_with_pull_proves_that_the_line_is_hooked_in():
    belt = Belt()
    belt.go(BACK, 0, 45)
    assert belt.watch.doubt == NO_PULL
    belt.go(BACK, 4_000, 1)
    assert belt.watch.doubt == "" and first_told(belt, BACK, 0) == (20, NO_PULL)


def test_what_takes_a_doubt_back_is_no_walk_that_an_elastic_may_draw_back():
    belt = Belt()
    belt.go(FORTH, 60_000, 5)
    belt.go(BACK, 60_000, 4)
    assert belt.watch.doubt == SWAPPED
    belt.go(BACK, 60_000, 1)
    assert belt.watch.doubt == ""
    assert first_told(belt, FORTH, 60_000) == (5, SWAPPED)


@pytest.mark.parametrize(
    ("way", "force_mn", "raised_n", "doubt"),
    [(FORTH, 60_000, 5, SWAPPED), (BACK, -60_000, 5, REVERSED), (FORTH, -60_000, 5, BOTH)],
)
@pytest.mark.parametrize("more_n", [0, 3, 10, 15])
def test_as_many_stretches_take_a_doubt_back_as_raised_it_and_no_more_than_three_metres(
    way, force_mn, raised_n, doubt, more_n
):
    belt = Belt()
    belt.go(way, force_mn, raised_n + more_n)
    against_n = raised_n + min(more_n, 10)
    belt.go(BACK, 60_000, against_n - 1)
    assert belt.watch.doubt == doubt
    belt.go(BACK, 60_000, 1)
    assert belt.watch.doubt == ""


def test_a_doubt_is_told_again_after_each_metre_and_a_graver_one_takes_its_place():
    belt = Belt()
    told = belt.go(BACK, 0, 31)
    assert [n for n, is_told in enumerate(told, 1) if is_told] == [20, 25, 30]
    told = belt.go(FORTH, -60_000, 10)
    assert [n for n, is_told in enumerate(told, 1) if is_told] == [5, 10] and belt.watch.doubt == BOTH
    belt.go(BACK, 0, 5)
    assert belt.watch.doubt == BOTH, "the lesser one is not told meanwhile"


@pytest.mark.parametrize(
    ("force_mn", "looks_n", "doubt"),
    [(-5_000, 20, BELOW_ZERO), (-5_000, 19, ""), (-4_999, 60, ""), (-40_000, 20, BELOW_ZERO)],
)
def test_a_pull_below_zero_at_rest_is_told_after_two_seconds(force_mn, looks_n, doubt):
    belt = Belt()
    told = belt.stand(force_mn, looks_n)
    assert belt.watch.doubt == doubt and told == [False] * (looks_n - 1) + [bool(doubt)]


def test_who_leans_or_a_belt_that_moves_begins_the_two_seconds_anew():
    for change_mn, doubt in ((2_000, BELOW_ZERO), (-2_000, BELOW_ZERO), (2_001, ""), (-2_001, "")):
        belt = Belt()
        belt.stand(-12_000, 10)
        belt.stand(-12_000 + change_mn, 10)
        assert belt.watch.doubt == doubt, change_mn
    belt = Belt()
    belt.stand(-12_000, 19)
    belt.look(3, -12_000)
    belt.stand(-12_000, 19)
    assert belt.watch.doubt == ""
    belt.stand(-12_000, 1)
    assert belt.watch.doubt == BELOW_ZERO
    belt.stand(0, 19)
    assert belt.watch.doubt == BELOW_ZERO
    belt.stand(0, 1)
    assert belt.watch.doubt == "", "it was tared"


def test_a_line_that_is_reversed_is_not_called_below_zero():
    belt = Belt()
    belt.go(BACK, -60_000, 1)
    assert not any(belt.stand(-30_000, 60)) and belt.watch.doubt == ""
    belt = Belt()
    belt.go(FORTH, -60_000, 1)
    assert not any(belt.stand(-30_000, 60)) and belt.watch.doubt == ""


@pytest.mark.parametrize(("force_mn", "doubt"), [(19_999, NO_PULL), (20_000, "")])
def test_a_weight_of_two_kilogrammes_that_hangs_for_two_seconds_takes_back_that_there_is_no_pull(
    force_mn, doubt
):
    belt = Belt()
    belt.go(BACK, 0, 45)
    belt.stand(force_mn, 19)
    assert belt.watch.doubt == NO_PULL
    belt.stand(force_mn, 1)
    assert belt.watch.doubt == doubt


def swings(belt, low_mn, high_mn, looks_n, rounds_n, flicker=0):
    """A pull that falls from high to low and rises again within so many looks; the numbers of the looks that told."""
    told, number = [], 0
    for _ in range(rounds_n):
        for i in range(looks_n):
            sign = 1 if number % 2 else -1
            if belt.look(sign * flicker, high_mn if 0 < i <= looks_n // 2 else low_mn):
                told.append((number // looks_n, i))
            number += 1
    return told


@pytest.mark.parametrize(
    ("low_mn", "high_mn", "looks_n", "is_told"),
    [
        (0, 4_001, 6, True), (0, 4_000, 6, False), (80_000, 100_000, 6, False), (79_999, 100_000, 6, True),
        (25_000, 100_000, 15, True), (25_000, 100_000, 16, False), (24_999, 100_000, 16, True),
        (0, 100_000, 40, True), (0, 100_000, 41, False),
    ],
)  # fmt: skip
def test_eight_swings_of_a_pull_without_movement_are_a_dead_encoder(low_mn, high_mn, looks_n, is_told):
    """By more than 4 N and a fifth of the pull; as quick as steps, or slower if the line goes slack each time."""
    belt = Belt()
    told = swings(belt, low_mn, high_mn, looks_n, 9)
    assert belt.watch.doubt == (NO_MOVEMENT if is_told else "")
    assert not is_told or told[0] == (7, looks_n // 2 + 1), "the fall that ends the eighth swing"


@pytest.mark.parametrize("deeper_mn", [0, -1])
def test_a_fall_alone_or_a_rise_alone_that_is_deep_enough_is_no_swing(deeper_mn):
    """Each pull is stronger, or weaker, than the one before it; the other way by just a fifth, or by 4 N, is none."""
    for pulls in (
        [(100_000 + 25_000 * n, 80_000 + 20_000 * n + deeper_mn) for n in range(9)],
        [(12_000 + 500 * n, 8_000 + 500 * n + deeper_mn) for n in range(9)],
    ):
        belt = Belt()
        for high_mn, low_mn in pulls:
            belt.stand(high_mn, 2)
            belt.stand(low_mn, 2)
        assert (belt.watch.doubt == NO_MOVEMENT) == (deeper_mn < 0)
    for pulls in (
        [(125_000 - 5_000 * n, 100_000 - 4_000 * n + deeper_mn) for n in range(10)],
        [(12_000 - 500 * n, 8_000 - 500 * n + deeper_mn) for n in range(10)],
    ):
        belt = Belt()
        for high_mn, low_mn in pulls:
            belt.stand(low_mn, 2)
            belt.stand(high_mn, 2)
        assert (belt.watch.doubt == NO_MOVEMENT) == (deeper_mn < 0)


def test_a_slow_swing_is_the_first_of_a_new_row():
    belt = Belt()
    swings(belt, 30_000, 60_000, 6, 7)
    belt.stand(30_000, 20)
    assert swings(belt, 30_000, 60_000, 6, 8)[0][0] == 7 and belt.watch.doubt == NO_MOVEMENT


@pytest.mark.parametrize(("flicker", "is_told"), [(1, True), (2, True), (3, False)])
def test_a_dead_line_flickers_by_two_counts_and_what_moves_more_is_a_belt(flicker, is_told):
    belt = Belt()
    for sign in (1, -1):
        for _ in range(12):
            for force_mn in (60_000, 60_000, 0, 0):
                belt.look(sign * flicker, force_mn)
                belt.look(-sign * flicker, force_mn)
    assert (belt.watch.doubt == NO_MOVEMENT) == is_told


def test_a_stretch_takes_back_that_nothing_moves_and_seven_swings_before_it_are_forgotten():
    belt = Belt()
    swings(belt, 0, 60_000, 6, 7)
    assert belt.watch.doubt == ""
    belt.go(BACK, 60_000, 1)
    swings(belt, 0, 60_000, 6, 7)
    assert belt.watch.doubt == ""
    swings(belt, 0, 60_000, 6, 1)
    assert belt.watch.doubt == NO_MOVEMENT
    belt.go(BACK, 60_000, 1)
    assert belt.watch.doubt == "", "as much speaks against it"


def test_while_the_force_is_unknown_no_stretch_is_made():
    belt = Belt()
    for _ in range(200):
        assert belt.look(STRETCH, None) is False
    belt.look(STRETCH // 2, 0)
    belt.look(1, None)
    assert first_told(belt, BACK, 0) == (20, NO_PULL)
