"""Puts the parts together: the only code that knows both the chip's modules and the rig.

Needed at the start alone: main.py forgets it afterwards.
"""

import binascii
import select
import sys
import time

import esp32
import framebuf
import machine
from machine import Pin

from drivers.button import Button
from drivers.buzzer import Buzzer
from drivers.hostlink import HostLink
from drivers.oled import HEIGHT, WIDTH
from drivers.pulse_counter import MODULUS
from drivers.watchdog import Watchdog
from rigcore import TYPE_CHECKING
from rigcore.setlog import SetLog

from .plan_store import PlanStore
from .rig import Parts, Rig
from .sampler import Sampler
from .screen import Screen
from .settings import Settings
from .transient import forget, transient_import

if TYPE_CHECKING:
    from typing import Any

    from rigcore.plan_progress import PlanProgress


FIRMWARE = "0.1.0"
LOG_PARTITION = "setlog"
LOG_FOLDER = "/setlog"


def build(board: "Any") -> "Rig":
    """The rig, wired as `board` says and ready to start."""
    nvs = esp32.NVS("retrorig")
    store = transient_import("app.store")
    log = _log()
    rig_id = binascii.hexlify(machine.unique_id()).decode()
    identity = {"rig": rig_id, "firmware": FIRMWARE, "pack": _pack_digest()}
    identity.update(store.begin_boot(nvs, log.next_no() == 1))
    calibration = store.load_calibration(
        {
            "id": "none",
            "counts_per_rev": board.COUNTS_PER_REV,
            "circumference_um": board.CIRCUMFERENCE_UM,
            "zero": 0,
            "scale_nn": 0,
            "direction": 1,
            "circumference_pm_ppm": None,
            "span_pm_ppm": None,
            "linearity_mn": None,
            "made_s": None,
        }
    )
    settings = Settings()
    display, canvas = _display(board, settings.get("display"))
    plans = PlanStore(nvs)
    converter = transient_import("app.converters").converter(
        board, settings.get("converter"), settings.get("rate_sps")
    )
    parts = Parts(
        sampler=_sampler(board, converter),
        modulus=MODULUS,
        chain={
            "machine": settings.get("machine"),
            "rate_mhz": converter[2],
            "delay_conv": converter[3],
        },
        log=log,
        link=_link(),
        display=display,
        screen=Screen(canvas),
        buttons=_buttons(board),
        lines=(_input(board.PIN_ENC_A), _input(board.PIN_ENC_B)),
        buzzer=Buzzer(machine.PWM(Pin(board.PIN_BUZZER), freq=1000, duty_u16=0)),
        plans=plans,
        progress=_progress(plans, log),
        settings=settings,
        watchdog=Watchdog(machine.WDT),
    )
    return Rig(parts, calibration, identity, machine.reset_cause())


def _pack_digest() -> str:
    """What tells this build of the firmware from others (firmware_build/pack.py); "" where modules lie as files."""
    try:
        with open("/firmware.pack", "rb") as file:
            return file.readline().split()[1].decode()
    except OSError:
        return ""


def _progress(plans: "PlanStore", log: "SetLog") -> "PlanProgress":
    """The plan that is under way, after the sets that the log says are done."""
    progress = plans.resume(transient_import("app.latest").latest_set(log))
    forget("rigcore.field_reader")
    forget("rigcore.bit_repair")
    return progress


def _buttons(board: "Any") -> "list[tuple[str, Button]]":
    numbers = (("start", board.PIN_BTN_START), ("rpe", board.PIN_BTN_RPE), ("pain", board.PIN_BTN_PAIN))
    return [(name, Button(Pin(number, Pin.IN, Pin.PULL_UP))) for name, number in numbers]


def _display(board: "Any", kind: str) -> "tuple[Any, Any]":
    """(what the rig refreshes, what the pages draw on)."""
    if kind == "st7789":
        large = transient_import("app.largecanvas").LargeCanvas(_large_panel(board))
        return large, large
    i2c = machine.I2C(
        board.OLED_I2C_ID, scl=Pin(board.PIN_OLED_SCL), sda=Pin(board.PIN_OLED_SDA), freq=board.OLED_FREQ_HZ
    )
    panel = transient_import("drivers.oled").Panel(i2c, board.OLED_ADDR, kind == "sh1106")
    frame = framebuf.FrameBuffer(panel.buffer, WIDTH, HEIGHT, framebuf.MONO_VLSB)
    return panel, transient_import("app.canvas").Canvas(frame)


def _large_panel(board: "Any") -> "Any":
    """On the wires of the small one and two more."""
    spi = machine.SPI(
        board.TFT_SPI_ID,
        baudrate=board.TFT_BAUD,
        polarity=0,
        phase=0,
        sck=Pin(board.PIN_OLED_SCL),
        mosi=Pin(board.PIN_OLED_SDA),
        miso=Pin(board.PIN_TFT_DC),  # an input must be named; the next lines make an output of it
    )
    select = Pin(board.PIN_TFT_DC, Pin.OUT)
    light = machine.PWM(Pin(board.PIN_TFT_BL), freq=1000, duty_u16=0)
    size = (board.TFT_WIDTH, board.TFT_HEIGHT)
    st7789 = transient_import("drivers.st7789")
    return st7789.Panel(spi, select, light, size, board.TFT_IS_INVERTED, time.sleep_ms)


def _sampler(board: "Any", converter: "tuple[Any, ...]") -> "Sampler":
    encoder = transient_import("drivers.pulse_counter").quadrature(
        esp32.PCNT, _input(board.PIN_ENC_A), _input(board.PIN_ENC_B), board.ENC_FILTER_NS
    )
    # Timer 0 is taken by the UART driver on MicroPython 1.28.
    return Sampler(converter[0], converter[1], encoder, Pin(board.PIN_ADC_DOUT), machine.Timer(1), time)


def _input(number: int) -> "Pin":
    return Pin(number, Pin.IN, Pin.PULL_UP)


def _log() -> "SetLog":
    found = esp32.Partition.find(esp32.Partition.TYPE_DATA, label=LOG_PARTITION)
    log = SetLog(found[0] if found else _file_log())
    transient_import("rigcore.recovery").mount(log)
    return log


def _file_log() -> "Any":
    """A stock board has no partition for the log: files do, at the price that drivers.filelog tells."""
    filelog = transient_import("drivers.filelog")
    return filelog.FileLog(LOG_FOLDER, filelog.sectors_for("/"))


def _link() -> "HostLink":
    poller = select.poll()
    poller.register(sys.stdin, select.POLLIN)
    return HostLink(poller, sys.stdin.buffer, sys.stdout.buffer, time.ticks_us)
