"""Puts the parts together: the only code that knows both the chip's modules and the rig.

Needed at the start alone: main.py forgets it afterwards.
"""

import binascii
import gc
import os
import select
import sys
import time

import esp32
import machine
from machine import Pin

from drivers.button import Button
from drivers.buzzer import Buzzer
from drivers.hostlink import HostLink
from drivers.pulse_counter import MODULUS
from drivers.watchdog import Watchdog
from rigcore import TYPE_CHECKING
from rigcore.flash_ring import NewerFormat
from rigcore.setlog import SetLog

from .plan_store import PlanStore
from .rig import Parts, Rig
from .sampler import Sampler
from .screen import Screen
from .settings import Settings
from .transient import forget, transient_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rigcore.plan_progress import PlanProgress


FIRMWARE = "0.1.0"
START_BYTES = 12_000  # as main.py says
LOG_FOLDER = "/setlog"
NEWER = "Refused: a newer firmware wrote this rig's sets. Flash the newest one."


def build(board: "Any", opened: "tuple[Any, Any]", tell: "Callable[[str], None]") -> "Rig | None":
    """The rig, wired as `board` says and ready to start; None when its sets are a newer firmware's.

    `opened`: what app.panels has opened; `tell(words)` says what is being done.
    """
    nvs = esp32.NVS("retrorig")
    keeping = transient_import("app.keeping")
    tell("log")
    try:
        log = _log(keeping, tell)
    except NewerFormat:
        print(NEWER)
        return None
    tell("settings")
    kept = keeping.opened()
    if log.next_no() == 1 and keeping.log_partition():  # to look for files takes 12 ms
        keeping.adopt(kept)
    store = transient_import("app.store")
    rig_id = binascii.hexlify(machine.unique_id()).decode()
    identity = {"rig": rig_id, "firmware": FIRMWARE, "pack": _pack_digest()}
    identity.update(store.begin_boot(nvs, log.next_no() == 1))
    calibration = store.usable_calibration(keeping.loaded(kept, "calibration"), _uncalibrated(board))
    settings = Settings(keeping.loaded(kept, "settings"))
    display, frame = opened
    canvas = display if frame is None else transient_import("app.canvas").Canvas(frame)
    plans = PlanStore(nvs, kept)
    plans.damaged_n = keeping.damaged_n(kept, tell)
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
        progress=_progress(plans, nvs, log),
        settings=settings,
        watchdog=Watchdog(machine.WDT),
        files_free=_files_free(),
    )
    rig = Rig(parts, calibration, identity, machine.reset_cause())
    for module in ("rigcore.transitions", "rigcore.kept", "rigcore.draft", "rigcore.bit_repair"):
        forget(module)
    rig.session.account.carry(*transient_import("app.plan_start").rest(nvs, log.last_set_no()))
    return rig


def _uncalibrated(board: "Any") -> "dict[str, Any]":
    """What is taken for true of roller and load cell until somebody calibrates."""
    return {
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


def _pack_digest() -> str:
    """What tells this build of the firmware from others (firmware_build/pack.py); "" where modules lie as files."""
    try:
        with open("/firmware.pack", "rb") as file:
            return file.readline().split()[1].decode()
    except OSError:
        return ""


def _files_free() -> int:
    status = os.statvfs("/")
    return status[0] * status[3]


def _progress(plans: "PlanStore", nvs: "Any", log: "SetLog") -> "PlanProgress":
    """The plan that is under way, after the sets that the log says are done."""
    start = transient_import("app.plan_start")
    progress = start.resumed(plans, nvs, lambda: transient_import("app.latest").latest_set(log))
    forget("rigcore.field_reader")
    forget("app.kept_plans")
    return progress


def _buttons(board: "Any") -> "list[tuple[str, Button]]":
    numbers = (("start", board.PIN_BTN_START), ("rpe", board.PIN_BTN_RPE), ("pain", board.PIN_BTN_PAIN))
    return [(name, Button(Pin(number, Pin.IN, Pin.PULL_UP))) for name, number in numbers]


def _sampler(board: "Any", converter: "tuple[Any, ...]") -> "Sampler":
    encoder = transient_import("drivers.pulse_counter").quadrature(
        esp32.PCNT, _input(board.PIN_ENC_A), _input(board.PIN_ENC_B), board.ENC_FILTER_NS
    )
    # Timer 0 is taken by the UART driver on MicroPython 1.28.
    return Sampler(converter[0], converter[1], encoder, Pin(board.PIN_ADC_DOUT), machine.Timer(1), time)


def _input(number: int) -> "Pin":
    return Pin(number, Pin.IN, Pin.PULL_UP)


def _log(keeping: "Any", tell: "Callable[[str], None]") -> "SetLog":
    partition = keeping.log_partition()
    log = SetLog(partition, keeping.sets_n(partition)) if partition else SetLog(_file_log())
    gc.threshold(-1)  # what the loops of a mount leave behind needs no collection of its own
    transient_import("rigcore.recovery").mount(log, tell)
    gc.threshold(START_BYTES)
    for module in (
        "rigcore.rescue",
        "rigcore.recovery",
        "rigcore.bit_repair",
        "rigcore.renewal",
    ):  # where something was damaged
        forget(module)
    return log


def _file_log() -> "Any":
    """The log in files, for a stock board without a partition for it; drivers/filelog.py says what that costs."""
    filelog = transient_import("drivers.filelog")
    return filelog.FileLog(LOG_FOLDER, filelog.sectors_for("/"))


def _link() -> "HostLink":
    poller = select.poll()
    poller.register(sys.stdin, select.POLLIN)
    return HostLink(poller, sys.stdin.buffer, sys.stdout.buffer, time.ticks_us)
