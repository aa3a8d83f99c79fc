"""Counts steps as the set goes on, from the pull's swing around its own mean; for display and targets, not the record.

A step is a rise from below the mean to above it by half the mean swing each time. The record's steps are the
host's (retrorig.measure), which sees the whole set before it decides.
"""

from .force import FAULT_BASE

MEAN_SHIFT = 6  # mean over some 64 conversions, 0.7 s
SWING_SHIFT = 7
FRACTION = 4  # bits kept below a code
SHORTEST_N = 18  # samples between two steps: 4.7 steps/s at 85 a second
SMALLEST = 2000  # codes of swing, about 1 N on a 2 kN cell: less is noise


class StepCounter:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.steps_n = 0
        self._mean = None
        self._swing = 0
        self._was_low = False
        self.since_n = 0  # samples since the latest step
        self.step_n = 0  # samples that the latest step took, 0 before the second ...
        self.stride_n = 0  # ... and the latest two, 0 before the third

    def feed(self, code: int) -> None:
        """Take a load-cell code; faults are passed over."""
        self.since_n += 1
        if code >= FAULT_BASE:
            return
        value = code << FRACTION
        if self._mean is None:
            self._mean = value
        self._mean += (value - self._mean) >> MEAN_SHIFT
        away = value - self._mean
        self._swing += (abs(away) - self._swing) >> SWING_SHIFT
        half = max(self._swing, SMALLEST << FRACTION) >> 1
        if away < -half:
            self._was_low = True
        elif away > half and self._was_low and self.since_n >= SHORTEST_N:
            self._was_low = False
            self._step()

    def _step(self) -> None:
        step_n = self.since_n if self.steps_n else 0
        self.stride_n = step_n + self.step_n if self.step_n else 0
        self.step_n, self.since_n = step_n, 0
        self.steps_n += 1
