"""Somebody does anything in any order; what the session makes of it is held against plain bookkeeping."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rigcore import engine
from rigcore.conduct import Conduct
from rigcore.course import Course
from rigcore.motion import Geometry
from rigcore.plan import checked, sets_n
from rigcore.session import Session
from rigcore.ticks import TICKS_PERIOD

PERIOD_US = 12_500
COUNTS_PER_M = 9600
PLAN_REASONS = {"target", "still", "button", "limit", "host"}

blocks = st.fixed_dictionaries(
    {
        "times": st.integers(1, 3),
        "rest_ms": st.sampled_from([0, 4000, 15_000]),
        "pause_ms": st.sampled_from([5000, 60_000]),
        "start": st.sampled_from(["movement", "button", "countdown"]),
    },
).flatmap(
    lambda block: st.sampled_from(
        [{"target": "distance", "amount": 1500}, {"target": "time", "amount": 4000}, {"target": "open"}]
    ).map(lambda target: {**block, **target})
)
plans = st.builds(
    lambda found, ask: {"id": "p", "name": "Plan", "blocks": found, "ask": ask},
    st.lists(blocks, min_size=1, max_size=3),
    st.sampled_from([[], ["pain"], ["rpe", "pain"]]),
)


class Ledger:
    """The set writer's place, and the oracle's books: open at most once, closed as often as opened."""

    def __init__(self):
        self.sets = []
        self.is_open = False

    full = False

    def begin(self, header):
        assert not self.is_open
        self.is_open = True
        self.sets.append((header, {}))
        return True

    def add(self, turns, ticks, count, code):
        assert self.is_open

    def end(self, fields):
        assert self.is_open
        self.is_open = False
        self.sets[-1][1].update(fields)


class AnyBody(RuleBasedStateMachine):
    @initialize(plan=plans, turn=st.integers(0, TICKS_PERIOD - 1))
    def arrive(self, plan, turn):
        self.plan = checked(plan)
        self.ledger = Ledger()
        self.t_us, self.um = turn, 0
        self.backward_um = self.forward_um = 0
        self.moved_by_hand = 0  # steps in the plan that were pressed rather than walked
        self.session = Session(Geometry(2400, 250_000), self.ledger, self._header, Course(plan))
        self.conduct = self.session.conduct

    def _header(self, _start_us):
        return {"no": len(self.ledger.sets) + 1}

    @rule(
        speed=st.sampled_from([-900, -300, 0, 0, 200, 500, 900, 1500]),
        seconds=st.sampled_from([0.2, 0.6, 1.5, 4.0, 9.0]),
    )
    def go(self, speed, seconds):
        for _ in range(round(seconds * 1e6) // PERIOD_US):
            self.t_us += PERIOD_US
            step_um = speed * PERIOD_US // 1000
            self.um += step_um
            self.backward_um += max(step_um, 0)
            self.forward_um += max(-step_um, 0)
            self.session.feed(self.t_us % TICKS_PERIOD, self.um * 12 // 1250, 1000)

    @rule()
    def walk_and_stand(self):
        self.go(700, 3.0)
        self.go(0, 4.0)

    @rule(event=st.sampled_from(["press", "host", "limit", "fault", "mended"]))
    def anything_happens(self, event):
        self.session.engine.fire(event)

    @rule(event=st.sampled_from(["skip", "undo", "repeat"]))
    def move_in_the_plan(self, event):
        before = self.conduct.course.done_n
        took = self.session.engine.fire(event)
        after = self.conduct.course.done_n
        assert after - before == (0 if not took else 1 if event == "skip" else -1)
        self.moved_by_hand += after - before

    @rule(value=st.integers(-1, 11))
    def rate(self, value):
        rating = self.conduct.rating
        asked = rating.question
        if self.session.state == engine.RATING:
            assert rating.give(asked, value) == (0 <= value <= 10)
            if rating.accept():
                self.session.engine.fire("rated")
                assert self.session.state != engine.RATING

    @invariant()
    def a_set_is_open_exactly_while_recording(self):
        assert self.ledger.is_open == self.session.is_recording

    @invariant()
    def the_plan_advances_once_a_set(self):
        walked = [end for header, end in self.ledger.sets if "plan_id" in header and end]
        assert all(end["reason"] in PLAN_REASONS for end in walked)
        if self.conduct.has_plan():
            done_n = sum(end["reason"] != "host" for end in walked) + self.moved_by_hand
            assert self.conduct.course.done_n == done_n
        assert all(header["step"] < sets_n(self.plan) for header, _ in self.ledger.sets if "step" in header)

    @invariant()
    def no_metre_is_lost_or_won(self):
        run = self.session.run
        backward, forward = run.rest.backward, run.rest.forward
        if self.session.is_recording:
            backward = run.directions.backward + (run.rest.backward if run.is_paused else 0)
            forward = run.directions.forward + (run.rest.forward if run.is_paused else 0)
            pauses = run.pauses
        else:
            pauses = []
        for header, end in self.ledger.sets:
            rests = header.get("rest_counts", (0, 0))
            backward += rests[0] + end.get("backward_counts", 0)
            forward += rests[1] + end.get("forward_counts", 0)
            pauses = [*pauses, *end.get("pauses", ())]
        backward += sum(pause[2] for pause in pauses)
        forward += sum(pause[3] for pause in pauses)
        # Each hand-over from rest to set and back may hide as much as the dither band and a sample's movement.
        hidden_m = 0.01 * (2 + 2 * len(self.ledger.sets) + 2 * len(pauses))
        assert abs(backward / COUNTS_PER_M - self.backward_um / 1e6) <= hidden_m
        assert abs(forward / COUNTS_PER_M - self.forward_um / 1e6) <= hidden_m


AnyBody.TestCase.settings = settings(max_examples=100, stateful_step_count=30)
TestAnyBody = AnyBody.TestCase


ROWS = [row.split() for row in engine.TABLE.splitlines()]


def test_the_table_names_only_what_exists():
    for _state, _event, guard, action, _following in ROWS:
        for name in (guard, action):
            assert name == engine.NONE or callable(getattr(Conduct, name))


def test_every_state_is_reached_and_left():
    states = {row[0] for row in ROWS} - {engine.BETWEEN}
    assert states == {engine.IDLE} | {row[4] for row in ROWS}


def test_passing_states_always_let_through():
    for passing in engine.PASSING:
        rows = [row for row in ROWS if row[0] == passing]
        assert all(row[1] == "next" for row in rows) and rows[-1][2] == engine.NONE
