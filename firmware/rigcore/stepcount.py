"""Counts steps as the set goes on, from the pull's swing around its own mean; for targets, not for the record.

A step is a rise from below the mean to above it by half the mean swing each time. The record's steps are the
host's (retrorig.measure), which sees the whole set before it decides.
"""

from .force import FAULT_BASE

MEAN_SHIFT = 6  # mean over some 64 conversions, 0.7 s
SWING_SHIFT = 7
FRACTION = 4  # bits kept below a code
SHORTEST_N = 18  # conversions between two steps: 4.7 steps/s at 85 a second
SMALLEST = 2000  # codes of swing, about 1 N on a 2 kN cell: less is noise


class StepCounter:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.steps_n = 0
        self._mean = None
        self._swing = 0
        self._was_low = False
        self._since_n = 0

    def feed(self, code: int) -> None:
        """Take a load-cell code; faults are passed over."""
        if code >= FAULT_BASE:
            return
        value = code << FRACTION
        if self._mean is None:
            self._mean = value
        self._mean += (value - self._mean) >> MEAN_SHIFT
        away = value - self._mean
        self._swing += (abs(away) - self._swing) >> SWING_SHIFT
        self._since_n += 1
        half = max(self._swing, SMALLEST << FRACTION) >> 1
        if away < -half:
            self._was_low = True
        elif away > half and self._was_low and self._since_n >= SHORTEST_N:
            self.steps_n += 1
            self._was_low = False
            self._since_n = 0
