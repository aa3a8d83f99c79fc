"""The HX711 and HX717 load-cell converters as their two wires show them.

After power-up it needs four conversions to settle; then DOUT falls whenever one is ready. Each rising edge
of PD_SCK brings the next bit, most significant first; the 25th to 27th choose channel and gain and read 1.
PD_SCK high for 60 us powers it down; low again resets it. When the last conversion was not read, DOUT goes
high for a moment and falls again: drivers that wait for the edge after any pause rely on it, and the near
relative ADS1232 specifies 39 us.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from random import Random

from retrorig.virtual.clock import Clock, Event

DATA_BITS = 24
VALID_AFTER_NS = 100  # rising edge to valid data, typical
POWER_DOWN_NS = 60_000
SETTLING_N = 4
UPDATE_NS = 39_000
CODE_MAX = (1 << 23) - 1
CODE_MIN = -(1 << 23)
GAINS = {25: 1.0, 26: 0.0, 27: 0.5}  # of the bridge on channel A, against gain 128; B has no bridge
HX717_GAINS = {**GAINS, 28: 0.0}
SUB = 4  # force samples in a conversion period


def kernel() -> list[float]:
    """Weights of the last 4 periods, newest first: four averages of one period in a row (a cubic B-spline)."""

    def spline(x: float) -> float:  # x: periods from the middle, -2..2
        a = abs(x)
        return (4 - 6 * a * a + 3 * a**3) / 6 if a < 1 else (2 - a) ** 3 / 6 if a < 2 else 0.0

    raw = [spline((i + 0.5) / SUB - 2) for i in range(4 * SUB)]
    return [weight / sum(raw) for weight in raw]


class Hx711:
    """`code_of(force_n, gain)` is the sensor in front of it; `on_edge(level)` hears DOUT change.

    Args:
        force_n_at: pull at a time in nanoseconds of the clock, newtons.
        rate_hz: the true conversion rate; it wanders slowly by `wander` (relative).
    """

    def __init__(
        self,
        clock: Clock,
        rng: Random,
        force_n_at: Callable[[int], float],
        code_of: Callable[[float, float], float],
        rate_hz: float,
        on_edge: Callable[[int], None],
        wander: float = 0.002,
        gains: dict[int, float] = GAINS,
    ) -> None:
        self._clock, self._rng = clock, rng
        self._force_n_at, self._code_of, self._on_edge = force_n_at, code_of, on_edge
        self._period_ns = 1e9 / rate_hz
        self._wander = wander
        self._gains = gains
        self._kernel = kernel()
        self._forces: deque[float] = deque(maxlen=4 * SUB)
        self._sck = 0
        self._converting: Event | None = None
        self._showing: Event | None = None
        self.loses_clock: Callable[[], bool] = lambda: (
            False
        )  # whether a bad contact swallows a read's first clock
        self.conversions = 0
        self.powered = False
        self._reset()

    def power_on(self) -> None:
        self._reset()
        self._start()

    def power_off(self) -> None:
        for event in (self._converting, self._showing):
            if event:
                event.cancel()
        self.powered = False
        self._set_dout(1)

    def level(self) -> int:
        """DOUT now."""
        since_rise_ns = self._clock.now_ns - self._risen_ns
        if since_rise_ns < VALID_AFTER_NS:
            return self._before_rise
        if self._sck and since_rise_ns >= POWER_DOWN_NS:
            self._power_down()
        return self._dout

    def set_clock(self, level: int) -> None:
        """PD_SCK goes to `level` now."""
        if level == self._sck:
            return
        if level:
            if self._ready and self._pulses == 0 and self.loses_clock():
                return
            self._sck = 1
            self._rise()
            return
        if self._clock.now_ns - self._risen_ns >= POWER_DOWN_NS:
            self._power_down()
        self._sck = 0
        if not self.powered:
            self.power_on()

    def load(self, code: int) -> None:
        """Make `code` the conversion that is ready now."""
        if 0 < self._pulses < DATA_BITS:
            self._code = code  # torn: the bits still to come are of the new conversion
            return
        self._gain_pulses, changed = self._chosen_gain(), self._chosen_gain() != self._gain_pulses
        self._pulses = 0
        if changed:
            self._settling = SETTLING_N - 1
            return
        self._code = code
        if self._dout:
            self._show()
        else:
            self._ready = False
            self._set_dout(1)
            self._showing = self._clock.after(UPDATE_NS, self._show)

    def _show(self) -> None:
        self._ready = True
        self._set_dout(0)

    def _reset(self) -> None:
        self._gain_pulses = 25
        self._settling = SETTLING_N
        self._pulses = 0
        self._code = 0
        self._ready = False
        self._dout = self._before_rise = 1
        self._risen_ns = -VALID_AFTER_NS

    def _start(self) -> None:
        self.powered = True
        self._next_ns = float(self._clock.now_ns)
        self._schedule()

    def _schedule(self) -> None:
        slow = math.sin(self._clock.now_ns * 2e-12 * math.pi / 1.7)  # a wave of 28 minutes
        self._this_period = self._period_ns * (1 + self._wander * slow + self._rng.gauss(0, 2e-5))
        self._next_ns += self._this_period
        self._converting = self._clock.at(math.ceil(self._next_ns), self._convert)

    def _convert(self) -> None:
        if self._sck and self._clock.now_ns - self._risen_ns >= POWER_DOWN_NS:
            self._power_down()
            return
        for i in range(SUB - 1, -1, -1):
            self._forces.appendleft(
                self._force_n_at(int(self._next_ns - self._this_period * (i + 0.5) / SUB))
            )
        self._schedule()
        self.conversions += 1
        if self._settling > 1:
            self._settling -= 1
            return
        force_n = sum(map(float.__mul__, self._kernel, self._forces))
        code = round(self._code_of(force_n, self._gains[self._gain_pulses]))
        self.load(max(CODE_MIN, min(CODE_MAX, code)))

    def _chosen_gain(self) -> int:
        return self._pulses if self._pulses in self._gains else self._gain_pulses

    def _rise(self) -> None:
        before = self._before_rise = self._dout
        self._risen_ns = self._clock.now_ns
        if not self.powered:
            return
        self._pulses += 1
        if self._ready and self._pulses <= DATA_BITS:
            level = self._code >> (DATA_BITS - self._pulses) & 1
        else:
            self._ready = False
            level = 1
        if level != before:
            self._dout = level
            self._on_edge(level)

    def _power_down(self) -> None:
        # Noticed late, at the next look: nothing could be seen of it before.
        self.power_off()
        self._ready = False

    def _set_dout(self, level: int) -> None:
        if level != self._dout:
            self._dout = level
            self._on_edge(level)
