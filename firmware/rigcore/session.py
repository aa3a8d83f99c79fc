"""From samples to sets: every sample goes through here.

Detectors turn samples and time into events; the table in state_machine.py says what an event leads to; plan_runner.py
does it. Time comes with the samples, so nothing here waits.
"""

from .detect import StartDetector, Starter, StillDetector, band_counts, first_movement
from .history import History
from .plan_progress import DISTANCE, STEPS, TIME, PlanProgress
from .plan_runner import COUNTDOWN_MS, PlanRunner
from .setrun import DIRECTION_MM, SetRun
from .speed import SpeedEstimator
from .state_machine import ARMED, COUNTDOWN, DONE, IDLE, PAUSED, RATING, RESTING, RUNNING, StateMachine
from .stepcount import StepCounter
from .ticks import LongClock, ticks_diff

__all__ = ("DIRECTION_MM", "IDLE", "RUNNING", "Session")

START_MM = 30
EARLY_MM = 1000  # walked without stopping, it ends a rest: nobody's set is lost for starting early
PATIENCE_N = 160  # 2 s at 80 conversions a second
EARLY_PATIENCE_N = 400
WINDOWS_N = 3  # quarter seconds that a movement must last to start a set
STAND_MM = 10
STAND_US = 500_000  # after a target the belt must rest this long before movement is a start again
SETTLE_MS = 4000  # a plan that was chosen and left alone for this long is taken


