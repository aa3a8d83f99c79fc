"""What of a set is in the log at each moment, and what waits in the history as the belt may stand for good."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rigcore.bounds import END_COUNTS
from rigcore.motion import Geometry
from rigcore.movement import SETTLE_N
from rigcore.plan_progress import PlanProgress
from rigcore.session import IDLE, Session
from rigcore.setsamples import CATCH_UP_N, HELD_MAX, LEAD_N
from rigcore.ticks import TICKS_PERIOD

GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre
LOST_MAX_US = 1_000_000
SHOWN_US = 500_000  # of a stand, at least: so long the line settles before it shows the zero of force
BLOCK_US = 930_000


class Power:
    """A set writer of which one knows what a loss of power would leave."""

    def __init__(self) -> None:
        self.sets: list[list[tuple[int, int]]] = []
        self.safe_n = 0
        self.end_fields: list[dict] = []
        self.full = False

    def begin(self, header: dict, is_sure: bool = True) -> bool:
        self.sets.append([])
        self.safe_n = 0
        return True

    def add(self, turns: int, ticks: int, count: int, code: int) -> None:
        samples = self.sets[-1]
        samples.append((turns * TICKS_PERIOD + ticks, count))
        if len(samples) - self.safe_n == 96 or samples[-1][0] - samples[self.safe_n][0] >= BLOCK_US:
            self.flush()

    def drop(self, fields: dict) -> None:
        self.sets.pop()

    def flush(self) -> None:
        self.safe_n = len(self.sets[-1])

    def end(self, fields: dict) -> None:
        self.flush()
        self.end_fields.append(fields)


speeds = st.sampled_from([0, 0, 0, 1, 3, 8, 40, 500, 1500, -3, -300])
pieces = st.lists(st.tuples(speeds, st.floats(0.05, 3.5)), min_size=1, max_size=12)
rates_hz = st.sampled_from([10, 40, 83, 330])  # at the last, three seconds are longer than the history


class Walk:
    def __init__(self, rate_hz: int, blocks: list[dict]) -> None:
        self.power = Power()
        course = PlanProgress({"id": "p", "name": "Plan", "blocks": blocks}) if blocks else None
        self.session = Session(GEOMETRY, self.power, lambda start_us: {"no": 1, "start_us": start_us}, course)
        self.period_us = 1_000_000 // rate_hz
        self.t_us, self.um = 0, 0
        self.path: list[tuple[int, int]] = []
        self.ended_us: list[int] = []
        self.unwritten_n = self.written_n = 0

    def go(self, speed_mmps: float, seconds: float) -> None:
        for _ in range(int(seconds * 1e6) // self.period_us):
            self.t_us += self.period_us
            self.um += round(speed_mmps * self.period_us / 1000)
            self.path.append((self.t_us, self.um * 12 // 1250))
            self.session.feed(self.t_us % TICKS_PERIOD, self.path[-1][1], 1000)
            if len(self.power.end_fields) > len(self.ended_us):
                self.ended_us.append(self.t_us)
            if self.session.is_recording:
                self.check_promise()
            else:
                self.unwritten_n = self.written_n = 0

    def number(self, sample: tuple[int, int]) -> int:
        return sample[0] // self.period_us - 1

    def check_promise(self) -> None:
        """What a loss of power costs now is younger than a second, or lies in a stand that has been shown.

        Before a movement is written it is short enough for the history; then it takes some samples to catch up.
        """
        if not self.session.run.samples.is_written:
            self.unwritten_n, self.written_n = self.unwritten_n + 1, 0
            assert self.unwritten_n <= HELD_MAX
            return
        self.unwritten_n, self.written_n = 0, self.written_n + 1
        if self.written_n <= HELD_MAX // (CATCH_UP_N - 1):
            return
        missing = self.number(self.power.sets[-1][0]) + self.power.safe_n
        if missing >= len(self.path) or self.path[missing][0] > self.t_us - LOST_MAX_US:
            return
        since = min(missing - SETTLE_N, missing - SHOWN_US // self.period_us)
        stand = [count for _, count in self.path[since:]]
        assert max(stand) - min(stand) <= END_COUNTS


@settings(max_examples=40, deadline=None)
@given(rates_hz, pieces, st.booleans())
@example(10, [(0, 0.5)], False)  # the stop and what came before it lie in one block of the history
@example(330, [(0, 1.0), (0, 3.0), (500, 0.5)], False)  # it stands by the time that it has to be written
def test_a_loss_of_power_costs_a_second_or_what_came_after_the_last_movement(rate_hz, way, has_plan) -> None:
    walk = Walk(rate_hz, [{"target": "distance", "amount": 3000, "pause_ms": 4000}] if has_plan else [])
    walk.go(0, 2)
    for speed_mmps, seconds in [(500, 1.5), *way, (0, 8)]:
        walk.go(speed_mmps, seconds)
    assert not walk.session.is_recording or has_plan
    for samples, end, ended_us in zip(walk.power.sets, walk.power.end_fields, walk.ended_us, strict=False):
        first, last = walk.number(samples[0]), [t for t, _ in samples].index(end["end_us"])
        assert samples == walk.path[first : first + len(samples)], "a hole, or a sample twice"
        assert last + 1 >= end["samples"]
        if end["reason"] == "still":
            rest = [(t, c) for t, c in walk.path if end["end_us"] < t <= ended_us]
            shown = [(t, c) for t, c in rest if t <= end["end_us"] + SHOWN_US]
            assert rate_hz > 100 or samples[last + 1 :][: len(shown)] == shown, "the line's zero can be seen"
            assert samples[last + 1 :][:SETTLE_N] == rest[:SETTLE_N], "the belt creeps to its place"


def test_most_of_the_stillness_that_ends_a_set_is_not_logged() -> None:
    walk = Walk(83, [])
    for speed_mmps, seconds in ((0, 2), (1000, 10), (0, 5)):
        walk.go(speed_mmps, seconds)
    assert walk.session.state == IDLE
    (samples,), (end,) = walk.power.sets, walk.power.end_fields
    after_s = (samples[-1][0] - end["end_us"]) * 1e-6
    assert 0.5 < after_s < 1.0
    assert len(samples) == LEAD_N + end["samples"] + sum(t > end["end_us"] for t, _ in samples)
