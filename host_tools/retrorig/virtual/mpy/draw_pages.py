"""Draws every page of the real display code in awkward states; prints a name and the frame in hex for each.

    micropython draw_pages.py FIRMWARE [WIDTH HEIGHT [reversed|costs]]

With a size a large panel of that size, else the small one; `reversed` begins with the last page. `costs` prints the
bytes of pixels of each strip instead: those that draw the page on black glass, and those that make it black again.
"""

import sys

sys.path[:] = [sys.argv[1]]

import binascii
import math

import framebuf

from app import screen, view
from app.canvas import Canvas
from app.largecanvas import LargeCanvas
from rigcore import state_machine
from rigcore.plausibility import NO_MOVEMENT, SWAPPED
from rigcore.plan_progress import PlanProgress
from rigcore.force import ForceScale
from rigcore.rating import Rating
from rigcore.session import Session
from rigcore.settings_schema import SETTINGS
from rigcore.motion import Geometry

ROOM_WIDTH, ROOM_HEIGHT = 192, 96  # more than the panel, to see what would be cut off
NAME_24 = "A heavy sled, very long."


class DrawnSettings:
    def __init__(self, **values):
        self._values = {name: SETTINGS[name][0] for name in SETTINGS}
        self._values["still_s"] = 10
        self._values.update(values)

    def get(self, name):
        return self._values[name]


def block(**more):
    found = {"kind": "work", "times": 5, "target": "distance", "amount": 10_000, "rest_ms": 60_000}
    found.update(more)
    return found


def plan(name="Light sled 5 x 10 m", rule=None, **more):
    found = {"id": "p", "name": name, "blocks": [block(**more)]}
    if rule:
        found["rule"] = rule
    return found


RULE = {
    "green": {"pain": 2},
    "amber": {"pain": 4},
    "amber_text": "AMBER same again",
    "red_text": "RED: ask coach",
}


SHOWN = {"speed_mmps": "stride_mmps", "force_mn": "stride_mn"}  # what pages show of them


def case(state, progress=None, settings=None, page=None, plan_runner=None, session=None, **values):
    """A view in this state."""
    followed = PlanProgress(progress, 1) if progress else None
    looked = view.View(settings or DrawnSettings(), Session(Geometry(2400, 250_000), None, None, followed))
    looked.session.state_machine.state = state
    looked.page = page or state
    for key in values:
        setattr(looked, SHOWN.get(key, key), values[key])
    inner = looked.session.plan_runner
    if progress:
        inner.index, inner.target, inner.amount = (
            1,
            inner.progress.get("target"),
            inner.progress.get("amount"),
        )
    for key in plan_runner or ():
        setattr(inner, key, plan_runner[key])
    for key in session or ():
        setattr(looked.session, key, session[key])
    return looked


def rating(value):
    found = Rating(("rpe", "pain"))
    if value is not None:
        found.give("rpe", value)
    return found


