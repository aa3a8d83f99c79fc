"""A kind of person: what they move, how they walk, what else they do on the rig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from retrorig.virtual.walkers import acts
from retrorig.virtual.walkers.gait import Walker, WalkerGait
from retrorig.virtual.walkers.loads import Load
from retrorig.virtual.walkers.stage import Stage, Walk

WAIT_S = 3.0
FINISH_S = 6.0


@dataclass(frozen=True)
class Variation:
    """One of many ways in which a kind of person walks.

    load: kg of a sled, N of friction or pull elsewhere. amount: size of what else is done, in its own unit
    (metres of a kick, mm of sway, N of a coasting belt's friction). The seed also shifts all times against the rig's.
    """

    speed_mps: float = 0.9
    steps_per_s: float = 1.8
    load: float = 60.0
    metres: float = 8.0
    amount: float = 0.0
    push: float = 1.4
    lame_time: float = 0.0
    lame_strength: float = 0.0
    sets: int = 2
    rest_s: float = 9.0
    seed: int = 1

    def gait(self, hold_n: float = 0.0, power: float = 2.0, time_pct: float = 3.0) -> WalkerGait:
        return WalkerGait(
            self.speed_mps, self.steps_per_s, self.push, hold_n, power,
            self.lame_time, self.lame_strength, time_pct=time_pct,
        )  # fmt: skip


Act = Callable[[Stage, Variation, Random], None]


def nothing(stage: Stage, variation: Variation, chance: Random) -> None:
    """Do nothing before or after the set."""


@dataclass(frozen=True)
class Person:
    """`before` and `after` are done around each set; `step_off` ends it by stepping off the belt in full walk."""

    name: str
    text: str
    load: Callable[[Variation], Load]
    legs: Callable[[Stage, Variation, Random], Walker]
    variations: tuple[Variation, ...]
    before: Act = nothing
    after: Act = nothing
    leans: bool = False
    step_off: bool = False

    def play(self, variation: Variation) -> Walk:
        """All sets of a variation, with rests between; the same variation gives the same walk."""
        chance = Random(f"{self.name}/{variation.seed}")
        stage = Stage(self.load(variation))
        stage.stand(WAIT_S + chance.random())
        for number in range(variation.sets):
            if number:
                stage.stand(variation.rest_s + chance.random())
            self.do_set(stage, variation, chance)
        stage.stand(FINISH_S)
        return stage.walk()

    def do_set(self, stage: Stage, variation: Variation, chance: Random) -> None:
        """One set with what belongs to it."""
        self.before(stage, variation, chance)
        first, walker = self.begin(stage, variation, chance)
        acts.walk(stage, walker, variation.metres)
        self.end(stage, variation, chance, walker, first)

    def begin(self, stage: Stage, variation: Variation, chance: Random) -> tuple[int, Walker]:
        """(row at which the set may begin, who walks from there)."""
        walker = self.legs(stage, variation, chance)
        if self.leans:
            walker.leaning_n = stage.force_n(stage.end_s)
        return stage.row, walker

    def end(self, stage: Stage, variation: Variation, chance: Random, walker: Walker, first: int) -> None:
        """Stop in this person's way, mark the set, and do what they do after one."""
        if self.step_off:
            acts.step_off(stage, walker, first, variation.amount)
        else:
            acts.come_to_rest(stage, walker, first, self.leans)
        self.after(stage, variation, chance)
