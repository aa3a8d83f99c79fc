"""The main loop: takes samples from the ring, and does one small thing of everything else per pass."""

import gc
import time

from drivers.button import LONG, SHORT
from rigcore.average import CodeAverage
from rigcore.bootguard import HEALTHY_MS
from rigcore.force import FAULT_BASE, ForceScale
from rigcore.motion import Geometry, PulseTotal
from rigcore.protocol import ERR_MOVING, ERR_NOISY, RequestError
from rigcore.records import SCHEMA
from rigcore.session import Session
from rigcore.setwriter import SetWriter
from rigcore.ticks import ticks_diff

from .desk import Desk

PASS_MS = 5
DRAW_US = 200_000
COLLECT_US = 1_000_000
DISPLAY_N = 8  # conversions averaged for the force on the display: 0.1 s
TARE_N = 64
TARE_SPREAD = 20_000  # codes; about 9 N on a 2 kN cell: a hand on the line is more


class View:
    """The values on the display; distances and times are of the running or the last set."""

    def __init__(self):
        self.distance_mm = 0
        self.elapsed_ms = 0
        self.speed_mmps = 0
        self.force_mn = None
        self.words = ""


class Parts:
    """What main.py has wired: drivers and streams, by name."""

    def __init__(self, **parts):
        for name in parts:
            setattr(self, name, parts[name])


class Rig:
    """`start()`, then `step()` for ever, then `stop()`."""

    def __init__(self, parts, board, calibration, identity, reset_cause):
        self.sampler = parts.sampler
        self.log = parts.log
        self.identity = identity
        self.calibration = calibration
        self.reset_cause = reset_cause
        self.athlete = ""
        self.view = View()
        self.pulses = PulseTotal(parts.modulus)
        self.geometry = Geometry(calibration["counts_per_rev"], calibration["circumference_um"])
        self.session = Session(self.geometry, SetWriter(parts.log), self._header)
        self.desk = Desk(self, parts.link)
        self._parts = parts
        self._board = board
        self._codes = CodeAverage(TARE_N)
        self._ticks_us = time.ticks_us
        self._zero = calibration["zero"]
        self._clock_set = None
        self._forgiven = False
        self._set_scale()
        self._drawn_ticks = self._collected_ticks = self._ticks_us()
        self.session.clock.feed(self._drawn_ticks)
        self.boot_ms = self.board_us() // 1000

    def start(self):
        gc.collect()
        self.sampler.start()

    def stop(self):
        """Leave the board quiet: no timer, no interrupt, a finished set."""
        self.sampler.stop()
        self.session.stop("host")
        self._parts.watchdog.relax()

    def step(self):
        self._take_samples()
        self._read_button()
        self.desk.step()
        now = self._ticks_us()
        if ticks_diff(now, self._drawn_ticks) >= DRAW_US:
            self._drawn_ticks = now
            self._look()
            self._parts.screen.draw(self.view)
        elif not self._parts.display.show_tile():
            self._rest(now)
        self._parts.watchdog.feed()
        if self.sampler.interrupted:
            raise KeyboardInterrupt

    def board_us(self):
        """Microseconds on a scale that never wraps within this boot."""
        return self.session.clock.board_us(self._ticks_us())

    def set_clock(self, unix_ms):
        """The host's time of day; answers with the board's time it was taken at."""
        self._clock_set = (unix_ms, self.board_us())
        return self._clock_set[1]

    def heap_free(self):
        return gc.mem_free()

    def tare(self):
        """Take the present code as zero force; refused while moving or noisy."""
        if self.session.is_recording or self.view.speed_mmps:
            raise RequestError(ERR_MOVING, "Stand still and let the line hang slack, then tare again.")
        if not self._codes.is_full or self._codes.spread() > TARE_SPREAD:
            raise RequestError(ERR_NOISY, "The load cell is not steady; check its wires and the line.")
        self._zero = self._codes.latest(TARE_N)
        self._set_scale()
        return self._zero

    def _set_scale(self):
        scale_nn = self.calibration["scale_nn"]
        self._scale = ForceScale(self._zero, scale_nn) if scale_nn else None

    def _take_samples(self):
        sampler = self.sampler
        while sampler.take():
            count = self.pulses.feed(sampler.value)
            self._codes.feed(sampler.code)
            self.session.feed(sampler.ticks, count, sampler.code)

    def _read_button(self):
        press = self._parts.button.poll(self._ticks_us())
        if press == SHORT:
            self.session.stop("button")
        elif press == LONG:
            try:
                self.tare()
            except RequestError as refusal:
                self.view.words = refusal.args[0]

    def _look(self):
        """Bring the displayed values up to date."""
        view, session = self.view, self.session
        view.speed_mmps = self.geometry.speed_mmps(*session.speed_counts_us())
        code = self._codes.latest(DISPLAY_N)
        view.force_mn = None if code is None or self._scale is None else self._scale.millinewtons(code)
        view.distance_mm = self.geometry.mm(session.directions.backward)
        view.elapsed_ms = session.elapsed_ms()
        view.words = self._words()

    def _words(self):
        if self.session.refused:
            return "full: pull"
        if self.session.code >= FAULT_BASE and not self._codes.n:
            return "no cell"
        return "set %d" % self.log.index.no[-1] if self.session.is_recording else "ready"

    def _rest(self, now):
        """Nothing is urgent: collect garbage, erase flash if the belt stands, sleep."""
        if ticks_diff(now, self._collected_ticks) >= COLLECT_US:
            self._collected_ticks = now
            gc.collect()
            self._forgive()
        elif not self.session.is_recording and not self.view.speed_mmps:
            self.log.erase_step()
        time.sleep_ms(PASS_MS)

    def _forgive(self):
        if not self._forgiven and self.board_us() // 1000 - self.boot_ms > HEALTHY_MS:
            self._forgiven = True
            self._parts.forgive_crashes()

    def _unix_ms(self, board_us):
        """Time of day at a moment of this boot, None until the host has told the time."""
        if self._clock_set is None:
            return None
        unix_ms, at_us = self._clock_set
        return unix_ms + (board_us - at_us) // 1000

    def _header(self, start_us):
        header = {
            "schema": SCHEMA,
            "no": self.log.next_no(),
            "kind": "free",
            "machine": self._board.MACHINE,
            "athlete": self.athlete,
            "start_us": start_us,
            "start_unix_ms": self._unix_ms(start_us),
            "zero": self._zero,
            "rate_mhz": self._board.ADC_RATE_MHZ,
            "delay_conv": self._board.ADC_DELAY_CONV10,
            "cal": self.calibration["id"],
        }
        for key in ("rig", "boot", "firmware"):
            header[key] = self.identity[key]
        for key in ("counts_per_rev", "circumference_um"):
            header[key] = self.calibration[key]
        header["scale_nn"] = self.calibration["scale_nn"] or None
        return header
