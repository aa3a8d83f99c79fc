"""From samples to sets: every sample goes through here.

Detectors turn samples and time into events; the table in state_machine.py says what effect an event has; it is carried
out here, with plan_runner's help. Time comes with the samples, so nothing here waits.

Whatever moves is followed from its first sample on, and only judged when it has ended (setrun.py, verdict.py): what
was no walk becomes a remark, and the plan has its set back.
"""

from .account import Account
from .detect import Ground, StartDetector, band_counts
from .history import History
from .plan_progress import DISTANCE, STEPS, TIME, PlanProgress
from .plan_runner import COUNTDOWN_MS, NEVER, PlanRunner
from .setrun import DIRECTION_MM, STILL_S, SetRun
from .speed import SpeedEstimator
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
    transition_table,
)
from .stepcount import StepCounter
from .ticks import LongClock, ticks_diff
from .verdict import HAND, WALK

__all__ = ("DIRECTION_MM", "IDLE", "RUNNING", "Session")

EARLY_MM = 1000  # walked in a rest, it ends the rest: nobody's set is lost for starting early
# After a target the belt must stand this long, and longer than it did within the set, before a set starts anew.
STAND_US = 500_000
REST_N = 192  # samples of a stand, two seconds: where it is
LATE_N = 48  # of which the last may be of the next movement
SETTLE_MS = 4000  # a plan that was chosen and left alone for this long is taken
UNWRITTEN_MS = 3000  # a movement that goes on for so long is written, whatever it may turn out to be
NO_ROOM = "full"  # a remark: the store had no room for a set
PLAN_EFFECTS = transition_table("choose arm count_down rest finish ask judge skip undo repeat")
PRESSES = ("press", "host")  # where what runs is no set, they are for the state before
ENDS = PRESSES + ("limit", "full", "target", "still", "forward")


