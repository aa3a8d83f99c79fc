"""The ADS1220 load-cell converter behind its SPI, with CS at ground (TI datasheet SBAS501).

After power-up it waits for commands: its registers are zero, so that it converts once, slowly, and tells of it on a
line that is not connected. In continuous mode each conversion is the mean of the input over its own time, and with
DRDYM set DOUT/DRDY falls when it is ready. The bits leave on rising edges of SCLK, to be read on falling ones (mode 1);
after the last of 24 data bits DOUT stays at the least one, until a further clock lets it go high. A byte that comes
while the chip resets is lost; a command that was begun and not ended in 55 ms is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from retrorig.virtual.clock import Clock, Event
from retrorig.virtual.parts.hx711 import CODE_MAX, CODE_MIN

RATES_HZ = (20, 45, 90, 175, 330, 600, 1000)
RESET_NS = 58_000  # 50 us and 32 periods of the 4.096 MHz clock
FORGETS_NS = 54_500_000
UPDATE_NS = 8_000  # DRDY high before it falls again when nobody read
MODE = 1
_REGISTERS_N = 4
_DATA_BYTES = 3
_SUB = 8  # force samples in a conversion


class Ads1220:
    """`code_of(force_n, gain)` is the sensor in front of it, gain 1 being the amplifier's 128.

    Args:
        force_n_at: pull at a time in nanoseconds of the clock, newtons.
        clock_error: of its oscillator, relative; `rate_hz` replaces the rate that the registers choose.
    """

    def __init__(
        self,
        clock: Clock,
        rng: Random,
        force_n_at: Callable[[int], float],
        code_of: Callable[[float, float], float],
        rate_hz: float | None,
        on_edge: Callable[[int], None],
    ) -> None:
        self._clock = clock
        self._force_n_at, self._code_of, self._on_edge = force_n_at, code_of, on_edge
        self._rate_hz = rate_hz
        self._clock_error = rng.uniform(-0.02, 0.02)  # limits of the datasheet
        self._converting: Event | None = None
        self._showing: Event | None = None
        self.conversions = 0
        self.powered = False
        self._heard_ns = 0
        self._level = 1
        self._restart()

    def power_on(self) -> None:
        self.powered = True
        self._restart()

    def power_off(self) -> None:
        self.powered = False
        self._stop()

    def level(self) -> int:
        """DOUT/DRDY now."""
        return self._level

    def exchange(self, data: bytes, mode: int) -> bytes:
        """What comes back while these bytes go in; both are off by a bit in another mode than 1."""
        if not self.powered:
            return b"\xff" * len(data)
        if mode != MODE:
            self._exchange(bytes(byte >> 1 for byte in data))
            return b"\xff" * len(data)
        return self._exchange(data)

    def _exchange(self, data: bytes) -> bytes:
        if self._clock.now_ns - self._heard_ns > FORGETS_NS:
            self._writing = []
        self._heard_ns = self._clock.now_ns
        answer = bytearray()
        for byte in data:
            answer.append(self._shifted_out())
            if self._clock.now_ns >= self._deaf_until_ns:
                self._take(byte)
        if not self._out and self._was_read:
            self._set_level(1)
        return bytes(answer)

    def _shifted_out(self) -> int:
        if self._out:
            byte = self._out.pop(0)
            self._set_level(byte & 1)
            self._was_read = False
            return byte
        self._was_read = True
        return 0xFF

    def _take(self, byte: int) -> None:
        if self._writing:
            self._registers[self._writing.pop(0)] = byte
            return
        first, count = byte >> 2 & 3, (byte & 3) + 1
        if byte & 0xFE == 0x06:
            self._restart()
            self._deaf_until_ns = self._clock.now_ns + RESET_NS
        elif byte & 0xFE == 0x08:
            self._start()
        elif byte & 0xFE == 0x02:
            self._stop()
        elif byte & 0xF0 == 0x40:
            self._writing = list(range(first, min(first + count, _REGISTERS_N)))
        elif byte & 0xF0 == 0x20:
            self._out = list(self._registers[first : first + count])

    def _restart(self) -> None:
        self._stop()
        self._registers = bytearray(_REGISTERS_N)
        self._writing: list[int] = []
        self._out: list[int] = []
        self._was_read = True
        self._deaf_until_ns = -1

    def _stop(self) -> None:
        for event in (self._converting, self._showing):
            if event:
                event.cancel()
        self._set_level(1)

    def _start(self) -> None:
        self._stop()
        self._begun_ns = float(self._clock.now_ns)
        self._schedule()

    def _schedule(self) -> None:
        chosen_hz = RATES_HZ[min(self._registers[1] >> 5, len(RATES_HZ) - 1)]
        period_ns = 1e9 / (self._rate_hz or chosen_hz * (1 + self._clock_error))
        self._ends_ns = self._begun_ns + period_ns
        self._converting = self._clock.at(round(self._ends_ns), self._convert)

    def _convert(self) -> None:
        span_ns = self._ends_ns - self._begun_ns
        times = (self._begun_ns + span_ns * (i + 0.5) / _SUB for i in range(_SUB))
        force_n = sum(self._force_n_at(int(t_ns)) for t_ns in times) / _SUB
        self.conversions += 1
        self.load(round(self._code_of(force_n, self._gain())))
        self._begun_ns = self._ends_ns
        if self._registers[1] & 0x04:
            self._schedule()

    def _gain(self) -> float:
        """Of the bridge against 128; 0 when the registers look at something else or against another reference."""
        is_bridge = self._registers[0] >> 4 == 0 and self._registers[2] >> 6 == 1
        return 2.0 ** ((self._registers[0] >> 1 & 7) - 7) if is_bridge else 0.0

    def load(self, code: int) -> None:
        """Make `code` the conversion that is ready now."""
        code = max(CODE_MIN, min(CODE_MAX, code))
        self._out = list((code & 0xFFFFFF).to_bytes(_DATA_BYTES, "big"))
        if not self._registers[3] & 0x02:
            return
        if self._level:
            self._set_level(0)
        else:
            self._set_level(1)
            self._showing = self._clock.after(UPDATE_NS, lambda: self._set_level(0))

    def _set_level(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self._on_edge(level)
