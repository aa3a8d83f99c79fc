"""Counts steps and means the pull as the set goes on; for display and targets, not the record.

Steps are told from the pull's swing around its own mean. A step is a rise from below the mean to above it by half
the mean swing each time. The record's steps are the host's (retrorig.measure), which sees the whole set before it
decides.
"""

from .force import FAULT_BASE

MEAN_N = (
    32  # mean over some so many conversions, 0.4 s; at a set's begin over those that came: the line was slack
)
SWING_SHIFT = 7
FRACTION = 4  # bits kept below a code
COARSE = 6  # bits of codes left out of a sum: 0.03 N on a 2 kN cell
SHORTEST_N = 18  # samples between two steps: 4.7 steps/s at 85 a second
SMALLEST = 2000  # codes of swing, about 1 N on a 2 kN cell: less is noise


class StepCounter:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.steps_n = 0
        self._mean = self._mean_n = 0
        self._swing = 0
        self._was_low = True  # a set begins from a stand: its first pull is a step
        self.since_n = 0  # samples since the latest step
        self.step_n = 0  # samples that the latest step took, 0 before the second ...
        self.stride_n = 0  # ... and the latest two, 0 before the third
        self._pull = self._pull_n = (
            0  # sum of codes, coarse, and their number until the latest new ground ...
        )
        self._ahead = self._ahead_n = 0  # ... and since: they belong to a set that goes on

    def feed(self, code: int) -> None:
        """Take a load-cell code; faults are passed over."""
        self.since_n += 1
        if code >= FAULT_BASE:
            return
        self._ahead += code >> COARSE
        self._ahead_n += 1
        value = code << FRACTION
        self._mean_n = min(self._mean_n + 1, MEAN_N)
        self._mean += (value - self._mean) // self._mean_n
        away = value - self._mean
        self._swing += (abs(away) - self._swing) >> SWING_SHIFT
        half = max(self._swing, SMALLEST << FRACTION) >> 1
        if away < -half:
            self._was_low = True
        elif away > half and self._was_low and self.since_n >= SHORTEST_N:
            self._was_low = False
            self._step()

    def take_pull(self) -> None:
        """The belt has made new ground: what was pulled since the last is of the set."""
        self._pull += self._ahead  # wide: after minutes at full scale
        self._pull_n += self._ahead_n
        self._ahead = self._ahead_n = 0

    def mean_code(self) -> "int | None":
        """Mean code until the latest new ground; None without a conversion."""
        return (self._pull // self._pull_n) << COARSE if self._pull_n else None  # wide

    def _step(self) -> None:
        step_n = self.since_n if self.steps_n else 0
        self.stride_n = step_n + self.step_n if self.step_n else 0
        self.step_n, self.since_n = step_n, 0
        self.steps_n += 1
