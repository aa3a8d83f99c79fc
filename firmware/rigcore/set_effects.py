"""What an event does to the running set and what follows it: the effects that the table in state_machine.py names.

Those that concern the plan alone are plan_runner's.
"""

from . import TYPE_CHECKING
from .plan_runner import NEVER
from .ticks import moment_us, span_ms
from .verdict import HAND

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .account import Account
    from .plan_runner import PlanRunner
    from .setrun import SetRun
    from .startwatch import StartWatch
    from .stepcount import StepCounter

NO_ROOM = "full"  # a remark: the store had no room for a set


class SetEffects:
    """Each method is an effect; `number` and `refused` are set before the event that needs them."""

    def __init__(
        self,
        run: "SetRun",
        plan_runner: "PlanRunner",
        watch: "StartWatch",
        account: "Account",
        steps: "StepCounter",
        make_rig_header: "Callable[[int], dict[str, Any]]",
    ) -> None:
        self._run = run
        self._plan_runner = plan_runner
        self._watch = watch
        self._account = account
        self._steps = steps
        self._make_rig_header = make_rig_header
        self.number = 0  # of the sample at hand, or of that at which the target was reached
        self.refused = False  # the store had no room for the last set
        self.set_n = 0  # finished since the power came
        self._ended: tuple[int, int] | None = None  # when the latest set ended

    def begin(self) -> None:
        self._plan_runner.begin(self._plan_runner.has_more())
        self._steps.reset()

    def begin_free(self) -> None:
        self._plan_runner.begin(False)
        self._steps.reset()

    def give_back(self) -> None:
        """Make a remark of the movement: it was no walk, or the store has no room."""
        run = self._run
        reason = NO_ROOM if self.refused and run.movement.is_proven else run.verdict() or HAND
        run.drop(reason)
        self._account.take_remark(reason, run.counted())
        self._plan_runner.give_back()
        self._watch.wait_from_stop()

    def leave_plan(self) -> None:
        self._plan_runner.choose_plan("")

    def pause(self) -> None:
        self._plan_runner.pause()
        self._run.pause()
        self._watch.wait_from_stop()

    def resume(self) -> None:
        self._plan_runner.resume()
        self._run.resume(self._watch.rest, self._watch.since)

    def open(self) -> None:
        self._plan_runner.open()
        self._watch.give_up_movement()

    def end_rest(self) -> None:
        self._plan_runner.end_rest()
        if not self._run.is_open:
            self._watch.wait_for_movement()

    def call_off(self) -> None:
        """The coach's rule ends the plan while the athlete walks on: that starts no free set."""
        self._plan_runner.finish()
        self._watch.give_up_movement()
        self._watch.run_out()

    def end_still(self) -> None:
        self._end("still", NEVER)
        self._watch.wait_from_stop()

    def end_at_target(self) -> None:
        self._end_moving("target", self.number)

    def end_at_limit(self) -> None:
        self._end_moving("limit", self.number)

    def end_by_button(self) -> None:
        self._end_moving("button", NEVER)

    def end_by_host(self) -> None:
        self._end_moving("host", NEVER)

    def end_full(self) -> None:
        """The store has no room for more of this set, or the main loop crashed; what there is is kept."""
        self._end_moving("fault", NEVER)

    def _end_moving(self, reason: str, number: int) -> None:
        self._end(reason, number)
        self._watch.run_out()

    def _end(self, reason: str, number: int) -> None:
        run, plan_runner = self._run, self._plan_runner
        extra: "dict[str, Any]" = {"over_ms": plan_runner.over_ms} if plan_runner.over_ms else {}
        if run.doubt:
            extra["doubt"] = run.doubt
        run.end(reason, number, extra)
        self.set_n += 1
        self._account.take_set(run.counted(), run.stop_sums)
        self._ended = run.stop
        plan_runner.end(reason, run.since_stop_ms())

    def write(self) -> bool:
        """Begin the set in the log; False when that has no room."""
        self.refused = not self._run.samples.begin(self._header(), self._run.movement.is_proven)
        return not self.refused

    def _header(self) -> "dict[str, Any]":
        """The rig's fields of a set's header, and those of the session."""
        run, plan_runner = self._run, self._plan_runner
        start = run.movement.start
        header = self._make_rig_header(moment_us(start))
        header.update(plan_runner.header_fields())
        header["still_ms"] = run.still_us // 1000
        header["rest_counts"] = self._account.rest_before(run.start_sums)
        if self._account.since_set:
            header["remarks"] = self._account.since_set
        if self._ended is not None:
            header["rest_ms"] = span_ms(self._ended, start)
        plan_runner.set_no = header.get("no", 0)
        return header
