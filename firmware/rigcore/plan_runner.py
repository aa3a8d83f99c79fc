"""The guards and actions that the table in state_machine.py names: how a session follows its plan."""

from . import TYPE_CHECKING
from .plan_progress import NOTED, OPEN, PlanProgress, colour
from .rating import Rating

COUNTDOWN_MS = 3000
RATE_MS = 45_000  # a question that nobody answers is closed
NEVER = -1


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class PlanRunner:
    """Knows the plan, the set and the clock; `session` (session.py) knows the samples.

    `make_header(start_us)` returns a set's header as a dict; `load_plan(plan_id)` a plan of the store.
    """

    def __init__(self, session, make_header, progress):
        self._session = session
        self._make_header = make_header
        self.progress = progress
        self._chosen = progress.plan["id"] if progress.has_plan else ""  # also when it could not be loaded
        self.plan_ids: list[str] = []
        self.load_plan: Callable[[str], dict[str, Any] | None] | None = None
        self.due_ms = NEVER
        self.chosen_ms = 0
        self.refused = False  # the store had no room for the last set
        self.target, self.amount = OPEN, 0
        self.over_ms = {}  # limit: how long it was exceeded in this set
        self.rating = Rating()
        self.colour = ""  # of the coach's rule, for the next set
        self.notes = []  # (set number, dict) that are still to be written
        self.set_no = 0
        self.index = NEVER  # of the running or the latest set within the plan
        self._gate_open = False
        self._ended_ms = NEVER
        self._rest_ms = 0

    @property
    def pending_no(self):
        """Number of a set to which something may still be added, else 0."""
        return self.notes[0][0] if self.notes else self.set_no if self.rating.question else 0

    def rest_left_ms(self):
        """What is left of the rest after the latest set; 0 or less when there is none."""
        return self._ended_ms + self._rest_ms - self._session.now_ms

    def since_set_ms(self):
        """Time since the latest set ended, -1 before the first."""
        return NEVER if self._ended_ms < 0 else self._session.now_ms - self._ended_ms

    def choose_plan(self, plan_id):
        """Take this plan from its beginning; "" for none."""
        self._chosen = plan_id
        self.progress = PlanProgress()  # first: the heap may have no room for the plan before and this one
        if plan_id:
            self.progress = PlanProgress(self.load_plan(plan_id))
        self.chosen_ms = self._session.now_ms
        self.colour = ""

    def watch_limits(self, speed_mmps, force_mn, span_ms):
        """Hold the latest speed and force against the set's limits; True while one is exceeded."""
        session = self._session
        if session.state != "running" or self.index < 0:
            return False
        is_over = False
        for name, value in (("speed_max_mmps", speed_mmps), ("force_max_mn", force_mn)):
            limit = self.progress.get(name, self.index)
            if limit is not None and value is not None and value > limit:
                is_over = True
                self.over_ms[name] = self.over_ms.get(name, 0) + span_ms
        if is_over and self.progress.get("over", self.index) == "end":
            session.state_machine.fire("limit")
        return is_over

    # -- guards

    def has_plan(self):
        return self.progress.has_plan

    def has_more(self):
        return self.progress.has_more

    def has_done(self):
        return self.progress.done_n > 0

    def is_open(self):
        return self._gate_open or self.progress.get("start") == "movement"

    def starts_by_moving(self):
        return not self.progress.has_more or self.progress.get("start") == "movement"

    def wants_countdown(self):
        return self.progress.get("start") == "countdown" and not self._gate_open

    def wants_button(self):
        return self.progress.get("start") == "button" and not self._gate_open

    def is_untouched(self):
        return self.progress.done_n == 0

    def may_pause(self):
        return self.target != OPEN

    def asks(self):
        return self.index >= 0 and bool(self.progress.plan.get("ask"))

    def has_rest(self):
        return self.progress.has_more and self._rest_ms > 0

    def has_rest_left(self):
        return self.progress.has_more and self.rest_left_ms() > 0

    def must_stop(self):
        return self.colour == "red" and self.progress.plan["rule"].get("red") == "stop"

    # -- between sets

    def choose(self):
        """The next plan in turn; after the last, none."""
        ids = [""] + list(self.plan_ids)
        self.choose_plan(ids[(ids.index(self._chosen) + 1) % len(ids)] if self._chosen in ids else "")

    def leave_plan(self):
        self.choose_plan("")

    def arm(self):
        self._gate_open = False
        self.due_ms = NEVER

    def end_rest(self):
        self.arm()
        self._session.wait_for_movement()

    def open(self):
        self.end_rest()
        self._gate_open = True

    def count_down(self):
        self.due_ms = self._session.now_ms + COUNTDOWN_MS

    def rest(self):
        self.due_ms = self._ended_ms + self._rest_ms

    def finish(self):
        self.due_ms = NEVER

    def stop(self):
        """The coach's rule ends the plan while the athlete walks on: that starts no free set."""
        self.finish()
        self._session.run_out()

    def skip(self):
        self.progress.advance()

    def repeat(self):
        self.progress.back()

    def undo(self):
        """Go back one set; if it was walked, note that it does not count."""
        self.progress.back()
        if self.set_no and self.index == self.progress.done_n:
            self.notes.append((self.set_no, {"undone": 1}))

    # -- the set

    def begin(self):
        session, progress = self._session, self.progress
        header = self._make_header(session.first_us())
        header.update(self._header_fields())
        self.refused = not session.run.begin(header, session.first)
        if self.refused:
            session.wait_for_movement()
            return False
        self.set_no = header.get("no", 0)
        self.index = progress.done_n if progress.has_more else NEVER
        self.target, self.amount = progress.get("target"), progress.get("amount")
        session.steps.reset()
        self.over_ms = {}
        self.rating = Rating()
        self.due_ms = NEVER
        return True

    def leave_plan_and_begin(self):
        self.leave_plan()
        return self.begin()

    def pause(self):
        self.due_ms = self._session.now_ms + self.progress.get("pause_ms")
        self._session.run.pause()
        self._session.wait_for_movement()

    def resume(self):
        self.due_ms = NEVER
        self._session.run.resume(self._session.first)

    def end_at_target(self):
        self._end("target", self._session.number)
        self._session.run_out()

    def end_at_limit(self):
        self._end("limit", self._session.number)
        self._session.run_out()

    def end_still(self):
        self._end("still")
        self._session.wait_for_movement()

    def end_by_button(self):
        self._end("button")
        self._session.run_out()

    def end_by_host(self):
        self._end("host")
        self._session.run_out()

    def end_full(self):
        """The store has no room for more of this set, or the main loop crashed; what there is is kept."""
        self._end("fault")
        self._session.run_out()

    def _end(self, reason, number=NEVER):
        session, progress = self._session, self.progress
        session.run.end(reason, number, {"over_ms": self.over_ms} if self.over_ms else {})
        self._ended_ms = session.now_ms - session.run.since_stop_ms()
        self._rest_ms = 0
        self.due_ms = NEVER
        self.colour = ""
        if self.index >= 0 and reason != "host":
            self._rest_ms = progress.get("rest_ms")
            progress.advance()
        self._gate_open = False

    def ask(self):
        self.rating = Rating(self.progress.plan["ask"])
        self.due_ms = self._session.now_ms + RATE_MS

    def judge(self):
        """Put down the answers and what the coach's rule makes of them."""
        values = dict(self.rating.values)
        rule = self.progress.plan.get("rule")
        if rule:
            self.colour = colour(rule, values)
            values["colour"], values["rule"] = self.colour, rule
        self.notes.append((self.set_no, values))
        self.rating = Rating()
        self.due_ms = NEVER

    def _header_fields(self):
        progress, session = self.progress, self._session
        fields = {"kind": progress.get("kind") if progress.has_more else "free"}
        if progress.has_more:
            fields["plan_id"] = progress.plan["id"]
            fields["step"] = progress.done_n
            fields["target"] = [progress.get("target"), progress.get("amount")]
            for key in NOTED:
                fields[key] = progress.get(key)
        fields["rest_counts"] = session.run.rest_before(session.first)
        if self._ended_ms >= 0:
            fields["rest_ms"] = self.since_set_ms()
        if self.colour:
            fields["colour"] = self.colour
        return fields