class Session:
    """Feed it every sample; it keeps what the display shows and drives the set writer.

    `make_header(start_us)` is called with the time of the first movement and returns the set's header
    as a dict. `progress` is the plan to follow and how far it was followed before.
    """

    def __init__(self, geometry, writer, make_header, progress=None):
        self.history = History()
        self.clock = LongClock()
        self.run = SetRun(writer, self.history, self.clock)
        self.plan_runner = PlanRunner(self, make_header, progress or PlanProgress())
        is_begun = progress is not None and progress.done_n > 0
        self.state_machine = StateMachine(
            self.plan_runner, IDLE if not is_begun else ARMED if progress.has_more else DONE
        )
        self.use(geometry)
        self._is_running_out = False  # the athlete is still slowing down after the set
        self._speed = SpeedEstimator()
        self.steps = StepCounter()  # runs only where steps are the target
        self.now_ms = 0  # since the first sample
        self.number = 0  # of the sample at hand
        self.first = 0  # of the movement at hand
        self._us = 0

    def use(self, geometry):
        """Take lengths from this geometry; only between sets."""
        self.geometry = geometry
        self.run.use(geometry)
        start_counts = geometry.counts(START_MM)
        self._start = Starter(start_counts, PATIENCE_N, WINDOWS_N)
        self._early = Starter(geometry.counts(EARLY_MM), EARLY_PATIENCE_N, 0)
        self._again = StartDetector(start_counts, PATIENCE_N)
        self._stand = StillDetector(band_counts(geometry, STAND_MM), STAND_US)

    @property
    def state(self):
        """Name of the state, one of those in state_machine.py."""
        return self.state_machine.state

    @property
    def directions(self):
        """Backward and forward movement of the running or the latest set."""
        return self.run.directions

    @property
    def lost_n(self):
        """Samples of the latest set that have no conversion."""
        return self.run.lost_n

    @property
    def refused(self):
        """Whether the store had no room for the last set."""
        return self.plan_runner.refused

    @property
    def is_recording(self):
        """Whether a set is open in the log."""
        return self.state in (RUNNING, PAUSED)

    def feed(self, ticks, count, code):
        """Take one sample: tick counter, net counts, load-cell code or fault."""
        self._advance_time(ticks)
        number = self.history.push(ticks, count, code)
        self._speed.feed(ticks, count)
        if self.state == RUNNING:
            self._feed_run(number)
        elif self.state == PAUSED:
            self.run.feed_pause(number)
            if self.run.is_full:
                self.state_machine.fire("full")
            self._try_move(self._again.feed(number, count))
        else:
            self.run.rest.feed(count)
            self._feed_rest(number, ticks, count)
        self._watch_time()

    def speed_counts_us(self):
        """The belt's speed now as (counts, microseconds)."""
        return self._speed.counts_and_us()

    def elapsed_ms(self):
        """Milliseconds from the set's first movement to the newest sample or to its end, without pauses."""
        return self.run.elapsed_ms(self.history.n - 1) if self.history.n else 0

    def stop(self, reason):
        """End a running set now, at its last movement: reason "button", "host" or, by a fault, "full"."""
        if self.is_recording:
            self.state_machine.fire("press" if reason == "button" else reason)

    def choose_plan(self, plan_id):
        """Take this plan from its beginning, "" for none; only between sets."""
        self.plan_runner.choose_plan(plan_id)
        self.state_machine.state = IDLE

    def answer(self, question, value):
        """A rating from outside; False when it is not asked."""
        rating = self.plan_runner.rating
        if self.state != RATING or not rating.give(question, value):
            return False
        if rating.question == question and rating.accept():
            self.state_machine.fire("rated")
        return True

    def first_us(self):
        """Time of the movement at hand on the board's clock that never wraps."""
        return self.clock.board_us(self.history.ticks(self.first))

    def wait_for_movement(self):
        """Whatever moved until now starts nothing."""
        self._is_running_out = False
        number = max(0, self.history.n - 1)
        count = self.history.count(number)
        for detector in (self._start, self._early, self._again):
            detector.reset(number, count)

    def run_out(self):
        """What moves on from here belongs to the set that just ended, until the belt stands."""
        self._is_running_out = True
        self._stand.reset(self.clock.ticks, self.history.count(self.history.n - 1))

    def _advance_time(self, ticks):
        if self.history.n:
            self._us += max(0, ticks_diff(ticks, self.clock.ticks))
            self.now_ms += self._us // 1000
            self._us %= 1000
        self.clock.feed(ticks)

    def _feed_run(self, number):
        self.number = number
        is_still = self.run.feed(number)
        if self.plan_runner.target == STEPS:
            self.steps.feed(self.history.code(number))
        if self.run.is_full:
            self.state_machine.fire("full")
        elif self._has_reached():
            self.state_machine.fire("target")
        elif is_still:
            self.state_machine.fire("still")

    def _has_reached(self):
        plan_runner = self.plan_runner
        target = plan_runner.target
        if target == DISTANCE:
            return self.geometry.mm(self.directions.backward) >= plan_runner.amount
        if target == TIME:
            return self.run.elapsed_ms(self.number) >= plan_runner.amount
        return target == STEPS and self.steps.steps_n >= plan_runner.amount

    def _feed_rest(self, number, ticks, count):
        if self._is_running_out:
            self._is_running_out = self._stand.moved(ticks, count) or not self._stand.is_still(ticks)
            if not self._is_running_out:
                self.wait_for_movement()
        elif self.state in (RESTING, RATING) and self.plan_runner.rest_left_ms() > 0:
            self._try_move(self._early.feed(number, ticks, count))
        elif self.state != COUNTDOWN:
            self._try_move(self._start.feed(number, ticks, count))

    def _try_move(self, first):
        """Movement since sample `first` was recognised: if it starts a set, take what came meanwhile."""
        if first < 0:
            return
        was_paused = self.state == PAUSED
        first = max(first, self.history.oldest())
        self.first = first_movement(self.history, first, self.directions.band_counts, self.run.sway_counts)
        if not self.state_machine.fire("moved"):
            self.wait_for_movement()
        elif not was_paused:
            for number in range(self.first, self.history.n):
                if self.state == RUNNING:
                    self._feed_run(number)

    def _watch_time(self):
        plan_runner, state = self.plan_runner, self.state
        if 0 <= plan_runner.due_ms <= self.now_ms:
            self.state_machine.fire("due")
        elif state == RESTING:
            if plan_runner.wants_countdown() and plan_runner.rest_left_ms() <= COUNTDOWN_MS:
                self.state_machine.fire("count")
        elif state == IDLE and plan_runner.has_plan():
            if self.now_ms - plan_runner.chosen_ms >= SETTLE_MS and not self._start.is_pending:
                self.state_machine.fire("settled")
