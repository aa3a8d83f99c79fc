"""The belt's encoder: position to two lines in quadrature, and the chip's pulse counters that count them."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from retrorig.virtual.clock import Clock
from retrorig.virtual.settings import Fault, kinds_present

_APB_NS = 12.5
_INCREMENT, _DECREMENT = 1, 2
_REVERSE, _HOLD = 1, 2
_NOISE_COUNTS = 40  # what a burst of noise may add between two looks
_STATES = ((0, 0), (1, 0), (1, 1), (0, 1))  # (A, B) of count modulo 4, going backward: A leads
DITHER_HZ = (7.3, 23.1)


class Encoder:
    """Counts of the belt's true position; trembles by `dither_counts`."""

    def __init__(
        self,
        clock: Clock,
        position_m_at: Callable[[int], float],
        counts_per_m: float,
        dither_counts: float,
        faults: tuple[Fault, ...] = (),
    ) -> None:
        self._faults = tuple(fault for fault in faults if fault.part == "encoder")
        self._clock = clock
        self._position_m_at = position_m_at
        self._counts_per_m = counts_per_m
        self._dither = dither_counts / 2

    def faults(self) -> frozenset[str]:
        """The kinds of fault that its wires have now."""
        return (
            kinds_present(self._faults, "encoder", self._clock.now_ns * 1e-9) if self._faults else frozenset()
        )

    def count(self) -> int:
        """Net edges now, backward positive; 0 at position 0."""
        t_s = self._clock.now_ns * 1e-9
        tremble = sum(math.sin(2 * math.pi * hz * t_s) for hz in DITHER_HZ) * self._dither
        return math.floor(self._position_m_at(self._clock.now_ns) * self._counts_per_m + tremble + 0.5)

    def level_a(self) -> int:
        return _states(self.faults())[self.count() & 3][0]

    def level_b(self) -> int:
        return _states(self.faults())[self.count() & 3][1]


def _states(kinds: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """(A, B) of count modulo 4 as the chip sees them through faulty wires."""
    seen = [(0 if "a_dead" in kinds else a, 0 if "b_dead" in kinds else b) for a, b in _STATES]
    return tuple((b, a) for a, b in seen) if "swapped" in kinds else tuple(seen)


class _Channel:
    def __init__(self) -> None:
        self.pin = self.mode_pin = -1
        self.rising = self.falling = self.mode_low = self.mode_high = 0

    def effect(self, pins: tuple[int, int], before: tuple[int, int], after: tuple[int, int]) -> int:
        """What one edge from state `before` to `after` of the lines on `pins` does to the count."""
        if self.pin not in pins or before[pins.index(self.pin)] == after[pins.index(self.pin)]:
            return 0
        action = self.rising if after[pins.index(self.pin)] else self.falling
        step = {_INCREMENT: 1, _DECREMENT: -1}.get(action, 0)
        level = before[pins.index(self.mode_pin)] if self.mode_pin in pins else 1
        mode = self.mode_high if level else self.mode_low
        return 0 if mode == _HOLD else -step if mode == _REVERSE else step


class PulseCounter:
    """One PCNT unit on an encoder: counts in hardware, falls back to zero at its limits, filters short pulses.

    It is brought up to date whenever it is asked; the belt is taken as moving evenly since the last time.
    """

    def __init__(self, clock: Clock, encoder: Encoder, pins: tuple[int, int]) -> None:
        self._clock = clock
        self._encoder = encoder
        self._pins = pins
        self.reset()

    def reset(self) -> None:
        self.channels = (_Channel(), _Channel())
        self._minimum, self._maximum = -32768, 32767
        self._filter_ns = 0.0
        self._running = False
        self._faults: frozenset[str] = frozenset()
        self._lines = _STATES
        self._noise = Random("noise")
        self._value = 0
        self._seen, self._seen_ns = self._encoder.count(), self._clock.now_ns
        self._tables: tuple[list[int], list[int]] | None = None

    def set_pins(self, channel: int, pin: int, mode_pin: int) -> None:
        self.value()
        self.channels[channel].pin, self.channels[channel].mode_pin = pin, mode_pin
        self._tables = None

    def set_actions(self, channel: int, packed: int) -> None:
        """Four 4-bit actions: rising, falling, mode_low, mode_high."""
        self.value()
        chosen = self.channels[channel]
        chosen.rising, chosen.falling = packed & 15, packed >> 4 & 15
        chosen.mode_low, chosen.mode_high = packed >> 8 & 15, packed >> 12 & 15
        self._tables = None

    def set_limits(self, minimum: int, maximum: int) -> None:
        self._minimum, self._maximum = minimum, maximum
        self.set_value(0)

    def set_filter(self, apb_ticks: int) -> None:
        self.value()
        self._filter_ns = apb_ticks * _APB_NS

    def set_running(self, running: bool) -> None:
        self.value()
        self._running = running

    def set_value(self, value: int) -> None:
        self.value()
        self._value = value

    def value(self) -> int:
        """The register now."""
        faults = self._encoder.faults()
        if faults != self._faults:
            self._faults, self._lines, self._tables = faults, _states(faults), None
        if self._running and "noise" in faults:
            self._value = self._wrapped(self._value + self._noise.randint(-_NOISE_COUNTS, _NOISE_COUNTS))
        count, now = self._encoder.count(), self._clock.now_ns
        moved = count - self._seen
        if moved:
            if self._running and not self._is_filtered(moved, now - self._seen_ns):
                self._value = self._wrapped(self._value + self._effect(moved))
            self._seen = count
        self._seen_ns = now
        return self._value

    def _is_filtered(self, moved: int, elapsed_ns: int) -> bool:
        return 2 * elapsed_ns < self._filter_ns * abs(moved)  # each line's level lasts two counts

    def _effect(self, moved: int) -> int:
        if self._tables is None:
            self._tables = (self._table(1), self._table(-1))
        table = self._tables[0 if moved > 0 else 1]
        turns, rest = divmod(abs(moved), 4)
        step = 1 if moved > 0 else -1
        return turns * sum(table) + sum(table[(self._seen + step * i) & 3] for i in range(rest))

    def _table(self, step: int) -> list[int]:
        """Effect of one edge in direction `step`, by the state it starts from."""
        lines = self._lines
        return [
            sum(channel.effect(self._pins, lines[s], lines[(s + step) & 3]) for channel in self.channels)
            for s in range(4)
        ]

    def _wrapped(self, value: int) -> int:
        while value >= self._maximum > 0:
            value -= self._maximum
        while value <= self._minimum < 0:
            value -= self._minimum
        return value
