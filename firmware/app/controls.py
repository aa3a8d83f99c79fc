"""The athlete's buttons, sounds and panel, and what is written to the board's files at standstill."""

from drivers.button import LONG, SHORT
from rigcore import TYPE_CHECKING, state_machine
from rigcore.cues import TUNES, CueWatch
from rigcore.protocol import RequestError
from rigcore.setlog import StoreFull

from .transient import collect_now, forget, transient_import

if TYPE_CHECKING:
    from typing import Any

    from .rig import Parts, Rig


MINUTE_US = 60_000_000
MESSAGE_MS = 3000
ACCEPT_MS = 5000  # a rating that is left alone for so long is taken
DIM_MS = 60_000
OFF_MS = 600_000
BRIGHT, DIM = 255, 1
BRIGHTNESS_N = 5  # settings of it, each as much brighter to the eye
NO_CELL_MS = 3000
REST_MS = 10_000  # after the belt last moved, what it moved since the latest set is written
OVER_MS = 1000  # a limit is shown for so long, because speed swings with each step
PLAIN_MS = 400  # tints are off a page by then
BAND_AFTER_MS = 3000  # a set's first strides come up to speed: they leave no band
FULL = "Store full: plug in a laptop and pull the sets."
NO_MEMORY = "Too little memory: press again."
NO_CELL = "No load cell: check plug and wires."


