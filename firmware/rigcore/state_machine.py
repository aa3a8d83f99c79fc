"""State machine of a session: one table of states and transitions, and the code that steps through it.

A row is state, event, guard, effect, next state; "-" is none. Rows are read from the top, the first whose state,
event and guard fit is taken: an event leads to an effect, which the session carries out (session.py). Guards are
methods of what `step` is given. States in parentheses are passed through at once, on the event "next", or stand for
several; "(before)" is the one that the running set began in. The table is one text because as tuples it would take
six times the board's memory.
"""

from . import TYPE_CHECKING
from .transition_table import transition_table

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

TABLE = transition_table("""\
idle           moved    starts_by_moving  begin                 running
idle           press    -                 choose                idle
idle           settled  has_plan          arm                   armed
armed          moved    is_open           begin                 running
armed          press    wants_countdown   count_down            countdown
armed          press    wants_button      open                  armed
armed          press    is_untouched      choose                idle
countdown      due      -                 open                  armed
countdown      press    -                 arm                   armed
running        none     -                 give_back             (before)
running        refused  -                 give_back             (refused)
running        proven   is_beyond_plan    leave_plan            running
running        target   -                 end_at_target         (ended)
running        still    may_pause         pause                 paused
running        still    -                 end_still             (ended)
running        forward  may_pause         pause                 paused
running        forward  -                 end_still             (ended)
running        press    -                 end_by_button         (ended)
running        limit    -                 end_at_limit          (ended)
running        host     -                 end_by_host           (ended)
running        full     -                 end_full              (ended)
paused         moved    -                 resume                running
paused         press    -                 end_by_button         (ended)
paused         due      -                 end_still             (ended)
paused         host     -                 end_by_host           (ended)
paused         full     -                 end_full              (ended)
(refused)      next     has_rest_left     rest                  resting
(refused)      next     has_more          arm                   armed
(refused)      next     has_plan          finish                done
(refused)      next     -                 -                     idle
(ended)        next     asks              ask                   rating
(ended)        next     has_rest          rest                  resting
(ended)        next     has_more          arm                   armed
(ended)        next     has_plan          finish                done
(ended)        next     -                 -                     idle
rating         rated    -                 judge                 (rated)
rating         due      -                 judge                 (rated)
rating         moved    has_more          judge                 (walked_on)
(rated)        next     must_stop         finish                done
(rated)        next     has_rest_left     rest                  resting
(rated)        next     has_more          arm                   armed
(rated)        next     -                 finish                done
(walked_on)    next     must_stop         call_off              done
(walked_on)    next     -                 begin                 running
resting        count    wants_countdown   count_down            countdown
resting        due      -                 end_rest              armed
resting        press    -                 end_rest              armed
resting        moved    starts_by_moving  begin                 running
done           press    -                 leave_plan            idle
done           moved    -                 begin_free            running
fault          mended   has_more          arm                   armed
fault          mended   -                 -                     idle
fault          press    has_more          arm                   armed
fault          press    -                 -                     idle
fault          moved    starts_by_moving  begin                 running
(no_set)       chosen   -                 -                     idle
(between)      skip     has_more          skip                  (moved_on)
(between)      undo     has_done          undo                  (moved_on)
(between)      repeat   has_done          repeat                (moved_on)
(between)      fault    -                 -                     fault
(moved_on)     next     has_more          arm                   armed
(moved_on)     next     -                 finish                done
""")
BETWEEN_STATES = (IDLE, ARMED, RESTING, DONE)
SET_STATES = (RUNNING, PAUSED)
PASSING = (REFUSED, ENDED, RATED, WALKED_ON, MOVED_ON)
NONE = "-"
NEXT = "next"


class StateMachine:
    """The state, and `step` which changes it. Guards are passed in; effects are returned by name."""

    def __init__(self, state: str = IDLE) -> None:
        self.state = state
        self._before = state

    def step(self, event: str, guards: "PlanRunner") -> "str | None":
        """Take the first fitting row: the effect that it names, or NONE; None where no row fits."""
        for state, guard, effect, following in rows_on(event):
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


def rows_on(event: str) -> "Iterator[tuple[str, str, str, str]]":
    """(state, guard, effect, next state) of the table's rows for an event, in order."""
    at = 0
    sought = " %s " % event
    while True:  # by places in the one text: to split it all would take six times its length each time
        at = TABLE.find(sought, at)
        if at < 0:
            return
        words = TABLE[TABLE.rfind("\n", 0, at) + 1 : TABLE.find("\n", at)].split()
        at += 1
        if words[1] == event:
            yield words[0], words[2], words[3], words[4]
