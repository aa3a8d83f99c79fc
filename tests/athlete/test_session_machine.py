"""Somebody does anything in any order; what the session makes of it is held against plain bookkeeping."""

import json
import math

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.athlete.books import Ledger, Nvs

from app import plan_start
from app.plan_store import PlanStore
from nor import NorFlash
from rigcore import state_machine, transitions
from rigcore.kept import SECTORS_N, KeptValues
from rigcore.motion import Geometry
from rigcore.moved import moved
from rigcore.plan import checked_plan, sets_n
from rigcore.plan_progress import PlanProgress
from rigcore.plan_runner import PlanRunner
from rigcore.session import Session
from rigcore.set_effects import SetEffects
from rigcore.ticks import TICKS_PERIOD

pytestmark = pytest.mark.usefixtures("byte_streams")

PERIOD_US = 12_500
COUNTS_PER_M = 9600
DITHER_COUNTS = 19  # 2 mm
PLAN_REASONS = {"target", "still", "button", "limit", "host", "fault", "power_lost"}
UNCOUNTED = {"host", "power_lost"}  # a set that ended so is still to be done
STANDING = (state_machine.IDLE, state_machine.ARMED, state_machine.DONE)
STAND_S = 5.0  # a rest before which nothing is under way any more
SAMPLE_M = 0.015
KICK = tuple((speed, 0.1) for speed in range(1200, 0, -150))
STEP_ON = ((300, 0.2), (-200, 0.2), (150, 0.3), (0, 1.0), (-100, 0.2), (0, 1.0))

blocks = st.fixed_dictionaries(
    {
        "times": st.integers(1, 3),
        "rest_ms": st.sampled_from([0, 4000, 15_000]),
        "pause_ms": st.sampled_from([5000, 60_000]),
        "start": st.sampled_from(["movement", "button", "countdown"]),
    },
).flatmap(
    lambda block: st.sampled_from(
        [
            {"target": "distance", "amount": 1500},
            {"target": "time", "amount": 4000},
            {"target": "steps", "amount": 4},
            {"target": "open"},
        ]
    ).map(lambda target: {**block, **target})
)


class Sums:
    """Movement in both directions, by the rule that MEASUREMENT.md states: less than the dither band is none."""

    def __init__(self, band):
        self.band, self.backward, self.forward = band, 0, 0
        self.at = None
        self.is_backward = True

    def feed(self, count):
        if self.at is None:
            self.at = count
        ahead = count - self.at if self.is_backward else self.at - count
        if ahead < -self.band:
            self.is_backward, ahead = not self.is_backward, -ahead
        if ahead > 0:
            self.at = count
            self.backward += ahead if self.is_backward else 0
            self.forward += 0 if self.is_backward else ahead


plans = st.builds(
    lambda found, ask: {"id": "p", "name": "Plan", "blocks": found, "ask": ask},
    st.lists(blocks, min_size=1, max_size=3),
    st.sampled_from([[], ["pain"], ["rpe", "pain"]]),
)


