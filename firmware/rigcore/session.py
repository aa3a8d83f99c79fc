"""From samples to sets: every sample goes through here.

Detectors turn samples and time into events; the table in state_machine.py says what effect an event has; set_effects.py
and plan_runner.py carry it out. Time comes with the samples, so nothing here waits.

Whatever moves is followed from its first sample on, and only judged when it has ended (movement.py, verdict.py): what
was no walk becomes a remark, and the plan's set is still to do.
"""

from . import TYPE_CHECKING
from .account import Account
from .detect import band_counts
from .history import History
from .plan_progress import PlanProgress
from .plan_runner import COUNTDOWN_MS, PlanRunner
from .set_effects import SetEffects
from .setrun import DIRECTION_MM, STILL_S, SetRun
from .speed import SpeedEstimator
from .startwatch import StartWatch
from .state_machine import (
    ARMED,
    COUNTDOWN,
    DONE,
    IDLE,
    NEXT,
    NONE,
    PAUSED,
    RATING,
    RESTING,
    RUNNING,
    StateMachine,
)
from .target import TargetWatch
from .ticks import LongClock, ticks_diff
from .transition_table import transition_table
from .verdict import PUSHES_N, WALK

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .motion import Geometry
    from .setwriter import SetWriter

EARLY_MM = 1000  # walked in a rest, it ends the rest: nobody's set is lost for starting early
SETTLE_MS = 4000  # a plan that was chosen and left alone for this long is taken
UNWRITTEN_MS = 3000  # a movement that goes on for so long is written, whatever it may turn out to be
PLAN_EFFECTS = transition_table("choose arm count_down rest finish ask judge skip undo repeat")
PRESSES = ("press", "host")  # where what runs is no set, they are for the state before
ENDS = PRESSES + ("limit", "full", "target", "still", "forward")