class Controls:
    """`look(now_ms)` a few times a second, `press` on buttons, `chore()` while the belt stands."""

    def __init__(self, rig: "Rig", parts: "Parts") -> None:
        self._rig = rig
        self._session = rig.session
        self._plan_runner = rig.session.plan_runner
        self._parts = parts
        self._cues = CueWatch()
        self._message_ms = self._tapped_ms = self._active_ms = self._sound_cell_ms = self._over_ms = (
            self._plain_ms
        ) = 0
        # Lists, as what is looked for ten times a second would be kept where the garbage ends.
        self._kept_rest, self._seen_rest = [0, 0], [0, 0]
        self._rest_due_ms = 0
        self._dismissed = ""
        self._row_n = 0  # sets that have a row in the table
        self._written_id, self._written_n = None, 0
        self._brightness = BRIGHT
        self._inverted = self._mirrored = False
        self.shown_no = 0  # the newest set that the host has seen: it no longer changes
        parts.buzzer.volume = rig.settings.get("volume")

    # -- buttons

    def press(self, name: str, press: int) -> None:
        """A button was pressed: "start", "rpe" or "pain"; SHORT or LONG."""
        now_ms = self._session.now_ms
        self._active_ms = now_ms
        if self._session.state == state_machine.RATING:
            self._rate(name, press)
            return
        self._rig.view.ended_ms = -1
        if self._rig.view.page == "settings" and press == SHORT and name != "rpe":
            transient_import("app.menu").press(self._rig, self, name == "pain")
            forget("rigcore.settings_schema")
        elif name != "start":
            if press == LONG:
                self._session.fire("skip" if name == "rpe" else "undo")
            else:
                self._rig.view.turn_page()
        elif press == LONG:
            self._tare()
        elif self._session.state == state_machine.FAULT:
            self._dismissed = self._trouble(now_ms)
            self._session.fire("press")
        elif press == SHORT:
            self._session.fire("press")

    def _rate(self, name: str, press: int) -> None:
        rating = self._plan_runner.rating
        self._tapped_ms = self._session.now_ms
        if press == LONG:
            self._accept()
        else:
            rating.tap("" if name == "start" else name)

    def _accept(self) -> None:
        self._tapped_ms = self._session.now_ms
        if self._plan_runner.rating.accept():
            self._session.fire("rated")

    def _tare(self) -> None:
        try:
            self._rig.tare()
            self.say("Tare: force is now zero.")
        except RequestError as refusal:
            self.say(refusal.args[1])

    def say(self, words: str) -> None:
        """Show these words for a moment."""
        self._rig.view.message = words
        self._message_ms = self._session.now_ms + MESSAGE_MS

    # -- looking

    def look(self, ticks: int) -> None:
        """Choose the page, play the sounds, look after panel and faults."""
        session, view = self._session, self._rig.view
        now_ms = session.now_ms
        rating = self._plan_runner.rating
        self._keep_row()
        if session.state == state_machine.RATING and rating.question in rating.values:
            if now_ms - self._tapped_ms >= ACCEPT_MS:
                self._accept()
        self._watch_faults(now_ms)
        view.page = "message" if now_ms < self._message_ms else view.page_of(session.state)
        band = view.band() if view.elapsed_ms >= BAND_AFTER_MS else None
        tune = self._cues.look(session, view.distance_mm, band, view.is_over)
        buzzer, volume = self._parts.buzzer, self._rig.settings.get("volume")
        if volume != buzzer.volume:  # to be heard at once
            buzzer.volume, tune = volume, "count"
        if tune and self._rig.settings.get("sound") == "on":
            buzzer.play(TUNES[tune], ticks)
        buzzer.beat(self._beat_us(), ticks)
        self._mind_panel(now_ms)

    def _beat_us(self) -> int:
        """Of the metronome: the middle of the plan's cadence while a set runs; 0 when nobody wants it."""
        plan_runner = self._plan_runner
        if self._session.state != state_machine.RUNNING or self._rig.settings.get("metronome") != "on":
            return 0
        band = plan_runner.progress.get("cadence_spm", plan_runner.index) if plan_runner.index >= 0 else None
        return 2 * MINUTE_US // (band[0] + band[1]) if band else 0

    def _keep_row(self) -> None:
        """Add a row to the table of sets once a set has ended."""
        if self._row_n != self._session.set_n:
            self._row_n = self._session.set_n
            collect_now()  # it stays
            self._rig.view.keep_row(self._rig.mean_pull_mn())

    def _watch_faults(self, now_ms: int) -> None:
        words = self._trouble(now_ms)
        self._rig.view.trouble = words
        if words and words != self._dismissed and self._session.state in state_machine.BETWEEN_STATES:
            self._session.fire("fault")
        elif not words:
            self._dismissed = ""
            if self._session.state == state_machine.FAULT:
                self._session.fire("mended")

    def _trouble(self, now_ms: int) -> str:
        if self._rig.has_pull():
            self._sound_cell_ms = now_ms
        if self._session.refused:
            return FULL
        return NO_CELL if now_ms - self._sound_cell_ms > NO_CELL_MS else ""

    def _mind_panel(self, now_ms: int) -> None:
        display, session, settings = self._parts.display, self._session, self._rig.settings
        mirrored = settings.get("mirror") == "on"
        if mirrored != self._mirrored:
            self._mirrored = mirrored
            display.mirror(mirrored)
        if session.is_recording or self._rig.view.speed_mmps or session.state == state_machine.COUNTDOWN:
            self._active_ms = now_ms
        idle_ms = now_ms - self._active_ms
        bright = BRIGHT * settings.get("brightness") ** 2 // BRIGHTNESS_N**2
        brightness = 0 if idle_ms >= OFF_MS else DIM if idle_ms >= DIM_MS else bright
        if brightness != self._brightness:
            self._brightness = brightness
            display.brightness(brightness)
        if self._rig.view.is_over:
            self._over_ms = now_ms + OVER_MS
        is_turn = self._cues.is_last() and now_ms // 250 % 2 == 0
        is_over = now_ms < self._over_ms
        is_flashing = session.is_recording and (is_over or self._cues.is_last())
        if is_flashing != self._rig.view.is_flashing:
            self._rig.view.is_flashing, self._plain_ms = is_flashing, now_ms + PLAIN_MS
        inverted = is_flashing and (is_turn or is_over) and now_ms >= self._plain_ms
        if inverted != self._inverted:
            self._inverted = inverted
            display.invert(inverted)

    # -- files and notes

    def settled(self, found: "list[int]") -> "list[int]":
        """Those index positions whose sets are final: nothing will be added to them."""
        no = self._rig.log.index.no
        ready = [i for i in found if no[i] != self._plan_runner.pending_no]
        if ready:
            self.shown_no = max(self.shown_no, no[ready[-1]])
        return ready

    def chore(self) -> bool:
        """Write one waiting item to flash; True if there was one. Only while the belt stands and no set is open."""
        plan_runner = self._plan_runner
        if plan_runner.notes:
            number, values = plan_runner.notes.pop(0)
            if values and number > self.shown_no:
                self._note(number, values)
            return True
        if self._keep_rest():
            return True
        progress = plan_runner.progress
        plan_id = progress.plan["id"] if progress.has_plan else ""
        if plan_id == self._written_id and progress.done_n == self._written_n:
            return False
        self._written_id, self._written_n = plan_id, progress.done_n
        self._rig.plans.keep_progress(plan_id, progress.done_n, self._rig.log.index.last_no())
        return True

    def _keep_rest(self) -> bool:
        """Store the counts since the latest set, so that little is lost with the power; True if they were written."""
        session = self._session
        moved = session.rest_counts()
        if _differ(moved, self._seen_rest):
            self._seen_rest[:] = moved
            self._rest_due_ms = session.now_ms + REST_MS
        if not _differ(moved, self._kept_rest) or session.now_ms < self._rest_due_ms:
            return False
        self._kept_rest[:] = moved
        self._rig.plans.keep_rest(self._rig.log.last_set_no(), moved, session.account.since_set)
        return True

    def _note(self, number: int, values: "dict[str, Any]") -> None:
        try:
            self._rig.log.note(number, values)
        except StoreFull:  # the set stays without it; the fault page tells of the store
            pass


def _differ(moved: "tuple[int, int]", known: "list[int]") -> bool:
    """Compared place by place: a tuple made of the list would be garbage in each pass."""
    return moved[0] != known[0] or moved[1] != known[1]
