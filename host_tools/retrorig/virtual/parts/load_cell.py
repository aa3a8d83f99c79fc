"""The load cell and its wiring: newtons to converter codes, with noise, drift and faults."""

from __future__ import annotations

from random import Random

from retrorig.virtual.clock import Clock
from retrorig.virtual.settings import Fault, RigSettings

NV_PER_CODE = 40e6 / (1 << 24)  # +-20 mV over 24 bits at gain 128
_CHANNEL_B_CODE = 1200  # an open input near zero


class LoadCell:
    """`code(force_n, gain)` is what the converter would read; not yet limited to 24 bits."""

    def __init__(self, clock: Clock, rng: Random, settings: RigSettings) -> None:
        self._clock, self._rng = clock, rng
        self._settings = settings
        self._noise_codes = settings.noise_nv / NV_PER_CODE
        self._faults = [fault for fault in settings.faults if fault.part == "adc"]
        self._last = 0.0

    @property
    def can_fail(self) -> bool:
        return bool(self._faults)

    def fault(self) -> str | None:
        """The kind of fault that is present now, or None."""
        t_s = self._clock.now_ns * 1e-9
        return next((f.kind for f in self._faults if is_present(f, t_s)), None)

    def code(self, force_n: float, gain: float) -> float:
        fault = self.fault()
        if fault == "stuck":
            return self._last
        if fault == "disconnected":
            return self._rng.choice((1e9, -1e9, self._rng.uniform(-8e6, 8e6)))
        drift_n = self._settings.drift_n_per_hour * self._clock.now_ns / 3.6e12
        signal = self._settings.offset_code + self._settings.counts_per_n * (force_n + drift_n)
        self._last = (signal * gain if gain else _CHANNEL_B_CODE) + self._rng.gauss(0, self._noise_codes)
        return self._last


def is_present(fault: Fault, t_s: float) -> bool:
    return fault.from_s <= t_s < fault.to_s
