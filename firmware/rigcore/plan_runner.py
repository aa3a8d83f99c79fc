"""Follows the plan in a session: the guards that the table in state_machine.py names, and what its effects change."""

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
    """Knows the plan and the clock, and of the sets what it is told (session.py); `now_ms` is kept up to date for it.

    `load_plan(plan_id)` returns a plan of the store.
    """

    load_plan: "Callable[[str], dict[str, Any] | None]"  # set before a plan is chosen

    def __init__(self, progress: PlanProgress) -> None:
        self.progress = progress
        self._chosen = progress.plan["id"] if progress.has_plan else ""  # also when it could not be loaded
        self.plan_ids: list[str] = []
        self.now_ms = 0  # since the first sample
        self.due_ms: int = NEVER
        self.chosen_ms = 0
        self.target: str = OPEN
        self.amount: int = 0
        self.over_ms: dict[str, int] = {}  # limit: how long it was exceeded in this set
        self.rating: Rating = Rating()
        self.colour = ""  # of the coach's rule, for the next set
        self.notes: list[tuple[int, dict[str, Any]]] = []  # (set number, dict) that are still to be written
        self.set_no = 0
        self.index: int = NEVER  # of the running or the latest set within the plan
        self._kept = (NEVER, OPEN, 0, self.over_ms, self.rating, NEVER)  # what `begin` changes
        self._gate_open = False
        self._ended_ms = NEVER
        self._rest_ms = 0

    @property
    def pending_no(self) -> int:
        """Number of a set to which something may still be added, else 0."""
        return self.notes[0][0] if self.notes else self.set_no if self.rating.question else 0

    def rest_left_ms(self) -> int:
        """What is left of the rest after the latest set; 0 or less when there is none."""
        return self._ended_ms + self._rest_ms - self.now_ms

    def since_set_ms(self) -> int:
        """Time since the latest set ended, -1 before the first."""
        return NEVER if self._ended_ms < 0 else self.now_ms - self._ended_ms

    def choose_plan(self, plan_id: str) -> None:
        """Take this plan from its beginning; "" for none. An open question is closed, as when nobody answers."""
        if self.rating.question:
            self.judge()
        self._chosen = plan_id
        self.progress = PlanProgress()  # first: the heap may have no room for the plan before and this one
        if plan_id:
            self.progress = PlanProgress(self.load_plan(plan_id))
        self.chosen_ms = self.now_ms
        self.index = NEVER  # no set of this plan yet
        self.colour = ""

    def exceeds(self, speed_mmps: int, force_mn: "int | None", span_ms: int) -> bool:
        """Hold the latest speed and force of a running set against its limits; True while one is exceeded."""
        if self.index < 0:
            return False
        is_over = False
        for name, value in (("speed_max_mmps", speed_mmps), ("force_max_mn", force_mn)):
            limit = self.progress.get(name, self.index)
            if limit is not None and value is not None and value > limit:
                is_over = True
                self.over_ms[name] = self.over_ms.get(name, 0) + span_ms
        return is_over

    def ends_at_limits(self) -> bool:
        """Whether the set ends when a limit is exceeded."""
        return self.index >= 0 and self.progress.get("over", self.index) == "end"

    # -- guards

    def has_plan(self) -> bool:
        return self.progress.has_plan

    def has_more(self) -> bool:
        return self.progress.has_more

    def is_beyond_plan(self) -> bool:
        return self.progress.has_plan and self.index < 0

    def has_done(self) -> bool:
        return self.progress.done_n > 0

    def is_open(self) -> bool:
        return self._gate_open or self.progress.get("start") == "movement"

    def starts_by_moving(self) -> bool:
        return not self.progress.has_more or self.progress.get("start") == "movement"

    def wants_countdown(self) -> bool:
        return self.progress.get("start") == "countdown" and not self._gate_open

    def wants_button(self) -> bool:
        return self.progress.get("start") == "button" and not self._gate_open

    def is_untouched(self) -> bool:
        return self.progress.done_n == 0

    def may_pause(self) -> bool:
        return self.target != OPEN

    def asks(self) -> bool:
        return self.index >= 0 and bool(self.progress.plan.get("ask"))

    def has_rest(self) -> bool:
        return self.progress.has_more and self._rest_ms > 0

    def has_rest_left(self) -> bool:
        return self.progress.has_more and self.rest_left_ms() > 0

    def must_stop(self) -> bool:
        return self.colour == "red" and self.progress.plan["rule"].get("red") == "stop"

    # -- between sets

    def choose(self) -> None:
        """The next plan in turn; after the last, none."""
        ids = [""] + list(self.plan_ids)
        self.choose_plan(ids[(ids.index(self._chosen) + 1) % len(ids)] if self._chosen in ids else "")

    def leave_plan(self) -> None:
        self.choose_plan("")

    def arm(self) -> None:
        self._gate_open = False
        self.due_ms = NEVER

    def end_rest(self) -> None:
        self.arm()

    def open(self) -> None:
        self.arm()
        self._gate_open = True

    def count_down(self) -> None:
        self.due_ms = self.now_ms + COUNTDOWN_MS

    def rest(self) -> None:
        self.due_ms = self._ended_ms + self._rest_ms

    def finish(self) -> None:
        self.due_ms = NEVER

    def skip(self) -> None:
        self.progress.advance()

    def repeat(self) -> None:
        self.progress.back()

    def undo(self) -> None:
        """Go back one set; if it was walked, note that it does not count."""
        self.progress.back()
        if self.set_no and self.index == self.progress.done_n:
            self.notes.append((self.set_no, {"undone": 1}))

    # -- the set

    def begin(self, is_planned: bool) -> None:
        """A movement that may be the next set, or a free one, has begun; `give_back` undoes it."""
        progress = self.progress
        self._kept = (self.index, self.target, self.amount, self.over_ms, self.rating, self.due_ms)
        self.index = progress.done_n if is_planned else NEVER
        self.target, self.amount = (
            (progress.get("target"), progress.get("amount")) if is_planned else (OPEN, 0)
        )
        self.over_ms = {}
        self.rating = Rating()
        self.due_ms = NEVER

    def give_back(self) -> None:
        """It was no walk: the set is still to be done."""
        self.index, self.target, self.amount, self.over_ms, self.rating, self.due_ms = self._kept

    def pause(self) -> None:
        self.due_ms = self.now_ms + self.progress.get("pause_ms")

    def resume(self) -> None:
        self.due_ms = NEVER

    def end(self, reason: str, since_ms: int) -> None:
        """The set ended `since_ms` ago."""
        progress = self.progress
        self._ended_ms = self.now_ms - since_ms
        self._rest_ms = 0
        self.due_ms = NEVER
        self.colour = ""
        if self.index >= 0 and reason != "host":
            self._rest_ms = progress.get("rest_ms")
            progress.advance()
        self._gate_open = False

    def ask(self) -> None:
        self.rating = Rating(self.progress.plan["ask"])
        self.due_ms = self.now_ms + RATE_MS

    def judge(self) -> None:
        """Store the answers and the colour that the coach's rule gives them."""
        values = dict(self.rating.values)
        rule = self.progress.plan.get("rule")
        if rule:
            self.colour = colour(rule, values)
            values["colour"], values["rule"] = self.colour, rule
        self.notes.append((self.set_no, values))
        self.rating = Rating()
        self.due_ms = NEVER

    def header_fields(self) -> "dict[str, Any]":
        """What a set's header says of the plan."""
        progress = self.progress
        fields = {"kind": progress.get("kind", self.index) if self.index >= 0 else "free"}
        if self.index >= 0:
            fields["plan_id"] = progress.plan["id"]
            fields["step"] = self.index
            fields["target"] = [self.target, self.amount]
            for key in NOTED:
                fields[key] = progress.get(key)
        if self.colour:
            fields["colour"] = self.colour
        return fields
