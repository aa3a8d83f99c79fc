"""When each tune sounds, and when none does: looks at a session that is made up."""

from types import SimpleNamespace

import pytest

from rigcore.cues import TUNES, CueWatch
from rigcore.plan_progress import PlanProgress
from rigcore.state_machine import (
    ARMED,
    BETWEEN_STATES,
    COUNTDOWN,
    DONE,
    IDLE,
    PAUSED,
    RATING,
    RESTING,
    RUNNING,
)

WARM, WORK = 0, 1


class Looks:
    """A watch, and a session of a plan whose first set warms up."""

    def __init__(self, target="distance", amount=10_000):
        progress = PlanProgress({"id": "p", "blocks": [{"kind": "warmup"}, {"times": 5}]})
        self.runner = SimpleNamespace(
            index=WORK, target=target, amount=amount, due_ms=3000, progress=progress
        )
        self.session = SimpleNamespace(state=IDLE, now_ms=0, plan_runner=self.runner)
        self.watch = CueWatch()

    def look(self, state, mm=0, band=None, is_over=False):
        self.session.state = state
        return self.watch.look(self.session, mm, band, is_over)

    def row(self, *states):
        return [self.look(state) for state in states]


@pytest.mark.parametrize(("index", "tune"), [(-1, "start"), (WARM, "warmup"), (WORK, "start"), (3, "start")])
def test_a_set_that_warms_up_begins_with_a_tune_of_its_own(index, tune):
    for before in (*BETWEEN_STATES, COUNTDOWN, RATING):
        looks = Looks()
        looks.look(before)
        looks.runner.index = index
        assert looks.look(RUNNING) == tune
        assert looks.row(PAUSED, RUNNING) == ["", ""], "it goes on"


def test_the_end_of_a_set_and_of_a_rest_or_a_countdown_sound_and_no_other_change():
    for after in (RATING, *BETWEEN_STATES):
        looks = Looks()
        assert looks.row(RUNNING, after) == ["start", "end"]
        assert looks.row(RUNNING, PAUSED, after) == ["start", "", ""], "who pauses knows that nothing runs"
    for before, after, tune in (
        (RESTING, ARMED, "ready"), (COUNTDOWN, ARMED, "ready"), (IDLE, ARMED, ""), (RATING, ARMED, ""),
        (RESTING, DONE, ""), (COUNTDOWN, IDLE, ""), (DONE, ARMED, ""), (RATING, RESTING, ""), (ARMED, ARMED, ""),
    ):  # fmt: skip
        looks = Looks()
        looks.look(before)
        assert looks.look(after) == tune, (before, after)


@pytest.mark.parametrize(
    ("target", "amount", "mm", "is_last"),
    [
        ("distance", 10_000, 7_999, False),
        ("distance", 10_000, 8_000, True),
        ("distance", 2_001, 1, True),
        ("distance", 2_000, 1_999, False),
        ("distance", 1_000, 999, False),
        ("time", 10_000, 9_000, False),
        ("steps", 10_000, 9_000, False),
    ],
)
def test_the_last_two_metres_of_a_longer_way_are_told_once(target, amount, mm, is_last):
    looks = Looks(target, amount)
    looks.look(RUNNING)
    assert looks.look(RUNNING, 0) == "" and not looks.watch.is_last()
    assert looks.look(RUNNING, mm) == ("last" if is_last else "") and looks.watch.is_last() == is_last
    assert looks.look(RUNNING, mm) == ""
    looks.look(PAUSED, mm)
    assert not looks.watch.is_last()


def test_leaving_the_band_sounds_once_each_time_but_not_while_a_set_comes_into_it():
    looks = Looks("open", 0)
    looks.look(RUNNING, 0, -1)
    bands = [(-1, ""), (-1, ""), (0, ""), (1, "band"), (2, ""), (None, ""), (-2, "band"), (0, "")]
    assert [looks.look(RUNNING, 0, band) for band, _ in bands] == [tune for _, tune in bands]
    assert looks.look(RUNNING, 0, 1, True) == "limit", "it comes before all others"
    assert looks.look(RUNNING, 0, 1) == "band", "the limit was no look at the band"
    looks.look(IDLE)
    assert looks.look(IDLE, 0, 1, True) == ""


def test_a_countdown_beeps_as_each_second_begins():
    looks = Looks()
    looks.look(COUNTDOWN)
    heard = []
    for now_ms in range(3000):
        looks.session.now_ms = now_ms
        if looks.look(COUNTDOWN):
            heard.append(now_ms)
    assert heard == [0, 1000, 2000]


def test_a_set_ends_downwards_and_a_rest_upwards_and_what_repeats_a_note_has_silence_between():
    """Who looks away tells them by ear: by which way they go, by how many notes, by pitch or by length."""
    heard = {name: [hertz for hertz, _ in tones if hertz] for name, tones in TUNES.items()}
    assert heard["end"] == sorted(set(heard["end"]), reverse=True) and len(heard["end"]) > 1
    assert heard["ready"] == sorted(set(heard["ready"])) and len(heard["ready"]) > 1
    assert len(heard["warmup"]) == 2 and len(heard["last"]) == 3
    for name, tones in TUNES.items():
        for (hertz, _), (following, _) in zip(tones, tones[1:]):
            assert hertz != following, name
        assert tones[0][0] and tones[-1][0], name
    single = [tones[0] for tones in TUNES.values() if len(tones) == 1]
    for one in single:
        for other in single:
            assert one is other or max(one[0], other[0]) >= 4 * min(one[0], other[0]) // 3, (one, other)


def test_each_note_can_be_heard_and_each_tune_is_over_before_the_next_second_of_a_countdown():
    for name, tones in TUNES.items():
        assert all(hertz == 0 or 200 <= hertz <= 4000 for hertz, _ in tones), name
        assert all(ms >= 40 for _, ms in tones) and sum(ms for _, ms in tones) < 1000, name
