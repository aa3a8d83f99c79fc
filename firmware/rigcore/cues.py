"""Sound cues: at changes of state, in the last two metres, and on the way back into the target band."""

from . import TYPE_CHECKING, state_machine
from .plan_progress import DISTANCE

if TYPE_CHECKING:
    from .plan_runner import PlanRunner
    from .session import Session


LAST_MM = 2000
TUNES = {  # name: (hertz, milliseconds) in turn; each can be told from the others without a screen
    "warmup": ((660, 90), (0, 60), (660, 90)),
    "start": ((880, 180),),
    "last": ((1320, 60), (0, 60), (1320, 60), (0, 60), (1320, 60)),
    "end": ((880, 120), (660, 120), (440, 260)),
    "ready": ((440, 120), (660, 120), (880, 260)),  # the rest is over
    "count": ((660, 60),),
    "band": ((1760, 40),),
    "limit": ((220, 400),),
}


class CueWatch:
    """Looks at the session a few times a second; `look` names a tune, or returns ""."""

    def __init__(self) -> None:
        self._state = state_machine.IDLE
        self._is_last = False
        self._second = 0
        self._was_off = False

    def look(self, session: "Session", distance_mm: int, band: "int | None", is_over: bool) -> str:
        before, state = self._state, session.state
        self._state = state
        if state != before:
            self._is_last = False
            return self._change(session, before, state)
        if state == state_machine.COUNTDOWN:
            return self._count(session)
        if state != state_machine.RUNNING:
            return ""
        if is_over:
            return "limit"
        if self._enters_last(session.plan_runner, distance_mm):
            return "last"
        was_off, self._was_off = self._was_off, band is not None and band != 0
        return "band" if self._was_off and not was_off else ""

    def is_last(self) -> bool:
        """Whether the last two metres are being walked."""
        return self._is_last

    def _change(self, session: "Session", before: str, state: str) -> str:
        if state == state_machine.RUNNING:
            self._was_off = True  # who has yet to come into the band does not leave it
            index = session.plan_runner.index
            kind = session.plan_runner.progress.get("kind", index) if index >= 0 else "free"
            return "" if before == state_machine.PAUSED else "warmup" if kind == "warmup" else "start"
        if before == state_machine.RUNNING and state != state_machine.PAUSED:
            return "end"
        if state == state_machine.ARMED and before in (state_machine.RESTING, state_machine.COUNTDOWN):
            return "ready"
        return ""

    def _count(self, session: "Session") -> str:
        second = (session.plan_runner.due_ms - session.now_ms + 999) // 1000
        changed, self._second = second != self._second, second
        return "count" if changed else ""

    def _enters_last(self, plan_runner: "PlanRunner", distance_mm: int) -> bool:
        if self._is_last or plan_runner.target != DISTANCE or plan_runner.amount <= LAST_MM:
            return False
        self._is_last = plan_runner.amount - distance_mm <= LAST_MM
        return self._is_last
