"""Walks by formula through a whole session, whose set writer remembers what it is told."""

from rigcore.motion import Geometry
from rigcore.plan_progress import PlanProgress
from rigcore.session import Session
from rigcore.ticks import TICKS_PERIOD
from set_writer import Writer

PERIOD_US = 12_500
GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre
SLACK, PULL = 1000, 150_000


class Log(Writer):
    """It also counts what is written at once, and keeps what was no set."""

    def __init__(self):
        super().__init__()
        self.dropped = []
        self.flushes_n = 0

    def flush(self):
        self.flushes_n += 1

    def drop(self, fields):
        self.dropped.append((self.sets.pop(), fields))


class Walk:
    def __init__(self, *blocks, ask=()):
        self.log = Log()
        plan = PlanProgress({"id": "p", "blocks": list(blocks), "ask": list(ask)}) if blocks else None
        self.session = Session(GEOMETRY, self.log, lambda start_us: {"no": 1, "start_us": start_us}, plan)
        self.t_us = self.um = 0
        self.path = []

    def go(self, *pieces, pull=PULL):
        """Pieces of (mm/s, seconds)."""
        for speed_mmps, seconds in pieces:
            for _ in range(int(seconds * 1_000_000) // PERIOD_US):
                self.t_us += PERIOD_US
                self.um += speed_mmps * PERIOD_US // 1000
                self.path.append((self.t_us, self.um * 12 // 1250, pull if speed_mmps else SLACK))
                self.session.feed(self.t_us % TICKS_PERIOD, *self.path[-1][1:])
        return self

    @property
    def state(self):
        return self.session.state

    def logged(self, position=-1):
        return self.log.sets[position][1]

    def end(self, position=-1):
        return self.log.sets[position][2]


def block(mm=5000, **more):
    return {"target": "distance", "amount": mm, **more}
