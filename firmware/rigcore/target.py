"""Whether the running set has reached the plan's target, and at which sample."""

from . import TYPE_CHECKING
from .plan_progress import DISTANCE, STEPS, TIME
from .plan_runner import NEVER
from .stepcount import StepCounter

if TYPE_CHECKING:
    from .history import History
    from .motion import Geometry
    from .plan_runner import PlanRunner
    from .setrun import SetRun


class TargetWatch:
    """Feed it every code of a running set."""

    def __init__(self, history: "History", run: "SetRun", plan_runner: "PlanRunner") -> None:
        self._history = history
        self._run = run
        self._plan_runner = plan_runner
        self.steps = StepCounter()

    def use(self, geometry: "Geometry") -> None:
        """Take lengths from this geometry."""
        self._geometry = geometry

    def feed(self, code: int) -> None:
        """Take a load-cell code."""
        self.steps.feed(code)
        if self._run.movement.ground.number == self._history.n - 1:
            self.steps.take_pull()

    def reached_at(self, number: int) -> int:
        """The first sample up to this one at which the target was reached, NEVER before it is."""
        if not self._is_reached(number):
            return NEVER
        if self._plan_runner.target != STEPS:
            earliest = max(self._run.movement.begun, self._history.oldest())
            while number > earliest and self._is_reached(number - 1):
                number -= 1
        return number

    def _is_reached(self, number: int) -> bool:
        target, amount = self._plan_runner.target, self._plan_runner.amount
        if target == DISTANCE:
            counts = self._run.backward
            if number < self._history.n - 1:
                counts -= self._history.total.backward - self._history.sums(number)[0]
            return self._geometry.mm(counts) >= amount
        if target == TIME:
            return self._run.elapsed_ms(number) >= amount
        return target == STEPS and self.steps.steps_n >= amount
