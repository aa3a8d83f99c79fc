"""Where zero force was beside the set: from the pull at rest before its start and after its end.

A line that hangs slack shows the cell's zero; a line that stays taut shows a pull, and says nothing about the zero.
Slack is taken for sure only when the pull is small and quiet. The set is never corrected by it: the zero stays that of
the tare, and what was seen here widens the uncertainty and is told to the user.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrorig.measure.samples import Samples
from rigcore.decode import RawSet

REST_MIN_N = 8
REST_S = 1.0
SETTLE_S = 0.5
"""After the last movement the line still swings, and the converter's filter needs four conversions."""

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
    def worst_n(self) -> float | None:
        """The larger of the two, without sign; None when neither was seen."""
        seen = [abs(n) for n in (self.before_n, self.after_n) if n is not None]
        return max(seen, default=None)


def zero_of(raw: RawSet, samples: Samples) -> Zero:
    """The zero at both ends of the set."""
    conversions = samples.conversions
    if not raw.header.get("scale_nn") or not conversions.sound.any():
        return Zero(None, None)
    at_s = (conversions.ready_us - samples.motion.start_us) * 1e-6
    newtons = (conversions.code - raw.header["zero"]) * (raw.header["scale_nn"] * 1e-9)
    end_s = samples.motion.duration_s
    limit_n = SLACK_MAX_N
    if samples.has_force:
        limit_n = max(limit_n, SLACK_MAX_REL * abs(float(np.mean(samples.bridged_n))))
    before = newtons[conversions.sound & (at_s <= 0)]
    after = newtons[conversions.sound & (at_s > end_s + SETTLE_S)]
    rest_n = round(REST_S * (conversions.rate_hz or 1))
    return Zero(_slack(before, limit_n), _slack(after[:rest_n], limit_n))


def _slack(newtons: np.ndarray, limit_n: float) -> float | None:
    if len(newtons) < REST_MIN_N:
        return None
    mean_n = float(np.mean(newtons))
    return mean_n if abs(mean_n) <= limit_n and float(np.std(newtons)) <= QUIET_N else None
