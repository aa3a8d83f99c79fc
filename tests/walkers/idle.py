"""What people and animals do on a rig for minutes or hours that is no walk, through the board's logic into a log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.measure.thin_rig import header_of
from tests.rigcore.nor import NorFlash
from tests.walkers import cases
from tests.walkers.harness import SCALE_NN

from app.rig_commands import room_bytes
from retrorig.moved import told_moved
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers import acts, loads
from retrorig.virtual.walkers.sampled import sample
from retrorig.virtual.walkers.stage import Stage, Walk
from rigcore import recovery
from rigcore.motion import Geometry
from rigcore.moved import moved
from rigcore.plan_progress import PlanProgress
from rigcore.session import Session
from rigcore.setlog import SetLog
from rigcore.setwriter import SetWriter

SECTOR_N = 416
"""Of the board's log."""

PARTS_N = 10
LOOK_N = 20
"""Samples between two looks for something to erase while the belt stands."""

KINDS: dict[str, Callable[[Stage, float], None]] = {
    "sway": lambda stage, seconds: acts.sway(stage, seconds, 0.014, 0.4),
    "spin": lambda stage, seconds: acts.spin(stage, seconds, 1.5, Random(3)),
    "dog": lambda stage, seconds: acts.trot(stage, seconds, Random(4)),
}
ALL = (*KINDS, "kicks", "coasts", "rest")
ENDLESS_REST = {
    "id": "p",
    "name": "Plan",
    "blocks": [{"target": "distance", "amount": 5000, "times": 2}],
}
"""Its second set begins when somebody walks."""


@dataclass(frozen=True)
class Kept:
    """What was left of it: new sets, remarks by kind, bytes of the log, what the host says, seconds for each sample.

    costs_s: of each tenth of the time.
    """

    session: Session
    sets_n: int
    erased_n: int
    used_bytes: int
    half_bytes: int
    words: str
    costs_s: list[float]

    @property
    def remarks(self) -> dict[str, list[int]]:
        return moved(self.session)["remarks"]


def idle(name: str, seconds: float) -> Walk:
    """So long of it; `kicks` are a dozen shoves a minute up to 0.25 m, `rest` is who sways in it.

    `coasts` are shoves after which the belt moves for so long that each is written before it is judged.
    """
    if name == "kicks":
        return cases.shifts(0.25, 12, seconds / 60)
    if name == "coasts":
        return cases.shifts(0.25, 8, seconds / 60, lasting_s=3.8)
    stage = Stage(loads.belt())
    stage.stand(4)
    KINDS["sway" if name == "rest" else name](stage, seconds)
    stage.stand(8)
    return stage.walk()


def kept(walk: Walk, plan: dict[str, Any] | None = None, seed: int = 1) -> Kept:
    """Play it; with a plan, its first set counts as done."""
    settings = RigSettings()
    geometry = Geometry(settings.counts_per_rev, round(settings.circumference_mm * 1000))
    log = SetLog(NorFlash(sector_n=SECTOR_N))
    recovery.mount(log)
    writer = SetWriter(log)
    writer.begin({"no": 1})
    writer.end({"reason": "still"})  # a set from before, which nobody has pulled
    room = room_bytes(log)

    def header(start_us: int) -> dict[str, Any]:
        return {**header_of(start_us, geometry, SCALE_NN), "no": log.next_no()}

    session = Session(geometry, writer, header, PlanProgress(plan, 1) if plan else None)
    samples = sample(walk, seed, settings)
    part_n = len(samples.count) // PARTS_N + 1
    marks: list[tuple[float, int]] = []
    fed = 0

    def feed(ticks: int, count: int, code: int) -> None:
        nonlocal fed
        if fed % part_n == 0:
            marks.append((time.process_time(), room - room_bytes(log)))
        fed += 1
        session.feed(ticks, count, code)
        if fed % LOOK_N == 0 and not session.run.is_open:
            log.erase_step()

    samples.feed(feed)
    marks.append((time.process_time(), room - room_bytes(log)))
    costs_s = [(after[0] - before[0]) / part_n for before, after in zip(marks, marks[1:])]
    roller = (geometry.counts_per_rev, geometry.circumference_um)
    words = told_moved({"moved": moved(session), "roller": roller})
    sets_n, (used, half) = log.index.finished_n() - 1, (marks[-1][1], marks[PARTS_N // 2][1])
    return Kept(session, sets_n, log.ring.erased_n, used, half, words, costs_s)
