"""The athlete's buttons when the board can't do what they ask."""

from app.controls import NO_MEMORY, Controls
from app.rig import Rig as MainLoop
from drivers.button import SHORT
from rigcore.motion import Geometry
from rigcore.session import Session
from rigcore.state_machine import ARMED, IDLE

PLAN = {"id": "short", "name": "Short", "blocks": [{"target": "distance", "amount": 1000}]}


class Rig:
    """As much of a rig as its one button needs, pressed at each look; its plan "long" does not fit the heap."""

    def __init__(self):
        self.session = Session(Geometry(2400, 250_000), None, None)
        self.session.plan_runner.plan_ids = ["long", "short"]
        self.session.plan_runner.load_plan = self.load
        self.view = self.settings = self.display = self.parts = self.buzzer = self
        self.buttons = [("start", self)]
        self.message = self.page = ""
        self.controls = Controls(self, self)

    def load(self, plan_id):
        if plan_id == "long":
            raise MemoryError
        return PLAN

    def get(self, name):
        return "off"

    def step(self, now):
        pass

    def poll(self, now):
        return SHORT

    def look(self):
        MainLoop._read_buttons(self, 0)


def test_a_plan_that_finds_no_memory_is_told_and_the_next_one_can_be_chosen():
    rig = Rig()
    rig.look()
    plan_runner = rig.session.plan_runner
    assert rig.message == NO_MEMORY and rig.session.state == IDLE and not plan_runner.has_plan()
    rig.look()
    assert plan_runner.progress.plan is PLAN and rig.session.state == IDLE
    for number in range(500):
        rig.session.feed(number * 12_500, 0, 0)
    assert rig.session.state == ARMED
