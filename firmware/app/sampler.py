"""Interrupt callbacks: stamp each conversion with time and count, into buffers made beforehand.

On the ESP32 these are soft interrupts: one shared queue, eight deep, that drops when it is full, and
none runs while a C call (display, flash, serial) blocks. So the callback carries its own time stamp and
count, does nothing else, and the main loop takes the samples from the ring.
"""

from array import array

from rigcore import TYPE_CHECKING
from rigcore.force import FAULT_DESYNC, FAULT_SETTLING, NO_CONVERSION
from rigcore.load_cell_monitor import LoadCellMonitor

if TYPE_CHECKING:
    from typing import Any

    from esp32 import PCNT
    from machine import Pin, Timer

    from drivers.ads1220 import Ads1220
    from drivers.hx711 import Hx711


RING_N = 64  # 0.7 s at 94 conversions a second; a power of two
_MASK = RING_N - 1
PACE_MS = 20
SILENT_US = 30_000  # more than two conversions of the slowest HX711 seen at its fast setting
_STEPS = -16  # the log keeps times in steps of 16 us (blocks.STEP_US), and everybody shall see the same times
RESTART_PACES = 20  # 0.8 s without a conversion, SILENT_US being over at each second pace: it is started anew
LOOK_US = 500  # from look to look for a reading
LOOKS_MAX = 24  # 12 ms: whoever converts more seldom need not be waited for
SLOW_US = 60  # a pair of readings taken further apart than this is read again


class Sampler:
    """`clock` is the time module. `start()`, then `take()` until False; the sample is in ticks, value, code."""

    def __init__(
        self,
        adc: "Ads1220 | Hx711",
        settling_n: int,
        counter: "PCNT",
        data_ready: "Pin",
        timer: "Timer",
        clock: "Any",
    ) -> None:
        self._read_adc = adc.read
        self._restart_adc = adc.restart
        self._value = counter.value
        self._ready = data_ready
        self._timer = timer
        self._ticks_us = clock.ticks_us
        self._ticks_diff = clock.ticks_diff
        self._sleep_us = clock.sleep_us
        self._settles_n = self._settling_n = settling_n
        self._silent_n = 0
        self.watch = LoadCellMonitor()
        self._ring_ticks = array("i", [0] * RING_N)
        self._ring_value = array("i", [0] * RING_N)
        self._ring_code = array("i", [0] * RING_N)
        self._head = 0
        self._tail = 0
        self._last_ticks = clock.ticks_us()
        # Bound methods are made once here: making one in a callback would allocate.
        self._on_ready_ref = self._on_ready
        self._falling = data_ready.IRQ_FALLING
        self.dropped_n = 0
        self.restarts_n = 0
        self.interrupted = False
        self.ticks = 0
        self.value = 0
        self.code = 0

    def start(self) -> None:
        self._ready.irq(self._on_ready_ref, self._falling)
        self._timer.init(period=PACE_MS, callback=self._on_pace)

    def stop(self) -> None:
        self._timer.deinit()
        self._ready.irq(None)

    def wait_for_reading(self) -> None:
        """Until a conversion has just been read: what lasts up to two periods of the converter then costs none."""
        head = self._head
        for _ in range(LOOKS_MAX):
            self._sleep_us(LOOK_US)
            if self._head != head:
                break

    def take(self) -> bool:
        """Move the oldest sample to ticks, value and code; False when there is none."""
        tail = self._tail
        if tail == self._head:
            return False
        self.ticks = self._ring_ticks[tail]
        self.value = self._ring_value[tail]
        self.code = self.watch.feed(self.ticks, self._ring_code[tail])
        self._tail = (tail + 1) & _MASK
        return True

    def _on_ready(self, _pin: "Pin") -> None:
        # Ctrl-C may strike inside a callback, where the interpreter would swallow it.
        try:
            # A conversion that nobody reads makes a new edge: after a stall several wait for one conversion,
            # and a converter that has none ready reads as -1.
            if not self._ready.value():
                self._sample(True)
        except KeyboardInterrupt:
            self.interrupted = True

    def _on_pace(self, _timer: "Timer") -> None:
        try:
            if self._ticks_diff(self._ticks_us(), self._last_ticks) > SILENT_US:
                # DOUT low without an edge: the edge came while the interrupt was off.
                self._sample(not self._ready.value())
        except KeyboardInterrupt:
            self.interrupted = True

    def _sample(self, has_conversion: bool) -> None:
        # Clocking the data out moves DOUT: its edges would flood the queue of eight.
        self._ready.irq(None)
        ticks = self._ticks_us()
        value = self._value()
        if self._ticks_diff(self._ticks_us(), ticks) > SLOW_US:
            ticks = self._ticks_us()
            value = self._value()
        code = self._convert() if has_conversion else self._miss()
        self._last_ticks = ticks
        self._put(ticks, value, code)
        self._ready.irq(self._on_ready_ref, self._falling)

    def _convert(self) -> int:
        code = self._read_adc()
        self._silent_n = 0
        if code == FAULT_DESYNC:
            self._restart()
        elif self._settling_n:
            self._settling_n -= 1
            code = FAULT_SETTLING
        return code

    def _miss(self) -> int:
        self._silent_n += 1
        if self._silent_n == RESTART_PACES:
            self._silent_n = 0
            self._restart()
        return NO_CONVERSION

    def _restart(self) -> None:
        # A converter that lost its step or fell silent is sound again only after its power was off.
        self._restart_adc()
        self._settling_n = self._settles_n
        self.restarts_n += 1

    def _put(self, ticks: int, value: int, code: int) -> None:
        ticks &= _STEPS
        head = self._head
        following = (head + 1) & _MASK
        if following == self._tail:
            self.dropped_n += 1
            return
        self._ring_ticks[head] = ticks
        self._ring_value[head] = value
        self._ring_code[head] = code
        self._head = following
