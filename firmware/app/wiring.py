"""Puts the parts together: the only code that knows both the chip's modules and the rig."""

import binascii
import select
import sys
import time

import esp32
import framebuf
import machine
from machine import Pin

from drivers import hx711, ssd1306, twowire
from drivers.button import Button
from drivers.buzzer import Buzzer
from drivers.hostlink import HostLink
from drivers.pulse_counter import MODULUS, quadrature
from rigcore import bootguard
from rigcore.setlog import SetLog

from . import store
from .canvas import Canvas
from .plan_store import PlanStore
from .rig import Parts, Rig
from .sampler import Sampler
from .screen import Screen
from .settings import Settings

FIRMWARE = "0.1.0"
LOG_PARTITION = "setlog"
LOG_FOLDER = "/setlog"
WATCHDOG_MS = 8000  # longer than any stall of flash, display and collection together
NEVER_MS = 3_600_000


class Watchdog:
    """Reboots the board when the main loop hangs. It cannot be stopped, only given a long time."""

    def __init__(self, make):
        self._make = make
        self._dog = make(timeout=WATCHDOG_MS)
        self.feed = self._dog.feed

    def relax(self):
        """Leave the prompt an hour of peace."""
        self._make(timeout=NEVER_MS)


def crashed_too_often():
    """Count the crash that led to this start, if one did; True when there were too many in a row."""
    memory = machine.RTC()
    crashed = machine.reset_cause() in (machine.WDT_RESET, machine.HARD_RESET)
    crash_n = bootguard.crashes(memory.memory()) + 1 if crashed else 0
    memory.memory(bootguard.keep(crash_n))
    return crash_n >= bootguard.CRASH_LIMIT


def forgive_crashes():
    machine.RTC().memory(bootguard.keep(0))


def build(board):
    """The rig, wired as `board` says and ready to start."""
    nvs = esp32.NVS("retrorig")
    identity = {
        "rig": binascii.hexlify(machine.unique_id()).decode(),
        "firmware": FIRMWARE,
        "boot": store.next_boot(nvs),
    }
    calibration = store.load_calibration(
        {
            "id": "none",
            "counts_per_rev": board.COUNTS_PER_REV,
            "circumference_um": board.CIRCUMFERENCE_UM,
            "zero": 0,
            "scale_nn": 0,
        }
    )
    display = ssd1306.Ssd1306(_i2c(board), board.OLED_ADDR)
    frame = framebuf.FrameBuffer(display.buffer, ssd1306.WIDTH, ssd1306.HEIGHT, framebuf.MONO_VLSB)
    parts = Parts(
        sampler=_sampler(board),
        modulus=MODULUS,
        log=_log(),
        link=_link(),
        display=display,
        screen=Screen(Canvas(frame)),
        buttons=_buttons(board),
        buzzer=Buzzer(machine.PWM(Pin(board.PIN_BUZZER), freq=1000, duty_u16=0)),
        plans=PlanStore(nvs),
        settings=Settings(),
        watchdog=Watchdog(machine.WDT),
        forgive_crashes=forgive_crashes,
    )
    return Rig(parts, board, calibration, identity, machine.reset_cause())


def _buttons(board):
    numbers = (("start", board.PIN_BTN_START), ("rpe", board.PIN_BTN_RPE), ("pain", board.PIN_BTN_PAIN))
    return [(name, Button(Pin(number, Pin.IN, Pin.PULL_UP))) for name, number in numbers]


def _i2c(board):
    return machine.I2C(
        board.OLED_I2C_ID, scl=Pin(board.PIN_OLED_SCL), sda=Pin(board.PIN_OLED_SDA), freq=board.OLED_FREQ_HZ
    )


def _sampler(board):
    data_ready = Pin(board.PIN_ADC_DOUT, Pin.IN)
    spi = machine.SPI(
        board.ADC_SPI_ID,
        baudrate=twowire.SPI_BAUD,
        polarity=0,
        phase=0,
        sck=Pin(board.PIN_ADC_SPI_CLK),
        mosi=Pin(board.PIN_ADC_SCK),
        miso=data_ready,
    )
    encoder = quadrature(
        esp32.PCNT, _input(board.PIN_ENC_A), _input(board.PIN_ENC_B), board.ENC_FILTER_NS
    )
    adc = hx711.Hx711(twowire.SpiWire(spi), board.ADC_GAIN_PULSES)
    # Timer 0 is taken by the UART driver on MicroPython 1.28.
    return Sampler(adc, hx711.SETTLING_N, encoder, data_ready, machine.Timer(1), time)


def _input(number):
    return Pin(number, Pin.IN, Pin.PULL_UP)


def _log():
    found = esp32.Partition.find(esp32.Partition.TYPE_DATA, label=LOG_PARTITION)
    log = SetLog(found[0] if found else _file_log())
    log.mount()
    return log


def _file_log():
    """A stock board has no partition for the log: files do, at the price that drivers.filelog tells."""
    from drivers import filelog

    return filelog.FileLog(LOG_FOLDER, filelog.sectors_for("/"))


def _link():
    poller = select.poll()
    poller.register(sys.stdin, select.POLLIN)
    return HostLink(poller, sys.stdin.buffer, sys.stdout.buffer, time.ticks_us)
