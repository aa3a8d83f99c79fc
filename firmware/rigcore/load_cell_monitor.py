"""Watches the load-cell converter: counts each kind of fault, measures its rate, and finds torn reads.

A read that starts late may still be shifting when the next conversion replaces the bits. The extra clocks can't show
that, but the time can: conversions come as evenly as the chip's clock, and the first moment at which each could be
read is known from those that were read in time.
"""

from .force import FAULT_BASE, FAULT_DESYNC, FAULT_OVERLAP, FAULT_SATURATED, FAULT_SETTLING, NO_CONVERSION
from .ticks import ticks_add, ticks_diff

READ_US = 500  # a read takes at most this long, its interrupt's latency left out
RATE_N = 64  # conversions over which the rate is taken
DOUBT_N = 1024  # after so many without a steady stretch the rate is taken anew, as it may have been wrong
SILENT_N = 16  # paces without a conversion: 0.3 s, three conversions at the slowest setting


class LoadCellMonitor:
    """`feed` each sample in turn; it returns the code, or FAULT_OVERLAP when the read may be torn."""

    def __init__(self) -> None:
        self.desync_n = self.saturated_n = self.overlap_n = self.settling_n = self.silent_n = (
            self.missed_n
        ) = 0
        self.paused_n = 0  # missed while flash was erased at standstill
        self._paused_since = self._paused_until = 0
        self.period_us = 0  # measured; 0 until RATE_N conversions came without a gap
        self._edge = 0
        self._first = 0
        self._n = 0
        self._silence_n = 0
        self._age = 0  # conversions since the rate was taken

    def pause(self, since: int, until: int) -> None:
        """Between these moments flash was erased at standstill: what is missing there, nobody waits for."""
        self._paused_since, self._paused_until = since, until

    def feed(self, ticks: int, code: int) -> int:
        if code == NO_CONVERSION:
            self._silence_n += 1
            if self._silence_n == SILENT_N:
                self.silent_n += 1
                self._n = 0
            return code
        self._silence_n = 0
        if self._time(ticks):
            code = FAULT_OVERLAP
        if code >= FAULT_BASE:
            self._count(code)
        return code

    def rate_mhz(self) -> int:
        """Measured conversions in 1000 s; 0 until known."""
        return 1_000_000_000 // self.period_us if self.period_us else 0

    def _count(self, code: int) -> None:
        if code == FAULT_DESYNC:
            self.desync_n += 1
        elif code == FAULT_SATURATED:
            self.saturated_n += 1
        elif code == FAULT_OVERLAP:
            self.overlap_n += 1
        elif code == FAULT_SETTLING:
            self.settling_n += 1

    def _time(self, ticks: int) -> bool:
        """Track the conversion period; whether this read may have overlapped the next conversion."""
        period = self.period_us
        late = 0
        is_torn = False
        if self._n > 0 and period:
            late = ticks_diff(ticks, self._edge)
            beats = max(
                1, (late + READ_US) // period
            )  # a read gets the latest conversion, however late it is
            late -= beats * period
            # Earlier than a beat with none in between is only an early reading; with one in between it was late.
            is_torn = beats > 1 and late < 0
            if beats > 1:
                self._miss(beats - 1, ticks)
            self._edge = ticks_add(self._edge, beats * period + (late if late < 0 else late >> 3))
            if beats != 1:
                self._n = -1  # what is read after a gap is often late: the rate is taken from the next one on
        else:
            self._edge = ticks
        self._rate(late <= period >> 5, ticks)
        return is_torn

    def _miss(self, n: int, ticks: int) -> None:
        """So many are missing between the latest and this reading."""
        is_pause = (
            ticks_diff(self._paused_until, self._edge) > 0 and ticks_diff(ticks, self._paused_since) > 0
        )
        if is_pause:
            self.paused_n += n
        else:
            self.missed_n += n

    def _rate(self, is_prompt: bool, ticks: int) -> None:
        self._age += 1
        if self._n >= RATE_N and is_prompt or self._n == 2 * RATE_N:
            self.period_us = ticks_diff(ticks, self._first) // self._n
            self._n = self._age = 0
            self._edge = ticks  # by a wrong period before this one it may lie anywhere
        elif self._age == DOUBT_N:
            self.period_us = self._n = self._age = 0
        if self._n == 0:
            self._first = ticks
        self._n += 1
