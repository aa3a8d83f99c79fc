"""The rig's latest seconds of raw samples, and quantities computed from them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from statistics import mean, median, quantiles

from rigcore.force import FAULT_BASE, NO_CONVERSION
from rigcore.ticks import TICKS_PERIOD

SIGMA_OF_MEDIAN = 1.4826
"""Standard deviation of a normal distribution over its median distance from the middle."""

LATE_US = 4000
"""A transfer to the display or the host holds up a callback for 3 ms at most; more is not meant to happen."""

STILL_COUNTS = 4
"""An encoder edge that trembles at rest moves by a count or two."""


@dataclass(frozen=True)
class Trace:
    """Samples in the order in which they were taken: microseconds, net counts, load-cell codes or faults."""

    t_us: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    codes: tuple[int, ...] = ()

    def latest(self, seconds: float) -> Trace:
        """The samples of the last so many seconds."""
        first = bisect_left(self.t_us, self.t_us[-1] - round(seconds * 1e6)) if self.t_us else 0
        return Trace(self.t_us[first:], self.counts[first:], self.codes[first:])

    @property
    def span_s(self) -> float:
        """Time from the first to the last sample."""
        return (self.t_us[-1] - self.t_us[0]) / 1e6 if len(self.t_us) > 1 else 0.0

    @property
    def sound(self) -> list[int]:
        """The codes that are conversions."""
        return [code for code in self.codes if code < FAULT_BASE]

    def share_of_fault(self, fault: int) -> float:
        """Share of the samples that have this fault."""
        return self.codes.count(fault) / len(self.codes) if self.codes else 0.0

    @property
    def conversions_us(self) -> list[int]:
        """When conversions were read, sound or not."""
        return [t_us for t_us, code in zip(self.t_us, self.codes, strict=True) if code != NO_CONVERSION]

    @property
    def rate_hz(self) -> float | None:
        """Conversions a second, from the usual time between two; None for fewer than ten."""
        gaps_us = self._gaps_us
        return (
            1e6 / mean(sorted(gaps_us)[len(gaps_us) // 4 : -len(gaps_us) // 4])
            if len(gaps_us) >= 10
            else None
        )

    @property
    def longest_gap_ms(self) -> float:
        """The longest time without a conversion, up to the trace's end."""
        last_us = self.conversions_us[-1] if self.conversions_us else 0
        return max([*self._gaps_us, self.t_us[-1] - last_us if self.t_us else 0]) / 1000

    @property
    def longest_stall_ms(self) -> float:
        """The longest time without any sample; a timer takes them when the converter is silent."""
        return max((b - a for a, b in zip(self.t_us, self.t_us[1:], strict=False)), default=0) / 1000

    @property
    def late_share(self) -> float:
        """Share of conversions that were read later after the one before than whole beats by more than LATE_US."""
        if not self.rate_hz:
            return 0.0
        beat_us = 1e6 / self.rate_hz
        return mean(gap_us - round(gap_us / beat_us) * beat_us > LATE_US for gap_us in self._gaps_us)

    @property
    def moved_counts(self) -> int:
        """Net movement, backward positive."""
        return self.counts[-1] - self.counts[0] if self.counts else 0

    @property
    def travel_counts(self) -> int:
        """All movement, both ways."""
        return sum(map(abs, self._steps))

    @property
    def reversals(self) -> int:
        """How often the direction changed from one sample to the next but one that moved."""
        moving = [step for step in self._steps if abs(step) > STILL_COUNTS]
        return sum((a > 0) != (b > 0) for a, b in zip(moving, moving[1:], strict=False))

    @property
    def is_still(self) -> bool:
        """Whether the belt stood, but for a trembling edge."""
        return not self.counts or max(self.counts) - min(self.counts) <= STILL_COUNTS

    @property
    def noise_codes(self) -> float:
        """Standard deviation of a code, from neighbours' differences: a slow pull and single spikes don't count."""
        codes = self.sound
        steps = [abs(b - a) for a, b in zip(codes, codes[1:], strict=False)]
        return SIGMA_OF_MEDIAN * median(steps) / 2**0.5 if steps else 0.0

    @property
    def swing_codes(self) -> float:
        """Range of the codes without the outer hundredths."""
        codes = self.sound
        if len(codes) < 10:
            return 0.0
        cuts = quantiles(codes, n=100)
        return cuts[-1] - cuts[0]

    @property
    def longest_repeat(self) -> int:
        """The most equal codes in a row."""
        longest = run = 0
        before = None
        for code in self.sound:
            run = run + 1 if code == before else 1
            longest, before = max(longest, run), code
        return longest

    @property
    def drift_codes_per_s(self) -> float:
        """Slope of the codes over the trace: the last quarter's mean against the first one's."""
        codes = self.sound
        quarter = len(codes) // 4
        if quarter < 10:
            return 0.0
        return (mean(codes[-quarter:]) - mean(codes[:quarter])) / (0.75 * self.span_s)

    @property
    def _gaps_us(self) -> list[int]:
        times_us = self.conversions_us
        return [b - a for a, b in zip(times_us, times_us[1:], strict=False)]

    @property
    def _steps(self) -> list[int]:
        return [b - a for a, b in zip(self.counts, self.counts[1:], strict=False)]


def joined(answers: list[dict[str, list[int]]]) -> Trace:
    """The trace that the rig's answers make together; its ticks wrap, the trace's times don't."""
    ticks = [value for answer in answers for value in answer["ticks"]]
    turns, t_us, before = 0, [], 0
    for value in ticks:
        turns += value < before
        t_us.append(turns * TICKS_PERIOD + value)
        before = value
    counts = tuple(value for answer in answers for value in answer["counts"])
    codes = tuple(value for answer in answers for value in answer["codes"])
    return Trace(tuple(t_us), counts, codes)