class AnyBody(RuleBasedStateMachine):
    @initialize(plan=plans, turn=st.integers(0, TICKS_PERIOD - 1))
    def arrive(self, plan, turn):
        self.plan = checked_plan(plan)
        self.ledger = Ledger()
        self.t_us, self.um, self.speed = turn, 0, 0
        self.nvs = Nvs()
        self.store = PlanStore(self.nvs, KeptValues(NorFlash(SECTORS_N)))
        self.store.keep("plan/p", json.dumps(plan).encode())
        self.power_up(PlanProgress(plan))

    def power_up(self, progress):
        self.books = Sums(DITHER_COUNTS)
        self.session = Session(Geometry(2400, 250_000), self.ledger, self._header, progress)
        self.carried, remarks = plan_start.rest(self.nvs, len(self.ledger.sets))
        self.session.account.carry(self.carried, remarks)
        self.plan_runner = self.session.plan_runner
        self.plan_runner.plan_ids, self.plan_runner.load_plan = self.store.ids(), self.store.load
        self.powered_n, self.zero_um = len(self.ledger.sets), self.um
        self.backward_um = self.forward_um = 0
        self._follow()

    def _follow(self):
        """The plan begins here; what was walked before belongs to another."""
        self.progress, self.begun_done_n = self.plan_runner.progress, self.plan_runner.progress.done_n
        self.begun_n = len(self.ledger.sets)
        self.moved_by_hand = 0  # steps in the plan that were pressed rather than walked
        self.is_kept = False

    def _header(self, _start_us):
        return {"no": len(self.ledger.sets) + 1}

    def _chore(self):
        """What the board does at standstill: remember how far the plan was followed."""
        if self.plan_runner.progress is not self.progress:
            self._follow()
        if self.speed == 0 and not self.session.is_recording:
            plan_id = self.plan["id"] if self.plan_runner.has_plan() else ""
            self.store.keep_progress(plan_id, self.plan_runner.progress.done_n, len(self.ledger.sets))
            self.store.keep_rest(
                len(self.ledger.sets), self.session.rest_counts(), self.session.account.since_set
            )
            self.is_kept = True

    @rule(
        speed=st.sampled_from([-900, -300, 0, 0, 200, 500, 900, 1500]),
        seconds=st.sampled_from([0.2, 0.6, 1.5, 4.0, 9.0, 20.0]),
    )
    def go(self, speed, seconds):
        self.speed = speed
        for _ in range(round(seconds * 1e6) // PERIOD_US):
            self.t_us += PERIOD_US
            step_um = speed * PERIOD_US // 1000
            self.um += step_um
            self.backward_um += max(step_um, 0)
            self.forward_um += max(-step_um, 0)
            pull = 1 + math.sin(self.t_us * 2 * math.pi * 1.6e-6) if speed > 0 else 0
            count = (self.um - self.zero_um) * 12 // 1250
            self.books.feed(count)
            self.session.feed(self.t_us % TICKS_PERIOD, count, 1000 + round(200_000 * pull))
        self._chore()

    @rule()
    def walk_and_stand(self):
        self.go(700, 3.0)
        self.go(0, 4.0)

    @precondition(lambda self: not self.session.is_recording)
    @rule(nudge=st.sampled_from([KICK, STEP_ON]))
    def nudge_the_belt(self, nudge):
        self.go(0, STAND_S)
        begun_n = len(self.ledger.sets)
        for speed, seconds in nudge:
            self.go(speed, seconds)
        self.go(0, STAND_S)
        assert len(self.ledger.sets) == begun_n

    @precondition(lambda self: self.session.state in STANDING and not self.ledger.full)
    @rule(speed=st.sampled_from([200, 400, 800, 1500]))
    def start_from_standstill(self, speed):
        """Every centimetre since the first movement is the set's."""
        self.go(0, STAND_S)
        if self.session.state not in STANDING:
            return
        if self.session.state == state_machine.ARMED and not self.plan_runner.is_open():
            self.anything_happens("press")
            self.go(0, STAND_S)
        begun_n, begin_um = len(self.ledger.sets), self.um
        self.go(speed, 0.4)
        assert self.session.state == state_machine.RUNNING or len(self.ledger.sets) == begun_n + 1
        self.go(speed, 2.0)
        assert len(self.ledger.sets) == begun_n + 1
        walked_m = (self.um - begin_um) / 1e6
        counted_m = self.session.directions.backward / COUNTS_PER_M
        if self.session.is_recording:
            assert abs(counted_m - walked_m) <= SAMPLE_M
        else:
            assert self.ledger.sets[-1][1]["reason"] == "target"

    @rule(event=st.sampled_from(["press", "host", "limit", "fault", "mended"]))
    def anything_happens(self, event):
        self.session.fire(event)
        self._chore()

    @rule(is_full=st.booleans())
    def store_fills_or_is_pulled(self, is_full):
        self.ledger.full = is_full

    @rule(event=st.sampled_from(["skip", "undo", "repeat"]))
    def move_in_the_plan(self, event):
        self.plan_runner.notes.clear()
        before, walked = self.plan_runner.progress.done_n, len(self.ledger.sets)
        took = self.session.fire(event)
        after = self.plan_runner.progress.done_n
        assert after - before == (0 if not took else 1 if event == "skip" else -1)
        assert len(self.ledger.sets) == walked
        if took:  # a set that was walked is marked, one that was skipped is not there to be marked
            was_walked = event == "undo" and self.plan_runner.set_no and self.plan_runner.index == after
            assert self.plan_runner.notes == (
                [(self.plan_runner.set_no, {"undone": 1})] if was_walked else []
            )
        self.moved_by_hand += after - before
        self.is_kept = self.is_kept and before == after
        self._chore()

    @precondition(lambda self: self.is_kept)
    @rule()
    def lose_power(self):
        """Whatever was going on: the plan goes on at the first set that was not finished."""
        had_plan, done_n = self.plan_runner.has_plan(), self.plan_runner.progress.done_n
        if self.ledger.is_open:
            self.ledger.end({"reason": "power_lost"})
        progress = plan_start.resumed(self.store, self.nvs, self.ledger.latest)
        assert progress.has_plan == had_plan and progress.done_n == done_n
        self.power_up(progress)
        if had_plan and done_n == sets_n(self.plan):
            assert self.session.state == state_machine.DONE  # where the button leads to another plan
        self._chore()

    @rule(value=st.integers(-1, 11))
    def rate(self, value):
        rating = self.plan_runner.rating
        asked = rating.question
        if self.session.state == state_machine.RATING:
            assert rating.give(asked, value) == (0 <= value <= 10)
            if rating.accept():
                self.session.fire("rated")
                assert self.session.state != state_machine.RATING

    @invariant()
    def a_set_is_open_exactly_while_recording(self):
        assert self.ledger.is_open == (self.session.is_recording and self.session.run.samples.is_written)

    @invariant()
    def the_plan_advances_once_a_set(self):
        walked = [end for header, end in self.ledger.sets[self.begun_n :] if "plan_id" in header and end]
        assert all(end["reason"] in PLAN_REASONS for end in walked)
        if self.plan_runner.has_plan():
            counted_n = sum(end["reason"] not in UNCOUNTED for end in walked)
            assert self.plan_runner.progress.done_n == self.begun_done_n + counted_n + self.moved_by_hand
        assert all(header["step"] < sets_n(self.plan) for header, _ in self.ledger.sets if "step" in header)

    @invariant()
    def no_count_is_lost_or_won(self):
        """What the board tells adds up, and what the log tells is the same."""
        told = moved(self.session)
        total = (self.books.backward, self.books.forward)
        assert told["total"] == total
        remarks = [sum(remark[side] for remark in told["remarks"].values()) for side in (1, 2)]
        for side in (0, 1):
            parts = told["sets"][side], told["running"][side], told["between"][side], remarks[side]
            assert sum(parts) == total[side] and all(part >= 0 for part in parts)
            logged = sum(self._logged(side)) - self.carried[side]
            assert logged == total[side]

    def _logged(self, side):
        """Counts of rests, sets and pauses since the power came, as the log has them, and those still to come."""
        run, name = self.session.run, ("backward_counts", "forward_counts")[side]
        for header, end in self.ledger.sets[self.powered_n :]:
            yield header["rest_counts"][side]
            if end:
                yield end[name] + sum(pause[2 + side] for pause in end.get("pauses", ()))
        if not self.session.is_recording:
            yield self.session.rest_counts()[side]
            return
        if not run.samples.is_written:
            yield self.session.account.rest_before(run.start_sums)[side]
        yield (self.books.backward, self.books.forward)[side] - run.start_sums[side]


AnyBody.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestAnyBody = AnyBody.TestCase


ROWS = [row.split() for row in transitions.TABLE.splitlines()]


def test_the_table_names_only_what_exists():
    for _state, _event, guard, effect, _following in ROWS:
        assert guard == state_machine.NONE or callable(getattr(PlanRunner, guard))
        assert effect == state_machine.NONE or callable(
            getattr(SetEffects, effect, getattr(PlanRunner, effect, None))
        )


def test_every_state_is_reached_and_left():
    states = {row[0] for row in ROWS} - {state_machine.BETWEEN, state_machine.NO_SET}
    assert states == {state_machine.IDLE} | {row[4] for row in ROWS} - {state_machine.BEFORE}


def test_passing_states_always_let_through():
    for passing in state_machine.PASSING:
        rows = [row for row in ROWS if row[0] == passing]
        assert all(row[1] == "next" for row in rows) and rows[-1][2] == state_machine.NONE
