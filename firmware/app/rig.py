"""The main loop: takes samples from the ring, and does one small thing of everything else per pass."""

import gc
import time

from rigcore import TYPE_CHECKING
from rigcore.average import CodeAverage, latest_stride
from rigcore.bootguard import HEALTHY_MS
from rigcore.force import FAULT_BASE, ForceScale
from rigcore.motion import Geometry, PulseTotal
from rigcore.plausibility import Plausibility
from rigcore.session import Session
from rigcore.setwriter import SetWriter
from rigcore.ticks import ticks_diff

from .controls import NO_MEMORY, Controls
from .request_handler import RequestHandler
from .transient import collect_by, forget, transient_import
from .view import TRACE_US, View

if TYPE_CHECKING:
    from typing import Any

    from machine import Pin

    from drivers.button import Button
    from drivers.buzzer import Buzzer
    from drivers.hostlink import HostLink
    from drivers.watchdog import Watchdog
    from rigcore.plan_progress import PlanProgress
    from rigcore.setlog import SetLog

    from .plan_store import PlanStore
    from .sampler import Sampler
    from .screen import Screen
    from .settings import Settings

PASS_MS = 5
LOOK_US = 100_000
DRAW_LOOKS = 2  # looks to a drawing
COLLECT_US = 1_000_000  # a second leaves 10 KB of garbage; a full heap would be collected at any moment
LITTER_KB = 10  # and so much of an answer's and a large panel's
LATE = (  # what others load where they need it
    "rigcore.fields",
    "rigcore.renewal",
    "rigcore.bootguard",
    "rigcore.set_bytes",
    "rigcore.kept",
    "rigcore.kept_damage",
    "rigcore.draft",
    "rigcore.bit_repair",
    "app.kept_plans",
    "app.standstill",
)
DISPLAY_N = 8  # conversions averaged for the force on the display: 0.1 s; with fewer sound ones it is unknown
MINUTE_US = 60_000_000
TARE_N = 64


class Parts:
    """What wiring.py has put together: drivers and streams, by name."""

    sampler: "Sampler"
    modulus: int  # of the pulse counter
    chain: "dict[str, Any]"  # what a set's header says of the converter and the machine
    log: "SetLog"
    link: "HostLink"
    display: "Any"  # drivers.oled.Panel or LargeCanvas
    screen: "Screen"
    buttons: "list[tuple[str, Button]]"
    lines: "tuple[Pin, Pin]"  # of the encoder
    buzzer: "Buzzer"
    plans: "PlanStore"
    progress: "PlanProgress"
    settings: "Settings"
    watchdog: "Watchdog"
    files_free: int  # bytes of the file system at the start: to look takes the time of several conversions

    def __init__(self, **parts: "Any") -> None:
        for name in parts:
            setattr(self, name, parts[name])


