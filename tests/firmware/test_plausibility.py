"""Belt and pull watched together."""

from app.view import wrap
from rigcore.motion import Geometry
from rigcore.plausibility import NO_MOVEMENT, SWAPPED, Plausibility


def watch_of(counts_mn):
    watch = Plausibility(Geometry(2400, 250_000))
    for count, force_mn in counts_mn:
        watch.feed(count, force_mn)
    return watch.doubt


def swinging(i):
    return 150_000 + (40_000 if i % 3 == 0 else -20_000)


def test_walking_backward_raises_no_doubt():
    assert watch_of((i * 960, swinging(i)) for i in range(100)) == ""


def test_swings_without_movement_are_a_dead_encoder():
    assert watch_of((i % 2, swinging(i)) for i in range(40)) == NO_MOVEMENT


def test_a_doubt_is_told_as_often_as_it_is_seen():
    watch = Plausibility(Geometry(2400, 250_000))
    told = [watch.feed(0, swinging(i)) for i in range(40)]
    assert not told[0] and told.count(True) > 10
    assert [watch.feed(0, 0) for _ in range(5)] == [False] * 5, "nobody pulls any more"
    told = [watch.feed(-i * 960, swinging(i)) for i in range(1, 41)]
    assert told.count(True) == 4, "once a metre"


def test_the_display_has_room_for_the_words():
    for words in (NO_MOVEMENT, SWAPPED):
        rows = wrap(words, 16, 9)
        assert len(rows) <= 4 and " ".join(rows) == words


def test_a_line_that_stays_taut_at_rest_raises_no_doubt():
    assert watch_of((i % 2, 150_000 + i % 3 * 1000) for i in range(600)) == ""


def test_moving_forward_under_pull_is_a_swapped_encoder():
    assert watch_of((-i * 960, swinging(i)) for i in range(40)) == SWAPPED
    assert watch_of((-i * 960, 0) for i in range(40)) == ""
    assert watch_of((-i * 960, None) for i in range(40)) == ""


def test_moving_backward_takes_the_doubt_away():
    stuck = [(0, swinging(i)) for i in range(40)]
    assert watch_of(stuck + [(i * 960, 0) for i in range(3)]) == ""
