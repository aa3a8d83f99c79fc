"""What a session does when: one table of states and transitions, and the few lines that walk it.

Rows are read from the top; the first whose state, event and guard fit is taken. Guards and actions are
methods of Conduct (conduct.py), named here; a guard without a name always holds. States in parentheses are passed
through at once, on the event "next", or stand for several.
"""

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
MOVED_ON = "(moved on)"
BETWEEN = "(between sets)"

TABLE = (  # state, event, guard, action, next state
    (IDLE, "moved", "starts_by_moving", "begin", RUNNING),
    (IDLE, "press", "", "choose", IDLE),
    (IDLE, "settled", "has_plan", "arm", ARMED),
    (ARMED, "moved", "is_open", "begin", RUNNING),
    (ARMED, "press", "wants_countdown", "count_down", COUNTDOWN),
    (ARMED, "press", "wants_button", "open", ARMED),
    (ARMED, "press", "is_untouched", "choose", IDLE),
    (COUNTDOWN, "due", "", "open", ARMED),
    (COUNTDOWN, "press", "", "arm", ARMED),
    (RUNNING, "target", "", "end_at_target", ENDED),
    (RUNNING, "still", "may_pause", "pause", PAUSED),
    (RUNNING, "still", "", "end_still", ENDED),
    (RUNNING, "press", "", "end_by_button", ENDED),
    (RUNNING, "limit", "", "end_at_limit", ENDED),
    (RUNNING, "host", "", "end_by_host", ENDED),
    (PAUSED, "moved", "", "resume", RUNNING),
    (PAUSED, "press", "", "end_by_button", ENDED),
    (PAUSED, "due", "", "end_still", ENDED),
    (PAUSED, "host", "", "end_by_host", ENDED),
    (ENDED, "next", "asks", "ask", RATING),
    (ENDED, "next", "has_rest", "rest", RESTING),
    (ENDED, "next", "has_more", "arm", ARMED),
    (ENDED, "next", "has_plan", "finish", DONE),
    (ENDED, "next", "", "", IDLE),
    (RATING, "rated", "", "judge", RATED),
    (RATING, "due", "", "judge", RATED),
    (RATING, "moved", "has_more", "judge_and_begin", RUNNING),
    (RATED, "next", "must_stop", "finish", DONE),
    (RATED, "next", "has_rest_left", "rest", RESTING),
    (RATED, "next", "has_more", "arm", ARMED),
    (RATED, "next", "", "finish", DONE),
    (RESTING, "count", "wants_countdown", "count_down", COUNTDOWN),
    (RESTING, "due", "", "end_rest", ARMED),
    (RESTING, "press", "", "end_rest", ARMED),
    (RESTING, "moved", "starts_by_moving", "begin", RUNNING),
    (DONE, "press", "", "leave_plan", IDLE),
    (DONE, "moved", "", "leave_plan_and_begin", RUNNING),
    (FAULT, "mended", "has_more", "arm", ARMED),
    (FAULT, "mended", "", "", IDLE),
    (FAULT, "press", "has_more", "arm", ARMED),
    (FAULT, "press", "", "", IDLE),
    (FAULT, "moved", "starts_by_moving", "begin", RUNNING),
    (FAULT, "fault", "", "", FAULT),
    (BETWEEN, "skip", "has_more", "skip", MOVED_ON),
    (BETWEEN, "undo", "has_done", "undo", MOVED_ON),
    (BETWEEN, "repeat", "has_done", "repeat", MOVED_ON),
    (BETWEEN, "fault", "", "", FAULT),
    (MOVED_ON, "next", "has_more", "arm", ARMED),
    (MOVED_ON, "next", "", "finish", DONE),
)
BETWEEN_STATES = (IDLE, ARMED, RESTING, DONE)
PASSING = (ENDED, RATED, MOVED_ON)


class Engine:
    """The state, and `fire` which changes it. `conduct` has the guards and actions as methods."""

    def __init__(self, conduct, state=IDLE):
        self._conduct = conduct
        self.state = state

    def fire(self, event):
        """Take the first fitting row; True if there was one. An action that returns False keeps the state."""
        for state, on, guard, action, following in TABLE:
            if on == event and self._is(state) and self._holds(guard):
                if action and getattr(self._conduct, action)() is False:
                    return False
                self.state = following
                if following in PASSING:
                    self.fire("next")
                return True
        return False

    def _is(self, state):
        return state == self.state or state == BETWEEN and self.state in BETWEEN_STATES

    def _holds(self, guard):
        return not guard or getattr(self._conduct, guard)()
