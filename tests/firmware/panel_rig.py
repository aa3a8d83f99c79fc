"""A double of the rig for tests of its controls."""

from app.controls import Controls
from drivers.button import SHORT
from rigcore.protocol import ERR_NOISY, RequestError
from rigcore.rating import Rating
from rigcore.state_machine import IDLE

LOOK_MS = 100


MINUTE_MS = 60_000


class Thing:
    """Attributes by name."""

    def __init__(self, **named):
        for name in named:
            setattr(self, name, named[name])


class Rig:
    """As much of a rig as its controls need: what they do is noted in `done`, what is asked of it is set by tests."""

    def __init__(self):
        self.done = []
        self.options = {"brightness": 5, "volume": 4, "mirror": "off"}
        # the session
        self.state, self.now_ms, self.set_n = IDLE, 0, 0
        self.is_recording = self.refused = False
        self.rest = (0, 0)
        self.account = Thing(since_set="since")
        # its plan
        self.rating = Rating()
        self.pending_no, self.index, self.notes = 0, -1, []
        self.has_plan, self.done_n, self.cadence = False, 0, None
        self.target, self.amount = "", 0
        # the view
        self.page = self.message = self.trouble = ""
        self.elapsed_ms = self.distance_mm = self.speed_mmps = self.ended_ms = 0
        self.is_over = self.is_flashing = False
        self.off_band = None
        # the rest
        self.plan = {"id": "plan"}
        self.pull = True
        self.noise = None
        self.is_standing = True
        self.session = self.view = self.plan_runner = self.progress = self.settings = self
        self.display = self.buzzer = self.plans = self.sampler = self
        self.parts = self
        index = Thing(no=[3, 4, 5], last_no=self.last_set_no)
        self.log = Thing(index=index, last_set_no=self.last_set_no, note=self.note)
        self.controls = Controls(self, self)
        self.done.clear()

    def look(self, ms=LOOK_MS):
        """Look, as the main loop does, until so much time is over."""
        for _ in range(ms // LOOK_MS):
            self.now_ms += LOOK_MS
            self.controls.look(self.now_ms * 1000)

    def press(self, name, press=SHORT):
        self.controls.press(name, press)

    def last(self, what):
        """What was given to the latest call of this name; None if there was none."""
        found = [given for name, given in self.done if name == what]
        return found[-1] if found else None

    # what the session, its plan and its view are asked

    def fire(self, event):
        self.done.append(("fire", event))

    def rest_counts(self):
        return self.rest

    def get(self, name, index=-1):
        if index >= 0:
            return self.cadence if name == "cadence_spm" else "work"
        return self.options.get(name, "on")

    def page_of(self, state):
        return state

    def band(self):
        return self.off_band

    def keep_row(self, pull):
        self.done.append(("row", pull))

    def turn_page(self):
        self.done.append(("page", None))

    def mean_pull_mn(self):
        return 1234

    def has_pull(self):
        return self.pull

    def is_still(self):
        return self.is_standing

    def tare(self):
        if self.noise:
            raise RequestError(ERR_NOISY, self.noise)

    # what the parts are told

    def brightness(self, level):
        self.done.append(("brightness", level))

    def invert(self, is_on):
        self.done.append(("invert", is_on))

    def mirror(self, is_on):
        self.done.append(("mirror", is_on))

    def play(self, tune, ticks):
        self.done.append(("play", tune))

    def beat(self, period_us, ticks):
        self.done.append(("beat", period_us))

    def keep_progress(self, plan_id, done_n, last_no):
        self.done.append(("progress", (plan_id, done_n)))

    def keep_rest(self, no, moved, since):
        self.done.append(("rest", moved))

    def last_set_no(self):
        return 7

    def note(self, number, values):
        self.done.append(("note", (number, values)))