class Session:
    """Feed it every sample; it keeps what the display shows and drives the set writer.

    `make_header(start_us)` is called with the time of the first movement and returns the set's header
    as a dict. `progress` is the plan to follow and how far it was followed before.
    """

    def __init__(self, geometry, writer, make_header, progress=None):
        self.clock = LongClock()
        self._writer = writer
        self._make_rig_header = make_header
        self.plan_runner = PlanRunner(progress or PlanProgress())
        is_begun = progress is not None and progress.done_n > 0
        self.state_machine = StateMachine(IDLE if not is_begun else ARMED if progress.has_more else DONE)
        self.still_ms = STILL_S * 1000  # where the plan does not say
        self.history = None
        self.use(geometry)
        self.refused = False  # the store had no room for the last set
        self.set_n = 0  # finished since the power came
        self._ended = None  # when the latest set ended
        self._is_running_out = False  # the athlete is still slowing down after the set
        self._speed = SpeedEstimator()
        self.steps = StepCounter()  # runs only where steps are the target
        self.now_ms = 0  # since the first sample
        self.number = 0  # of the sample at hand
        self._us = 0

    def use(self, geometry):
        """Take lengths from this geometry; only between sets."""
        self.geometry = geometry
        dither_counts = band_counts(geometry, DIRECTION_MM)
        if self.history is None:
            self.history = History(dither_counts)
            self.run = SetRun(self._writer, self.history, self.clock, self._make_header)
            self.account = Account(self.history.total)
        self.history.use(dither_counts)
        self.run.use(geometry)
        self._start = StartDetector(geometry)
        self._after = Ground(geometry)
        if self.history.n:
            self.wait_for_movement()

    @property
    def state(self):
        """Name of the state, one of those in state_machine.py."""
        return self.state_machine.state

    @property
    def directions(self):
        """Backward and forward counts of the running or the latest set."""
        return self.run

    @property
    def lost_n(self):
        """Samples of the latest set that have no conversion."""
        return self.run.lost_n

    @property
    def is_recording(self):
        """Whether a set runs or pauses."""
        return self.state in (RUNNING, PAUSED)

    def moved(self):
        """Where every count went since the power came (account.py)."""
        return self.account.told(self.run.counted() if self.is_recording else (0, 0))

    def rest_counts(self):
        """(backward, forward) counts since the latest set, of this power-up and of those before."""
        total = self.history.total
        return self.account.rest_before((total.backward, total.forward))

    # -- samples

    def feed(self, ticks, count, code):
        """Take one sample: tick counter, net counts, load-cell code or fault."""
        self._advance_time(ticks)
        number = self.number = self.history.push(ticks, count, code)
        self._speed.feed(ticks, count)
        if self.state == RUNNING:
            self._feed_set(number, code)
        elif self.state == PAUSED:
            self._feed_pause(number, ticks, count)
        else:
            self._feed_rest(number, ticks, count)
        self._watch_time()

    def _advance_time(self, ticks):
        if self.history.n:
            self._us += max(0, ticks_diff(ticks, self.clock.ticks))
            self.now_ms += self._us // 1000
            self.plan_runner.now_ms = self.now_ms
            self._us %= 1000
        else:
            self.clock.feed(ticks)
        self.clock.feed(ticks)

    def _feed_set(self, number, code):
        run = self.run
        was_proven = run.is_proven
        ended = run.feed(number)
        if self.plan_runner.target == STEPS:
            self.steps.feed(code)
        if run.is_proven and not was_proven:
            self.fire("proven")
        if run.is_full:
            self.fire("full")
        elif self._is_written_in_time():
            if self._has_reached(number) and run.verdict() == WALK:
                self.fire("target")
            elif ended:
                self.fire(ended)

    def _is_written_in_time(self):
        """Begin the set in the log once it is sure to last; False when it was given up instead."""
        run = self.run
        if run.is_written:
            return True
        if run.is_by_hand():
            if run.outlives_history():
                self.fire("none")
            return not run.outlives_history()
        if run.is_proven or run.outlives_history() or run.is_under_way(UNWRITTEN_MS):
            return self._write()
        return True

    def _write(self):
        """Begin the set in the log; False when that has no room, and the set is given up."""
        self.refused = not self.run.write()
        if self.refused:
            self.fire("refused")
            self.run_out()
        return not self.refused

    def _has_reached(self, number):
        """Whether the target is reached at this sample, or was at one before it, which is the set's last one then."""
        if not self._is_reached(number):
            return False
        if self.plan_runner.target != STEPS:
            earliest = max(self.run.begun, self.history.oldest())
            while number > earliest and self._is_reached(number - 1):
                number -= 1
        self.number = number
        return True

    def _is_reached(self, number):
        plan_runner = self.plan_runner
        target = plan_runner.target
        if target == DISTANCE:
            counts = self.run.backward
            if number < self.history.n - 1:
                counts -= self.history.total.backward - self.history.sums(number)[0]
            return self.geometry.mm(counts) >= plan_runner.amount
        if target == TIME:
            return self.run.elapsed_ms(number) >= plan_runner.amount
        return target == STEPS and self.steps.steps_n >= plan_runner.amount

    def _feed_pause(self, number, ticks, count):
        self.run.feed_pause(number)
        if self.run.is_full:
            self.fire("full")
        elif self._start.feed(number, ticks, count):
            self.fire("moved")

    def _feed_rest(self, number, ticks, count):
        if self._is_running_out:
            self._after.feed(number, ticks, count)
            self._is_running_out = not self._after.stands(ticks, self._stand_us)
            if not self._is_running_out:
                self.wait_for_movement()
        elif self.run.is_open:
            self._follow(number)
        elif self._start.feed(number, ticks, count):
            if self._may_open():
                self._open()
                self._show()
            else:
                self.wait_for_movement()

    def _may_open(self):
        return self.state != COUNTDOWN and (self.state != ARMED or self.plan_runner.is_open())

    def _open(self):
        still_ms = self.plan_runner.progress.get("still_ms") or self.still_ms
        self.run.still_us = still_ms * 1000
        self.run.open(self._start.rest, self._start.since)

    def _follow(self, number):
        """Take a sample of a movement that is not shown, because a rest or a question is."""
        run = self.run
        ended = run.feed(number)
        if not self._may_open() or ended or run.outlives_history() and not run.is_proven:
            run.drop("")
            self.wait_for_movement()
        else:
            self._show()

    def _show(self):
        """Make the movement the running set, as soon as the state allows."""
        run, state = self.run, self.state
        is_early = state == RESTING and self.plan_runner.rest_left_ms() > 0
        if state == RATING or is_early:
            if not run.is_proven:
                return
            if run.ground_mm < EARLY_MM and not run.outlives_history():
                return
        if not self.fire("moved"):
            run.drop("")
            self.wait_for_movement()

    # -- events

    def fire(self, event):
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
                getattr(self.plan_runner if effect in PLAN_EFFECTS.split() else self, effect)()
            event = NEXT if machine.is_passing else ""
        return took

    def _is_set(self):
        """Whether what runs was walking and is in the log; if not, it is given up."""
        if self.run.verdict() != WALK:
            self.fire("none")
            return False
        self.run.is_proven = True
        return self.run.is_written or self._write()

    def stop(self, reason):
        """End a running set now, at its last movement: reason "button", "host" or, by a fault, "full"."""
        if self.is_recording:
            self.fire("press" if reason == "button" else reason)

    def choose_plan(self, plan_id):
        """Take this plan from its beginning, "" for none; only between sets."""
        self.plan_runner.choose_plan(plan_id)
        self.fire("chosen")

    def answer(self, question, value):
        """A rating from outside; False when it is not asked."""
        rating = self.plan_runner.rating
        if self.state != RATING or not rating.give(question, value):
            return False
        if rating.question == question and rating.accept():
            self.fire("rated")
        return True

    def watch_limits(self, speed_mmps, force_mn, span_ms):
        """Hold the latest speed and force against the set's limits; True while one is exceeded."""
        plan_runner = self.plan_runner
        if self.state != RUNNING or not plan_runner.exceeds(speed_mmps, force_mn, span_ms):
            return False
        if plan_runner.ends_at_limits():
            self.fire("limit")
        return True

    def _watch_time(self):
        plan_runner, state = self.plan_runner, self.state
        if 0 <= plan_runner.due_ms <= self.now_ms:
            self.fire("due")
        elif state == RESTING:
            if plan_runner.wants_countdown() and plan_runner.rest_left_ms() <= COUNTDOWN_MS:
                self.fire("count")
        elif state == IDLE and plan_runner.has_plan():
            if self.now_ms - plan_runner.chosen_ms >= SETTLE_MS:
                self.fire("settled")

    # -- effects of events, besides those that concern the plan alone

    def begin(self):
        self.plan_runner.begin(self.plan_runner.has_more())
        self.steps.reset()

    def begin_free(self):
        self.plan_runner.begin(False)

    def give_back(self):
        """The movement was no walk, or found no room: it becomes a remark."""
        run = self.run
        reason = NO_ROOM if self.refused and run.is_proven else run.verdict() or HAND
        run.drop(reason)
        self.account.take_remark(reason, run.counted())
        self.plan_runner.give_back()
        self._wait_from_stop()

    def leave_plan(self):
        self.plan_runner.choose_plan("")

    def pause(self):
        self.plan_runner.pause()
        self.run.pause()
        self._wait_from_stop()

    def resume(self):
        self.plan_runner.resume()
        self.run.resume(self._start.rest, self._start.since)

    def open(self):
        self.plan_runner.open()
        self._give_up_movement()

    def end_rest(self):
        self.plan_runner.end_rest()
        if not self.run.is_open:
            self.wait_for_movement()

    def call_off(self):
        """The coach's rule ends the plan while the athlete walks on: that starts no free set."""
        self.plan_runner.finish()
        self._give_up_movement()
        self.run_out()

    def end_at_target(self):
        self._end("target", self.number)
        self.run_out()

    def end_at_limit(self):
        self._end("limit", self.number)
        self.run_out()

    def end_still(self):
        self._end("still")
        self._wait_from_stop()

    def end_by_button(self):
        self._end("button")
        self.run_out()

    def end_by_host(self):
        self._end("host")
        self.run_out()

    def end_full(self):
        """The store has no room for more of this set, or the main loop crashed; what there is is kept."""
        self._end("fault")
        self.run_out()

    def _end(self, reason, number=NEVER):
        run, plan_runner = self.run, self.plan_runner
        run.end(reason, number, {"over_ms": plan_runner.over_ms} if plan_runner.over_ms else {})
        self.set_n += 1
        self.account.take_set(run.counted(), run.stop_sums)
        self._ended = run.stop
        plan_runner.end(reason, run.since_stop_ms())

    def _make_header(self, start_us):
        """The rig's fields of a set's header, and those of the session."""
        run, plan_runner = self.run, self.plan_runner
        header = self._make_rig_header(start_us)
        header.update(plan_runner.header_fields())
        header["still_ms"] = run.still_us // 1000
        header["rest_counts"] = self.account.rest_before(run.start_sums)
        if self.account.since_set:
            header["remarks"] = self.account.since_set
        if self._ended is not None:
            header["rest_ms"] = run.rest_ms(self._ended)
        plan_runner.set_no = header.get("no", 0)
        return header

    def speed_counts_us(self):
        """The belt's speed now as (counts, microseconds)."""
        return self._speed.counts_and_us()

    def elapsed_ms(self):
        """Milliseconds from the set's first movement to the newest sample or to its end, without pauses."""
        return self.run.elapsed_ms(self.history.n - 1) if self.history.n else 0

    def wait_for_movement(self):
        """Whatever moved until now starts nothing."""
        self._is_running_out = False
        number = max(0, self.history.n - 1)
        self._start.reset(number, self.history.ticks(number), self.history.count(number))

    def _wait_from_stop(self):
        """What has moved since the latest movement ended may be the beginning of the next."""
        history, newest = self.history, self.history.n - 1
        first = max(self.run.stop_number, history.oldest(), newest - REST_N)
        place = history.span(first, max(first, newest - LATE_N))[1]
        self._start.reset(newest, history.ticks(newest), place)
        self._start.since = self.run.stop_number
        self._is_running_out = False

    def run_out(self):
        """What moves on from here belongs to the set that just ended, until the belt stands."""
        self._is_running_out = True
        number = self.history.n - 1
        self._after.reset(number, self.clock.ticks, self.history.count(number))
        longest_us = self.run.ground.longest_us
        self._stand_us = max(STAND_US, min(longest_us + longest_us // 2, self.run.still_us))

    def _give_up_movement(self):
        """What moves now is way between sets."""
        if self.run.is_open:
            self.run.drop("")
        self.wait_for_movement()
