"""State machine of a session: its states, and the code that steps through the table of transitions.

A row of the table (transitions.py) is state, event, guard, effect, next state. An event leads to an effect, which the
session carries out (session.py). Guards are methods of what `step` is given. States in parentheses are passed through
at once, on the event "next", or stand for several; "(before)" is the one that the running set began in.
"""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .plan_runner import PlanRunner

IDLE = "idle"  # no plan, or one is being chosen; movement starts a set
ARMED = "armed"  # the next set of the plan waits for its start
COUNTDOWN = "countdown"
RUNNING = "running"
PAUSED = "paused"  # the athlete stands still within a set that has a target
RESTING = "resting"
RATING = "rating"
DONE = "done"
FAULT = "fault"
ENDED = "(ended)"
RATED = "(rated)"
WALKED_ON = "(walked_on)"  # without an answer to the questions
MOVED_ON = "(moved_on)"
REFUSED = "(refused)"  # the store has no room for the set
BETWEEN = "(between)"
NO_SET = "(no_set)"
BEFORE = "(before)"

BETWEEN_STATES = (IDLE, ARMED, RESTING, DONE)
SET_STATES = (RUNNING, PAUSED)
PASSING = (REFUSED, ENDED, RATED, WALKED_ON, MOVED_ON)
NONE = "-"
NEXT = "next"


class StateMachine:
    """The state, and `step` which changes it. Guards are passed in; effects are returned by name."""

    def __init__(self, state: str = IDLE) -> None:
        from .transitions import packed  # needed here alone: the board forgets it

        self.state = state
        self._before = state
        self._names, self._columns = packed()

    def step(self, event: str, guards: "PlanRunner") -> "str | None":
        """Take the first fitting row: the effect that it names, or NONE; None where no row fits."""
        for state, guard, effect, following in self._rows_on(event):
            if self._is(state) and (guard == NONE or getattr(guards, guard)()):
                if following == BEFORE:
                    following = self._before
                elif following == RUNNING and self.state not in SET_STATES:
                    self._before = self.state
                self.state = following
                return effect
        return None

    @property
    def is_passing(self) -> bool:
        """Whether the state is one in which nobody stays: the event NEXT follows."""
        return self.state in PASSING

    def _is(self, state: str) -> bool:
        if state == BETWEEN:
            return self.state in BETWEEN_STATES
        return state == self.state or state == NO_SET and self.state not in SET_STATES

    def _rows_on(self, event: str) -> "Iterator[tuple[str, str, str, str]]":
        """(state, guard, effect, next state) of the table's rows for an event, in order."""
        names, columns = self._names, self._columns
        if event not in names:
            return
        rows_n, sought = len(columns) // 5, bytes((names.index(event),))
        at = columns.find(sought, 0, rows_n)
        while at >= 0:
            state, guard = columns[at + rows_n], columns[at + 2 * rows_n]
            effect, following = columns[at + 3 * rows_n], columns[at + 4 * rows_n]
            yield names[state], names[guard], names[effect], names[following]
            at = columns.find(sought, at + 1, rows_n)
