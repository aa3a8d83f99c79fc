"""Belt and pull watched together."""

from app.layout import wrap
from rigcore.motion import Geometry
from rigcore.plausibility import (
    BELOW_ZERO,
    BOTH,
    DOUBTS,
    NO_MOVEMENT,
    NO_PULL,
    REVERSED,
    SWAPPED,
    Plausibility,
)

STEP_COUNTS = 960  # in a look: 1 m/s
STILL = ((0, 0),) * 30
STEPS = (0.4, 1.5, 1.9, 1.2, 0.3)  # pull in a step of half a second, as a share of its mean


def watch_of(*parts):
    """A watch that has seen these looks: (counts moved, millinewton)."""
    watch = Plausibility(Geometry(2400, 250_000))
    count = 0
    for part in parts:
        for moved, force_mn in part:
            count += moved
            watch.feed(count, force_mn)
    return watch


def steps(mean_n, looks_n, counts=STEP_COUNTS, off_n=0):
    """Walking: pull in steps, so many counts in each look."""
    return [(counts, round(1000 * (mean_n * STEPS[i % 5] + off_n))) for i in range(looks_n)]


def flicker(mean_n, looks_n):
    """The same on an encoder that is dead and flickers."""
    return [(1 if i % 2 else -1, force_mn) for i, (_, force_mn) in enumerate(steps(mean_n, looks_n))]


def test_walking_backward_raises_no_doubt():
    for mean_n in (10, 30, 100, 600):
        assert watch_of(STILL, steps(mean_n, 200), STILL).doubt == ""


def test_each_fault_is_named_at_pulls_from_ten_newton_up():
    for mean_n in (10, 30, 100, 600):
        assert watch_of(STILL, flicker(mean_n, 60)).doubt == NO_MOVEMENT
        assert watch_of(STILL, steps(mean_n, 40, -STEP_COUNTS)).doubt == SWAPPED
        assert watch_of(STILL, steps(-mean_n, 40)).doubt == REVERSED
        assert watch_of(STILL, steps(-mean_n, 40, -STEP_COUNTS)).doubt == BOTH


def test_slow_walking_raises_them_too():
    for counts in (48, 288):
        assert watch_of(STILL, steps(30, 12_000 // counts, -counts)).doubt == SWAPPED
        assert watch_of(STILL, steps(-30, 12_000 // counts, counts)).doubt == REVERSED


def test_a_slack_line_says_nothing_of_the_pull():
    assert watch_of(STILL, steps(1, 35)).doubt == ""
    assert watch_of(STILL, steps(1, 60)).doubt == NO_PULL
    assert watch_of(STILL, steps(80, 100), steps(1, 30)).doubt == "", "the belt coasts on by 3 m"


def test_a_weight_that_hangs_on_the_line_shows_that_the_cell_answers():
    pushed = STILL, steps(0, 100), STILL
    assert watch_of(*pushed, [(0, 5_000)] * 30).doubt == NO_PULL, "so much a taut line may have"
    assert watch_of(*pushed, [(0, 49_000)] * 30).doubt == ""


def test_a_belt_that_only_runs_forward_is_doubted():
    assert watch_of(STILL, steps(0, 60, -STEP_COUNTS)).doubt == SWAPPED
    walked = steps(80, 100), STILL, steps(0, 100, -STEP_COUNTS)
    assert watch_of(STILL, *walked).doubt == "", "dragged out, then pushed back"


def test_what_an_elastic_draws_back_is_no_fault():
    assert (
        watch_of(STILL, steps(70, 30), STILL, steps(60, 30, -STEP_COUNTS), STILL, steps(70, 30)).doubt == ""
    )


def test_a_line_that_was_tared_taut_is_told_at_rest_and_in_steps():
    assert watch_of([(0, -12_000)] * 30).doubt == BELOW_ZERO
    assert watch_of([(0, -12_000)] * 30, STILL).doubt == "", "it was tared again"
    dipping = [(counts, force_mn if i % 4 else -9_000) for i, (counts, force_mn) in enumerate(steps(60, 60))]
    assert watch_of(dipping).doubt == BELOW_ZERO
    pushed_back = [(-STEP_COUNTS, -40_000)] * 40
    assert watch_of([(0, -40_000)] * 30, steps(80, 60, off_n=-40), pushed_back).doubt == BELOW_ZERO


def test_the_next_hundred_millimetres_do_not_clear_a_doubt_but_walking_does():
    for doubt, fault in ((SWAPPED, steps(80, 40, -STEP_COUNTS)), (REVERSED, steps(-80, 40))):
        watch = watch_of(STILL, fault, steps(80, 3))
        assert watch.doubt == doubt
        assert watch_of(STILL, fault, steps(80, 60)).doubt == ""
    assert watch_of(STILL, flicker(80, 60), steps(80, 2)).doubt == NO_MOVEMENT
    assert watch_of(STILL, flicker(80, 60), steps(80, 30)).doubt == ""


def test_neither_a_lean_nor_sway_nor_a_stuck_sled_that_lurches_is_a_dead_encoder():
    lean = [(0, min(600_000, 40_000 * i)) for i in range(100)]
    assert watch_of(lean).doubt == ""
    sway = [(0, 50_000 + 20_000 * (abs(i % 20 - 10) - 5) // 5) for i in range(400)]
    assert watch_of(sway).doubt == ""
    held = [(0, min(600_000, 200_000 * i) + i % 3 * 1000) for i in range(22)]
    assert watch_of((held + steps(400, 4)) * 12).doubt == ""
    assert watch_of([(i % 2, 150_000 + i % 3 * 1000) for i in range(600)]).doubt == "", "taut at rest"


def test_a_doubt_is_told_again_each_metre():
    watch = watch_of(STILL, steps(80, 10, -STEP_COUNTS))
    count = -10 * STEP_COUNTS
    told = [watch.feed(count - i * STEP_COUNTS, 80_000) for i in range(1, 41)]
    assert 3 <= told.count(True) <= 5
    assert [watch.feed(count - 40 * STEP_COUNTS, 0) for _ in range(5)] == [False] * 5


def test_a_rig_without_pull_raises_nothing():
    assert watch_of([(STEP_COUNTS, None)] * 100, [(-STEP_COUNTS, None)] * 100).doubt == ""


def test_the_display_has_room_for_the_words():
    for words in DOUBTS:
        rows = wrap(words, 16, 9)
        assert len(rows) <= 4 and " ".join(rows) == words
