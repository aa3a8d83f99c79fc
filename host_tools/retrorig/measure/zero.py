"""Finds the zero of force beside a set: from the pull at rest before its start and after its end.

A line that hangs slack shows the cell's zero; a line that stays taut shows a pull, and says nothing about the zero. A
line can't push, so what reads less than zero at rest, however much, is a wrong zero: it was tared with the line taut.
More than zero is taken for a slack line only when it is small and quiet. The set is never corrected by it unless
somebody asks (rest_zero); what was seen here widens the uncertainty and is told to the user.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrorig.measure.order import deviation, mean
from retrorig.measure.readings import Raw
from retrorig.measure.samples import Samples

REST_MIN_N = 8
REST_S = 1.0
SETTLE_S = 0.5
"""After the last movement the line still swings, and the converter's filter needs four conversions."""

EARLY_S = 0.02
"""Who sets off pulls a little before the belt gives way."""

SLACK_MAX_N = 6.0
SLACK_MAX_REL = 0.05
"""More than this much of the set's own pull is a taut line."""

QUIET_N = 1.5


@dataclass(frozen=True)
class Zero:
    """Force on the slack line before and after the set, newtons; None where it was taut or not logged."""

    before_n: float | None
    after_n: float | None

    @property
    def drift_n(self) -> float | None:
        """By how much the zero moved during the set."""
        return None if self.before_n is None or self.after_n is None else self.after_n - self.before_n

    @property
    def lowest_n(self) -> float | None:
        """The lower of the two: a line pulls or hangs slack."""
        return min((n for n in (self.before_n, self.after_n) if n is not None), default=None)

    @property
    def worst_n(self) -> float | None:
        """The larger of the two, without sign; None when neither was seen."""
        seen = [abs(n) for n in (self.before_n, self.after_n) if n is not None]
        return max(seen, default=None)


def zero_of(samples: Samples) -> Zero:
    """The zero at both ends of the set."""
    limit_n = SLACK_MAX_N
    if samples.has_force:
        limit_n = max(limit_n, SLACK_MAX_REL * abs(mean(samples.bridged_n)))
    before_n, after_n = _at_rest(samples)
    return Zero(_slack(before_n, limit_n), _slack(after_n, limit_n))


def rest_zero(raw: Raw, samples: Samples) -> int | None:
    """The code of the slack line beside the set, for a set that was tared wrongly; None where it was never seen.

    Of the two rests the lower one counts, as the other may have been taut.
    """
    lowest_n = zero_of(samples).lowest_n
    return None if lowest_n is None else round(raw.header["zero"] + lowest_n * 1e9 / raw.header["scale_nn"])


def _at_rest(samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """Pull before the set, and after it once the line has settled."""
    at_s, newtons = samples.logged_s, samples.logged_n
    rest_n = round(REST_S * (samples.conversions.rate_hz or 1))
    end_s = samples.motion.duration_s + samples.motion.coast_s + SETTLE_S
    before_n, after = int(at_s.searchsorted(-EARLY_S, "right")), int(at_s.searchsorted(end_s, "right"))
    return newtons[max(0, before_n - rest_n) : before_n], newtons[after : after + rest_n]


def _slack(newtons: np.ndarray, limit_n: float) -> float | None:
    if len(newtons) < REST_MIN_N:
        return None
    mean_n = mean(newtons)
    return mean_n if mean_n <= limit_n and deviation(newtons) <= QUIET_N else None