class Rig:
    """`start()`, then `step()` for ever, then `stop()`."""

    def __init__(
        self, parts: "Parts", calibration: "dict[str, Any]", identity: "dict[str, Any]", reset_cause: int
    ) -> None:
        self.sampler = parts.sampler
        self.log = parts.log
        self.log.takes_notes = True
        self.identity = identity
        self.calibration = calibration
        self.reset_cause = reset_cause
        self.athlete = ""
        self.plans = parts.plans
        self.settings = parts.settings
        self.pulses = PulseTotal(parts.modulus, calibration["direction"])
        self.geometry = Geometry(calibration["counts_per_rev"], calibration["circumference_um"])
        self.plausibility = Plausibility(self.geometry)
        self._writer = SetWriter(parts.log)
        self.session = Session(
            self.geometry, self._writer, self._header, parts.progress, self._before_first_movement
        )
        self.view = View(parts.settings, self.session)
        self.handler = RequestHandler(self, parts.link)
        self.controls = Controls(self, parts)
        self.parts = parts
        self.codes = CodeAverage(TARE_N)
        self._ticks_us = time.ticks_us
        self.zero = calibration["zero"]
        self._clock_set = None
        self._forgiven = False
        self.set_scale()
        self._looked_ticks = self._collected_ticks = self._traced_ticks = self._ticks_us()
        self._looks_n = 0
        self.session.clock.feed(self._looked_ticks)
        self.plans_changed()
        self.boot_ms = self.board_us() // 1000

    def start(self) -> None:
        self.sampler.start()
        collect_by(self.collect)

    def collect(self) -> None:
        """Collect garbage when a conversion was just read: the next one is ready and read after that."""
        for module in LATE:
            forget(module)
        self.sampler.wait_for_reading()
        gc.collect()
        self.handler.settle()
        self._collected_ticks = self._ticks_us()
        self.handler.litter_kb = self.parts.display.litter_kb = 0

    def stop(self) -> None:
        """Leave the board quiet: no timer, no interrupt, a finished set."""
        self.sampler.stop()
        self.session.stop("host")
        self.parts.watchdog.relax()
        collect_by(None)

    def step(self) -> None:
        self._take_samples()
        now = self._ticks_us()
        self._read_buttons(now)
        self.handler.step()
        if ticks_diff(now, self._looked_ticks) >= LOOK_US:
            self._look(now)
        elif self._is_littered(now):
            self.collect()
            self._forgive()
        elif not self.parts.display.show_tile():
            self._rest()
        self.parts.watchdog.feed()
        if self.sampler.interrupted:
            raise KeyboardInterrupt

    def plans_changed(self) -> None:
        """The store has other plans than before."""
        self.session.plan_runner.plan_ids = self.plans.ids()
        self.session.plan_runner.load_plan = self.plans.load

    def board_us(self) -> int:
        """Microseconds on a scale that never wraps within this boot."""
        return self.session.clock.board_us(self._ticks_us())

    def set_clock(self, unix_ms: int) -> int:
        """The host's time of day; answers with the board's time it was taken at."""
        self._clock_set = (unix_ms, self.board_us())
        return self._clock_set[1]

    def has_pull(self) -> bool:
        """Whether the latest conversions of the load cell were valid."""
        return self.codes.n >= DISPLAY_N

    def mean_pull_mn(self) -> "int | None":
        """Mean pull of the running or the latest set, None without a load cell."""
        code = self.session.steps.mean_code()
        return None if code is None or not self._scale else self._scale.millinewtons(code)

    def is_still(self) -> bool:
        """Whether no set runs and the belt stands: only then are files written and sectors erased."""
        return not self.session.is_recording and not self.view.speed_mmps

    def tare(self) -> int:
        """Take the present code as zero force; RequestError while moving or noisy."""
        return transient_import("app.taring").tare(self)

    def set_scale(self) -> None:
        """Take force from the present zero and calibration on."""
        scale_nn = self.calibration["scale_nn"]
        self._scale = self.view.scale = ForceScale(self.zero, scale_nn) if scale_nn else None

    def _take_samples(self) -> None:
        sampler = self.sampler
        while sampler.take():
            count = self.pulses.feed(sampler.value)
            self.codes.feed(sampler.code)
            self.session.feed(sampler.ticks, count, sampler.code)
            if ticks_diff(sampler.ticks, self._traced_ticks) >= TRACE_US:
                self._traced_ticks = sampler.ticks
                is_sound = self._scale is not None and sampler.code < FAULT_BASE
                self.view.keep_trace(self._scale.millinewtons(sampler.code) if is_sound else 0)

    def _read_buttons(self, now: int) -> None:
        self.parts.buzzer.step(now)
        for name, button in self.parts.buttons:
            press = button.poll(now)
            if press:
                try:
                    self.controls.press(name, press)
                except MemoryError:  # a plan found no room in the heap: none is chosen, the rig goes on
                    self.controls.say(NO_MEMORY)

    def see(self) -> None:
        """Bring the view's numbers up to the newest sample."""
        view, session = self.view, self.session
        view.speed_mmps = self.geometry.speed_mmps(*session.speed_counts_us())
        code = self.codes.latest(DISPLAY_N)
        view.force_mn = None if code is None or self._scale is None else self._scale.millinewtons(code)
        view.distance_mm = self.geometry.mm(session.directions.backward)
        view.elapsed_ms = session.elapsed_ms()

    def _see_stride(self) -> None:
        """Bring what the athlete is shown of speed, pull and cadence up to the newest sample."""
        view, session = self.view, self.session
        begun = session.run.movement.begun if session.is_recording else 0
        counts, span_us, code, steps_n = latest_stride(session.history, session.steps, begun)
        view.stride_mmps = self.geometry.speed_mmps(counts, span_us)
        view.cadence_spm = MINUTE_US * steps_n // span_us if steps_n else None
        view.stride_mn = view.force_mn
        if self._scale and view.force_mn is not None and code is not None:
            view.stride_mn = self._scale.millinewtons(code)

    def _look(self, now: int) -> None:
        """Bring the displayed values up to date; draw them every other time."""
        span_ms = ticks_diff(now, self._looked_ticks) // 1000
        self._looked_ticks = now
        view, session = self.view, self.session
        session.still_ms = self.settings.get("still_s") * 1000
        session.run.zero = self.zero if self._scale else None
        session.run.doubt = self.plausibility.doubt
        self.see()
        if self.plausibility.feed(self.pulses.total, view.force_mn):
            self.controls.say(self.plausibility.doubt)
        view.is_over = session.watch_limits(view.speed_mmps, view.force_mn, span_ms)
        self.controls.look(now)
        self._looks_n += 1
        self.handler.looks_n += 1
        if self._looks_n % DRAW_LOOKS == 0:
            self.parts.screen.draw(view)
        else:  # the look that draws takes long enough
            self._see_stride()

    def _is_littered(self, now: int) -> bool:
        """Whether garbage is to be collected: also while a large panel paints without a pause."""
        if self.handler.litter_kb + self.parts.display.litter_kb >= LITTER_KB:
            return True
        return ticks_diff(now, self._collected_ticks) >= COLLECT_US

    def _rest(self) -> None:
        """Idle time: write and erase flash if the belt stands, then sleep."""
        if self.is_still():
            # An erase stalls the line for 50 ms and more: a pull comes first.
            if self.log.may_free or not self.controls.chore() and not self.handler.is_sending:
                self._erase()
        time.sleep_ms(PASS_MS)

    def _erase(self) -> None:
        """One sector, if one is to be erased. Those of what is kept wait until the host asks nothing more."""
        began = self._ticks_us()
        is_erased = self.log.erase_step()
        forget("rigcore.remark_room")
        if not is_erased and (self.handler.is_quiet or self.plans.is_short):
            is_erased = self.plans.erase_step()
        if is_erased:
            self.sampler.watch.pause(began, self._ticks_us())

    def _forgive(self) -> None:
        if not self._forgiven and self.board_us() // 1000 - self.boot_ms > HEALTHY_MS:
            self._forgiven = True
            transient_import("app.crashes").forgive()

    def unix_ms(self, board_us: int) -> "int | None":
        """Time of day at a moment of this boot, None until the host has told the time."""
        if self._clock_set is None:
            return None
        unix_ms, at_us = self._clock_set
        return unix_ms + (board_us - at_us) // 1000

    def _before_first_movement(self) -> None:
        """What a set needs is loaded side by side, after a collection: so free memory stays in one piece."""
        if not self.session.run.has_moved:
            transient_import("app.first_movement").load()
        self.collect()
        self._writer.load()

    def _header(self, start_us: int) -> "dict[str, Any]":
        return transient_import("app.header").rig_fields(self, self.parts.chain, start_us)