class Session:
    """Feed it every sample; it keeps what the display shows and drives the set writer.

    `make_header(start_us)` is called with the time of the first movement and returns the rig's fields of a set's
    header as a dict. `progress` is the plan to follow and how far it was followed before. `before_load()` is called
    once, as the first movement begins, whose modules are then loaded.
    """

    def __init__(
        self,
        geometry: "Geometry",
        writer: "SetWriter",
        make_header: "Callable[[int], dict[str, Any]]",
        progress: "PlanProgress | None" = None,
        before_load: "Callable[[], None]" = lambda: None,
    ) -> None:
        self.clock = LongClock()
        self.history = History(band_counts(geometry, DIRECTION_MM))
        self.account = Account(self.history.total)
        progress = progress or PlanProgress()
        self.plan_runner = PlanRunner(progress)
        self.state_machine = StateMachine(
            IDLE if not progress.done_n else ARMED if progress.has_more else DONE
        )
        self.still_ms = STILL_S * 1000  # where the plan does not say
        self.run = run = SetRun(writer, self.history, self.clock, before_load)
        self._watch = StartWatch(self.history, run)
        self._target = TargetWatch(self.history, run, self.plan_runner)
        self.steps = self._target.steps
        self._effects = SetEffects(run, self.plan_runner, self._watch, self.account, self.steps, make_header)
        self._speed = SpeedEstimator()
        self.now_ms = 0  # since the first sample
        self._us = 0
        self.use(geometry)

    def use(self, geometry: "Geometry") -> None:
        """Take lengths from this geometry; only between sets."""
        self.history.use(band_counts(geometry, DIRECTION_MM))
        self.run.use(geometry)
        self._target.use(geometry)
        self._watch.use(geometry)
        if self.history.n:
            self._watch.wait_for_movement()

    # -- what others read

    @property
    def state(self) -> str:
        """Name of the state, one of those in state_machine.py."""
        return self.state_machine.state

    @property
    def directions(self) -> SetRun:
        """Backward and forward counts of the running or the latest set."""
        return self.run

    @property
    def lost_n(self) -> int:
        """Samples of the latest set that have no conversion."""
        return self.run.movement.lost_n if self.run.has_moved else 0

    @property
    def set_n(self) -> int:
        """Sets finished since the power came."""
        return self._effects.set_n

    @property
    def refused(self) -> bool:
        """Whether the store had no room for the last set."""
        return self._effects.refused

    @property
    def is_recording(self) -> bool:
        """Whether a set runs or pauses."""
        return self.state in (RUNNING, PAUSED)

    def rest_counts(self) -> "tuple[int, int]":
        """(backward, forward) counts since the latest set, of this power-up and of those before."""
        total = self.history.total
        return self.account.rest_before((total.backward, total.forward))

    def speed_counts_us(self) -> "tuple[int, int]":
        """The belt's speed now as (counts, microseconds)."""
        return self._speed.counts_and_us()

    def elapsed_ms(self) -> int:
        """Milliseconds from the set's first movement to the newest sample or to its end, without pauses."""
        return self.run.elapsed_ms(self.history.n - 1) if self.run.has_moved else 0

    # -- samples

    def feed(self, ticks: int, count: int, code: int) -> None:
        """Take one sample: tick counter, net counts, load-cell code or fault."""
        self._advance_time(ticks)
        number = self._effects.number = self.history.push(ticks, count, code)
        self._speed.feed(ticks, count)
        state = self.state_machine.state
        if state == RUNNING:
            self._feed_set(number, code)
        elif state == PAUSED:
            self._feed_pause(number, ticks, count)
        else:
            self._feed_rest(number, ticks, count)
        self._watch_time()

    def _advance_time(self, ticks: int) -> None:
        if self.history.n:
            self._us += max(0, ticks_diff(ticks, self.clock.ticks))
            self.now_ms += self._us // 1000
            self.plan_runner.now_ms = self.now_ms
            self._us %= 1000
        self.clock.feed(ticks)

    def _feed_set(self, number: int, code: int) -> None:
        movement = self.run.movement
        was_proven = movement.is_proven
        ended = self.run.feed(number)
        self._target.feed(code)
        if movement.is_proven and not was_proven:
            self.fire("proven")
        if self.run.samples.is_full():
            self.fire("full")
        elif self._is_written_in_time():
            reached_at = self._target.reached_at(number)
            if reached_at >= 0 and self.run.verdict() == WALK:
                self._effects.number = reached_at
                self.fire("target")
            elif ended:
                self.fire(ended)

    def _is_written_in_time(self) -> bool:
        """Begin the set in the log once it is sure to last; False when it was given up instead."""
        movement, samples = self.run.movement, self.run.samples
        if samples.is_written:
            return True
        if samples.outlives_history() and movement.is_by_hand(PUSHES_N):
            self.fire("none")
            return False
        is_long = movement.is_under_way(UNWRITTEN_MS) and not movement.is_by_hand()
        if movement.is_proven or samples.outlives_history() or is_long:
            return self._write()
        return True

    def _write(self) -> bool:
        """Begin the set in the log; False when that has no room, and the set is given up."""
        if self._effects.write():
            return True
        self.fire("refused")
        self._watch.run_out()
        return False

    def _feed_pause(self, number: int, ticks: int, count: int) -> None:
        self.run.feed_pause(number)
        if self.run.samples.is_full():
            self.fire("full")
        elif self._watch.feed(number, ticks, count):
            self.fire("moved")

    def _feed_rest(self, number: int, ticks: int, count: int) -> None:
        watch, run = self._watch, self.run
        if watch.is_running_out:
            watch.feed_running_out(number, ticks, count)
        elif run.is_open:
            self._follow(number)
        elif watch.feed(number, ticks, count):
            if self._may_open():
                run.still_us = (self.plan_runner.progress.get("still_ms") or self.still_ms) * 1000
                run.open(watch.rest, watch.since)
                self._show()
            else:
                watch.wait_for_movement()

    def _may_open(self) -> bool:
        return self.state != COUNTDOWN and (self.state != ARMED or self.plan_runner.is_open())

    def _follow(self, number: int) -> None:
        """Take a sample of a movement that is not shown, because a rest or a question is."""
        run = self.run
        ended = run.feed(number)
        if not self._may_open() or ended or run.samples.outlives_history() and not run.movement.is_proven:
            self._watch.give_up_movement()
        else:
            self._show()

    def _show(self) -> None:
        """Make the movement the running set, as soon as the state allows."""
        run, state = self.run, self.state
        is_early = state == RESTING and self.plan_runner.rest_left_ms() > 0
        if state == RATING or is_early:
            if not run.movement.is_proven:
                return
            if run.movement.ground_mm() < EARLY_MM and not run.samples.outlives_history():
                return
        if not self.fire("moved"):
            self._watch.give_up_movement()

    # -- events

    def fire(self, event: str) -> bool:
        """Let something happen; True if it had an effect in this state."""
        machine = self.state_machine
        if machine.state == RUNNING and event in ENDS and not self._is_set():
            return self.fire(event) if event in PRESSES else True
        took = False
        while event:
            effect = machine.step(event, self.plan_runner)
            if effect is None:
                break
            took = True
            if effect != NONE:
                getattr(self.plan_runner if effect in PLAN_EFFECTS.split() else self._effects, effect)()
            event = NEXT if machine.is_passing else ""
        return took

    def _is_set(self) -> bool:
        """Whether what runs was walking and is in the log; if not, it is given up."""
        if self.run.verdict() != WALK:
            self.fire("none")
            return False
        self.run.movement.is_proven = True
        return self.run.samples.is_written or self._write()

    def stop(self, reason: str) -> None:
        """End a running set now, at its last movement: reason "button", "host" or, by a fault, "full"."""
        if self.is_recording:
            self.fire("press" if reason == "button" else reason)

    def choose_plan(self, plan_id: str) -> None:
        """Take this plan from its beginning, "" for none; only between sets."""
        self.plan_runner.choose_plan(plan_id)
        self.fire("chosen")

    def answer(self, question: str, value: int) -> bool:
        """A rating from outside; False when it is not asked."""
        rating = self.plan_runner.rating
        if self.state != RATING or not rating.give(question, value):
            return False
        if rating.question == question and rating.accept():
            self.fire("rated")
        return True

    def watch_limits(self, speed_mmps: int, force_mn: "int | None", span_ms: int) -> bool:
        """Hold the latest speed and force against the set's limits; True while one is exceeded."""
        plan_runner = self.plan_runner
        if self.state != RUNNING or not plan_runner.exceeds(speed_mmps, force_mn, span_ms):
            return False
        if plan_runner.ends_at_limits():
            self.fire("limit")
        return True

    def _watch_time(self) -> None:
        plan_runner, state = self.plan_runner, self.state_machine.state
        if 0 <= plan_runner.due_ms <= self.now_ms:
            self.fire("due")
        elif state == RESTING:
            if plan_runner.wants_countdown() and plan_runner.rest_left_ms() <= COUNTDOWN_MS:
                self.fire("count")
        elif state == IDLE and plan_runner.has_plan():
            if self.now_ms - plan_runner.chosen_ms >= SETTLE_MS:
                self.fire("settled")