def wave():
    """Two steps of a pull of 120 to 240 N."""
    return bytearray(int(180 + 60 * math.sin(i * 0.22)) // 8 for i in range(view.TRACE_N))


def pulled(looked):
    """The view after some steps of the same pull."""
    looked.scale = ForceScale(0, 500_000)
    for i in range(500):
        code = int(2000 * (180 + 60 * math.sin(i * 0.13)))
        looked.session.history.push(i * 11_700, 0, code)
        looked.session.steps.feed(code)
    return looked


ROWS = [("1/5", 10_000, 12_400, 176_000, 18), ("2/5", 10_000, 11_200, 182_000, 19)]
LONG = ("199/200", 9_999_000, 35_999_000, 1_999_000, 9999)  # of the latest sets
FAST = DrawnSettings(speed_unit="km/h")
YARDS = DrawnSettings(distance_unit="yd", speed_unit="mph", force_unit="lbf")
KILOGRAMS = DrawnSettings(force_unit="kgf")
STEPPED = DrawnSettings(upper="cadence", lower="steps")
RUN, REST = state_machine.RUNNING, state_machine.RESTING
CASES = (
    ("run free", case(RUN, distance_mm=12_340, elapsed_ms=9000, speed_mmps=1234, force_mn=245_300)),
    ("run left", case(RUN, plan(), distance_mm=600, elapsed_ms=9000, speed_mmps=900, force_mn=180_000)),
    ("run near", case(RUN, plan(), distance_mm=8_700, speed_mmps=900, force_mn=180_000)),
    ("run 100", case(RUN, plan(amount=120_000), distance_mm=3_000, speed_mmps=900, force_mn=1_999_000)),
    ("run 9999", case(RUN, distance_mm=9_999_000, speed_mmps=27_775, force_mn=1_999_000, _settings=FAST)),
    (
        "run time",
        case(RUN, plan(target="time", amount=300_000), elapsed_ms=12_000, speed_mmps=700, force_mn=None),
    ),
    (
        "run hours",
        case(RUN, plan(target="time", amount=36_000_000), elapsed_ms=1000, speed_mmps=0, force_mn=0),
    ),
    ("run steps", case(RUN, plan(target="steps", amount=30), speed_mmps=700, force_mn=-12_000)),
    ("run back", case(RUN, distance_mm=-1_500, speed_mmps=-1200, force_mn=-120_000)),
    ("run yards", case(RUN, distance_mm=91_440, speed_mmps=1788, force_mn=250_000, _settings=YARDS)),
    (
        "limit",
        case(RUN, plan(speed_max_mmps=900), distance_mm=600, speed_mmps=1200, force_mn=180_000, is_over=True),
    ),
    ("band low", case(RUN, plan(speed_mmps=[800, 1200]), distance_mm=600, speed_mmps=750, force_mn=0)),
    ("band in", case(RUN, plan(speed_mmps=[800, 1200]), distance_mm=600, speed_mmps=1000, force_mn=0)),
    (
        "band far",
        case(RUN, plan(force_mn=[100_000, 150_000]), distance_mm=600, speed_mmps=1300, force_mn=1_999_000),
    ),
    (
        "band force",
        case(RUN, plan(force_mn=[100_000, 150_000]), distance_mm=600, speed_mmps=1300, force_mn=123_000),
    ),
    ("band high", case(RUN, plan(speed_mmps=[800, 1200]), distance_mm=600, speed_mmps=1300, force_mn=0)),
    ("pace ahead", case(RUN, plan(pace_mmps=800), distance_mm=6_500, elapsed_ms=7_600, speed_mmps=890)),
    ("pace behind", case(RUN, plan(amount=800_000, pace_mmps=1200), distance_mm=700_000, elapsed_ms=600_000)),
    (
        "pace in band",
        case(
            RUN,
            plan(pace_mmps=950, speed_mmps=[800, 1200]),
            distance_mm=3_100,
            elapsed_ms=5_500,
            speed_mmps=900,
        ),
    ),
    ("cadence", case(RUN, plan(cadence_spm=[95, 105]), distance_mm=600, speed_mmps=900, cadence_spm=101)),
    ("run steps beside", case(RUN, distance_mm=12_340, cadence_spm=101, _settings=STEPPED)),
    ("paused", case(state_machine.PAUSED, plan(), distance_mm=6_000)),
    ("trace", pulled(case(RUN, page="trace", force_mn=182_000, trace=wave()))),
    ("trace kgf", case(RUN, page="trace", force_mn=1_999_000, trace=wave(), _settings=KILOGRAMS)),
    ("trace strong", case(RUN, page="trace", force_mn=1_999_000, trace=bytearray([255] * view.TRACE_N))),
    ("trace no cell", case(RUN, page="trace", force_mn=None)),
    ("idle", case(state_machine.IDLE, speed_mmps=0, force_mn=None)),
    ("idle plans", case(state_machine.IDLE, speed_mmps=0, force_mn=0, plan_runner={"plan_ids": ("a",)})),
    ("idle plan", case(state_machine.IDLE, plan(NAME_24), speed_mmps=-1234, force_mn=1_999_000)),
    ("idle km/h", case(state_machine.IDLE, speed_mmps=27_775, force_mn=1_999_000, _settings=FAST)),
    ("armed", case(state_machine.ARMED, plan(), speed_mmps=0, force_mn=3000)),
    ("armed button", case(state_machine.ARMED, plan(start="button"), plan_runner={"colour": "amber"})),
    ("countdown", case(state_machine.COUNTDOWN, plan(), plan_runner={"due_ms": 2100})),
    ("rest", case(REST, plan(), plan_runner={"_ended_ms": 0, "_rest_ms": 45_000})),
    ("rest begins", case(REST, plan(), plan_runner={"_ended_ms": 0, "_rest_ms": 120_000, "now_ms": 1})),
    ("rest hour", case(REST, plan(), plan_runner={"_ended_ms": 0, "_rest_ms": 35_999_000})),
    (
        "rest red",
        case(REST, plan(rule=RULE), plan_runner={"_ended_ms": 0, "_rest_ms": 65_000, "colour": "red"}),
    ),
    ("rating", case(state_machine.RATING, plan(), plan_runner={"rating": rating(None)})),
    ("rating 10", case(state_machine.RATING, plan(), plan_runner={"rating": rating(10)})),
    ("rest load", case(REST, plan(load_g=42_500), plan_runner={"_ended_ms": 0, "_rest_ms": 45_000})),
    ("done", case(state_machine.DONE, plan(NAME_24))),
    ("table", case(state_machine.DONE, plan(), page="table", rows=ROWS)),
    ("table long", case(state_machine.DONE, plan(), page="table", rows=[LONG] * 3)),
    ("settings", case(state_machine.IDLE, page="settings", setting="speed_unit")),
    ("settings mirror", case(state_machine.IDLE, page="settings", setting="mirror")),
    ("settings light", case(state_machine.IDLE, page="settings", setting="brightness")),
    ("settings still", case(state_machine.IDLE, page="settings", setting="still_s")),
    ("table empty", case(state_machine.IDLE, page="table")),
    ("summary", case(REST, plan(speed_mmps=[800, 1200]), page="summary", rows=ROWS)),
    ("summary first", case(state_machine.IDLE, page="summary", rows=[("1", 23_400, 26_000, 183_000, 44)])),
    ("summary no cell", case(REST, plan(), page="summary", rows=[("2/5", 10_000, 11_000, None, 0)])),
    (
        "summary long",
        case(
            REST,
            plan(target="time", amount=35_999_000, speed_mmps=[8000, 12000]),
            page="summary",
            rows=[LONG] * 3,
            _settings=FAST,
        ),
    ),
    ("fault cell", case(state_machine.FAULT, trouble="No load cell: check plug and wires.")),
    ("no movement", case(state_machine.IDLE, page="message", message=NO_MOVEMENT)),
    ("swapped", case(state_machine.IDLE, page="message", message=SWAPPED)),
    ("fault full", case(state_machine.FAULT, trouble="Store full: plug in a laptop and pull the sets.")),
    ("tare", case(state_machine.IDLE, page="message", message="Tare: force is now zero.")),
    (
        "calibrating",
        case(state_machine.IDLE, page="message", message="Calibrating... code -8388608 count 12345678"),
    ),
    (
        "armed load",
        case(state_machine.ARMED, plan(load_g=42_500, amount=10_000_000), speed_mmps=0, force_mn=3000),
    ),
    ("armed time", case(state_machine.ARMED, plan(target="time", amount=5_400_000), force_mn=None)),
    ("armed open", case(state_machine.ARMED, plan(target="open", load_g=20_000), force_mn=1_999_000)),
    ("armed steps", case(state_machine.ARMED, plan(target="steps", amount=10_000), force_mn=-3000)),
    (
        "tare no",
        case(
            state_machine.IDLE, page="message", message="The load cell is not steady; check wires and line."
        ),
    ),
)


class Glass:
    """A large panel: keeps the pixels it is sent, and refuses those beside it."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.buffer = bytearray(2560)
        self.invert = self.brightness = None
        self.pixels = bytearray(2 * width * height)  # as they are sent, 16 bits each

    def show(self, x, y, w, h, pixels):
        if x < 0 or y < 0 or x + w > self.width or y + h > self.height:
            raise ValueError("beside the panel: %d %d %d %d" % (x, y, w, h))
        for row in range(h):
            at = 2 * ((y + row) * self.width + x)
            self.pixels[at : at + 2 * w] = pixels[2 * w * row : 2 * w * (row + 1)]


def print_small():
    buffer = bytearray(ROOM_WIDTH * ROOM_HEIGHT // 8)
    frame = framebuf.FrameBuffer(buffer, ROOM_WIDTH, ROOM_HEIGHT, framebuf.MONO_VLSB)
    drawn = screen.Screen(Canvas(frame))
    for name, looked in CASES:
        drawn.draw(looked)
        print("%s|%s" % (name, binascii.hexlify(buffer).decode()))


def print_large(width, height, cases):
    """One page after the other on the same glass, as on a rig: what the last one left must have gone."""
    glass = Glass(width, height)
    canvas = LargeCanvas(glass)
    drawn = screen.Screen(canvas)
    for name, looked in cases:
        drawn.draw(looked)
        while canvas.show_tile():
            pass
        print("%s|%s" % (name, binascii.hexlify(glass.pixels).decode()))


class Scale:
    """A large panel that only notes how much it is sent."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.buffer = bytearray(2560)
        self.invert = self.brightness = None
        self.strips = []

    def show(self, x, y, w, h, pixels):
        self.strips.append(len(pixels))

    def weighed(self, canvas):
        self.strips = []
        while canvas.show_tile():
            pass
        return ",".join(["%d" % size for size in self.strips])


def print_costs(width, height):
    scale = Scale(width, height)
    canvas = LargeCanvas(scale)
    drawn = screen.Screen(canvas)
    for name, looked in CASES:
        drawn.draw(looked)
        painting = scale.weighed(canvas)
        canvas.clear()
        print("%s|%s|%s" % (name, painting, scale.weighed(canvas)))


if __name__ == "__main__":
    if sys.argv[-1] == "costs":
        print_costs(int(sys.argv[2]), int(sys.argv[3]))
    elif len(sys.argv) > 2:
        print_large(int(sys.argv[2]), int(sys.argv[3]), reversed(CASES) if len(sys.argv) > 4 else CASES)
    else:
        print_small()
