"""The board: chip and parts, wired as firmware/board.py says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from random import Random
from types import SimpleNamespace

from retrorig.partitions import PartitionEntry
from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.heap import Heap
from retrorig.virtual.interrupts import Interrupts
from retrorig.virtual.parts.ads1220 import Ads1220
from retrorig.virtual.parts.buttons import Button
from retrorig.virtual.parts.buzzer import Buzzer
from retrorig.virtual.parts.flash import Flash, FlashImage, partition_table
from retrorig.virtual.parts.gpio import Gpio
from retrorig.virtual.parts.hx711 import GAINS, HX717_GAINS, Hx711
from retrorig.virtual.parts.i2c import I2cBus
from retrorig.virtual.parts.load_cell import LoadCell, is_present
from retrorig.virtual.parts.oled import Sh1106, Ssd1306
from retrorig.virtual.parts.quadrature import Encoder, PulseCounter
from retrorig.virtual.parts.rtc import Rtc
from retrorig.virtual.parts.spi import Spi
from retrorig.virtual.parts.st7789 import St7789
from retrorig.virtual.parts.timers import Timers
from retrorig.virtual.parts.uart import Uart
from retrorig.virtual.parts.watchdog import Watchdog
from retrorig.virtual.settings import RigSettings
from rigcore.vocabulary import ADS1220

UNITS_N = 8
WRAP_AFTER_S = 20
LOST_CLOCKS = 0.1  # of the reads, while a bad contact swallows clocks
RATE_HZ = (82.9, 93.7)  # measured rates of modules sold as 80 Hz


class Board:
    """State of the chip and its parts. `position_m_at(ns)` and `force_n_at(ns)` are the world outside.

    `limit_ns` is how far the host lets time run now; `payload(n)` fetches the bytes that follow a call.
    """

    POWERON_RESET, HARD_RESET, WDT_RESET, SOFT_RESET = 1, 2, 3, 5

    def __init__(
        self,
        settings: RigSettings,
        seed: int,
        identity: bytes,
        chance: bytes,
        pins: SimpleNamespace,
        image: FlashImage,
        position_m_at: Callable[[int], float],
        force_n_at: Callable[[int], float],
    ) -> None:
        self.settings, self.pins = settings, pins
        self._seed = seed
        self.clock = Clock()
        self.interrupts = Interrupts(self.clock, self.random("interrupts"))
        self.unique_id = hashlib.sha256(b"%d" % seed + identity).digest()[:6]
        self.chance = self.random(f"chance/{chance.hex()}")
        self.gpio = Gpio(self.interrupts, self.random("gpio"))
        self.timers = Timers(self.clock, self.interrupts)
        self.heap = Heap(self.clock)
        self.imports_n = 0
        self.uart = Uart(self.clock, self.interrupts)
        self.rtc = Rtc(self.clock)
        self.watchdog = Watchdog(self.clock, lambda: self.want_reset(self.WDT_RESET))
        self.flash = Flash(image, self.clock, self.interrupts, self.random("flash"))
        self.partitions = partition_table(settings.flash_mb, settings.setlog)
        self.spis = {number: Spi(self.clock, self.gpio) for number in (1, 2)}
        self._add_encoder(position_m_at)
        self._add_converter(force_n_at)
        self._add_panel()
        self._start_us = (
            (1 << 30) - WRAP_AFTER_S * 1_000_000 + self.random("ticks").randrange(-2_000_000, 2_000_000)
        )
        self._booted_ns = 0
        self.limit_ns = 0
        self.payload: Callable[[int], bytes] = bytes
        self.next_factory_text: Callable[[], bytes] = bytes
        self.fake_heap_bytes = 0
        self.wants_main = True
        self.has_booted = False  # the interpreter runs; what it waits for on its standard input is the line
        self.is_at_prompt = False
        self.reset_cause = self.POWERON_RESET
        self.wants_reset = 0

    def random(self, name: str) -> Random:
        """A random generator of its own for each part, so that one part's use doesn't shift another's."""
        return Random(f"{self._seed}/{name}")

    @property
    def uptime_us(self) -> int:
        """The chip's clock; it starts shortly before the wrap of its 30 bits, so that every run meets one."""
        return self._start_us + (self.clock.now_ns - self._booted_ns) // costs.US

    def skip(self, us: int) -> None:
        """Let the chip's clock jump ahead by so many microseconds; everything else goes on as if nothing had been."""
        self._start_us += us

    def partition(self, label: str) -> PartitionEntry:
        return next(entry for entry in self.partitions if entry.label == label)

    def want_reset(self, cause: int) -> None:
        """The chip will be reset as soon as the present call is over."""
        self.wants_reset = cause

    def reset(self, cause: int) -> None:
        """Reset the chip by this cause; all but a loss of power keep the RTC memory."""
        self.reset_cause, self.wants_reset = cause, 0
        self.has_booted = self.is_at_prompt = False
        self.imports_n = 0
        for part in (self.interrupts, self.gpio, self.timers, *self.counters):
            part.reset()
        if cause != self.SOFT_RESET:
            self.watchdog.reset()
            self.uart.reset()
            self._booted_ns = self.clock.now_ns
        self.uart.set_interrupt_char(3)
        if isinstance(self.converter, Hx711):
            self.converter.set_clock(0)

    def power_on(self) -> None:
        self.rtc.power_on()
        self.oled.power_on()
        self.large.power_on()
        self.converter.power_on()

    def power_off(self) -> None:
        self.converter.power_off()

    def _add_encoder(self, position_m_at: Callable[[int], float]) -> None:
        settings, lines = self.settings, (self.pins.PIN_ENC_A, self.pins.PIN_ENC_B)
        self.encoder = Encoder(
            self.clock, position_m_at, settings.counts_per_m, settings.dither_counts, settings.faults
        )
        self.counters = [PulseCounter(self.clock, self.encoder, lines) for _ in range(UNITS_N)]
        self.gpio.drive(lines[0], self.encoder.level_a)
        self.gpio.drive(lines[1], self.encoder.level_b)

    def _add_converter(self, force_n_at: Callable[[int], float]) -> None:
        rng = self.random("adc")
        self.cell = LoadCell(self.clock, self.random("cell"), self.settings)
        is_spi = self.settings.converter == ADS1220
        self.converter = self._ads1220(force_n_at, rng) if is_spi else self._hx711(force_n_at, rng)
        self.gpio.drive(self.pins.PIN_ADC_DOUT, self._dout if self.cell.can_fail else self.converter.level)

    def _hx711(self, force_n_at: Callable[[int], float], rng: Random) -> Hx711:
        rate_hz = self.settings.rate_hz or rng.uniform(*RATE_HZ)
        gains = HX717_GAINS if self.settings.converter == "hx717" else GAINS
        chip = Hx711(self.clock, rng, force_n_at, self.cell.code, rate_hz, self._dout_edge(), gains=gains)
        chip.loses_clock = lambda: self.cell.fault() == "lost_clock" and rng.random() < LOST_CLOCKS
        self.gpio.listen(self.pins.PIN_ADC_SCK, chip.set_clock)
        return chip

    def _ads1220(self, force_n_at: Callable[[int], float], rng: Random) -> Ads1220:
        chip = Ads1220(self.clock, rng, force_n_at, self.cell.code, self.settings.rate_hz, self._dout_edge())
        for spi in self.spis.values():
            spi.exchanges[self.pins.PIN_ADC_SPI_CLK] = chip.exchange
        return chip

    def _dout(self) -> int | None:
        fault = self.cell.fault()
        return 1 if fault == "silent" else None if fault == "floating" else self.converter.level()

    def _dout_edge(self) -> Callable[[int], None]:
        edge = partial(self.gpio.edge, self.pins.PIN_ADC_DOUT)
        if not self.cell.can_fail:
            return edge
        return lambda level: None if self.cell.fault() in ("silent", "floating") else edge(level)

    def _add_panel(self) -> None:
        pins = self.pins
        self.oled = Sh1106() if self.settings.display == "sh1106" else Ssd1306()
        self.i2c = I2cBus(self.clock)
        self.i2c.devices[pins.OLED_ADDR] = self._oled_message
        self._add_large_panel()
        self.buzzer = Buzzer()
        self.buttons: dict[str, Button] = {}
        for name in ("BTN_START", "BTN_RPE", "BTN_PAIN", "BOOT"):
            pin = getattr(pins, f"PIN_{name}")
            button = Button(self.clock, self.random(name), lambda level, pin=pin: self.gpio.edge(pin, level))
            self.gpio.drive(pin, button.level, is_contact=True)
            self.buttons[name.removeprefix("BTN_").lower()] = button

    def _add_large_panel(self) -> None:
        """It is always there: on the OLED's wires, which carry I2C or SPI as the firmware likes."""
        pins = self.pins
        self.large = St7789(pins.TFT_WIDTH, pins.TFT_HEIGHT)
        is_data = partial(self.gpio.get, pins.PIN_TFT_DC)
        for spi in self.spis.values():
            spi.devices[pins.PIN_OLED_SDA] = lambda data: self.large.write(data, bool(is_data()))

    def _oled_message(self, data: bytes) -> bool:
        t_s = self.clock.now_ns * 1e-9
        if any(f.part == "oled" and is_present(f, t_s) for f in self.settings.faults):
            return False
        self.oled.i2c_write(data)
        return True
