"""What people do on a rig, from walking a set to kicking the belt; each marks on the stage what it was."""

from __future__ import annotations

import math
from random import Random

from retrorig.virtual.walkers.gait import Walker, WalkerGait
from retrorig.virtual.walkers.people import Drawn, Feet, Hands, Legs
from retrorig.virtual.walkers.stage import GRID_S, Stage

LONGEST_S = 240.0
"""Nobody walks longer in one set here."""

SETTLE_S = 3.0
"""What is let go comes to rest within."""

FREE_SHARE = 0.25
"""Friction of a belt that nobody stands on, as a share of that with somebody on it."""

SHOVE_S = 0.08

OFF_S = 0.03
"""A foot leaves the belt within."""


def walk(stage: Stage, person: Walker, metres: float) -> None:
    """Walk about so many metres; one of the ends below follows."""
    goal_m = stage.x_m + metres
    stage.drive(person, LONGEST_S, lambda: stage.x_m >= goal_m)


def come_to_rest(stage: Stage, person: Walker, first: int, is_leaning: bool = False) -> None:
    """End the last step and let the belt stop; what moved since row `first` was a set."""
    person.stop()
    stage.drive(person, max(0.0, person.stopped_s - stage.end_s))
    stage.drive(person, SETTLE_S, lambda: stage.v_mps == 0 and stage.end_s > person.stopped_s + SETTLE_S / 4)
    stage.mark_set(first, person.steps, is_leaning=is_leaning)


def step_off(stage: Stage, person: Walker, first: int, free_n: float) -> None:
    """Step off the belt in full walk: without anybody's weight its friction is only `free_n`, and it coasts on."""
    off = stage.row
    coast(stage, free_n)
    steps = [step for step in person.steps if step.time_s <= off * GRID_S]
    stage.mark_set(first, steps, last=off, coasted=stage.row)


def legs(stage: Stage, gait: WalkerGait, chance: Random) -> Legs:
    """Somebody who pushes with a force, and begins now."""
    return Legs(gait, stage.end_s + GRID_S, chance, stage.load, stage.x_m)


def feet(stage: Stage, gait: WalkerGait, chance: Random) -> Feet:
    """Somebody whose feet keep a belt to a speed, and who begins now."""
    return Feet(gait, stage.end_s + GRID_S, chance, stage.load)


def drawn(stage: Stage, gait: WalkerGait, chance: Random, back_m: float) -> Drawn:
    """Somebody whom an elastic draws back in each step, and who begins now."""
    return Drawn(gait, stage.end_s + GRID_S, chance, stage.load, back_m)


def hands(stage: Stage, gait: WalkerGait, chance: Random, line_npm: float = 1500.0) -> Hands:
    """Somebody with an elastic line in their hands, who begins now."""
    return Hands(gait, stage.end_s + GRID_S, chance, stage.x_m, line_npm)


def coast(stage: Stage, free_n: float) -> None:
    """The belt runs out with nobody on it; a line that draws it back is held."""
    relief_n, off_s, pull_n = stage.load.moving_n - free_n, stage.end_s, stage.force_n(stage.end_s)

    def alone(t: float, x: float, v: float) -> tuple[float, float]:
        return max(stage.load.held_n(x), pull_n * (1 - (t - off_s) / OFF_S)), relief_n if v > 0 else 0.0

    stage.drive(alone, 60.0, lambda: stage.v_mps == 0)


def lean(stage: Stage, seconds: float, creep_m: float, pull_n: float) -> None:
    """Lean into the line before the first step: the pull grows, the belt creeps some millimetres."""

    def smooth(t_s: float) -> float:
        return 0.5 - 0.5 * math.cos(math.pi * min(1.0, t_s / seconds))

    stage.move(seconds, lambda t: creep_m * smooth(t), lambda t: pull_n * smooth(t))


def sway(stage: Stage, seconds: float, sway_m: float, hz: float, pull_n: float = 3.0) -> None:
    """Stand on the belt and sway by `sway_m` to each side; the weight wanders, so the size of it does too."""

    def shift(t_s: float) -> float:
        grows = min(1.0, t_s / 2)
        wander = 0.75 + 0.25 * math.cos(2 * math.pi * 0.07 * t_s)
        return sway_m * grows * wander * math.sin(2 * math.pi * hz * t_s)

    stage.move(seconds, shift, lambda t: pull_n * (1 + 0.5 * math.sin(2 * math.pi * hz * t)))


def push_back(stage: Stage, metres: float, speed_mps: float, pull_n: float = 0.0) -> None:
    """Turn round and push the sled or belt forward, step by step; it is movement between sets."""
    seconds = 1.15 * metres / speed_mps
    steps_n = max(1, round(seconds * 1.6))

    def shift(t_s: float) -> float:
        part = t_s / seconds
        smooth = part - math.sin(2 * math.pi * part) / (2 * math.pi)
        ripple = (
            0.25
            / (2 * math.pi * steps_n)
            * math.sin(2 * math.pi * steps_n * part)
            * math.sin(math.pi * part) ** 2
        )
        return -metres * (smooth + ripple)

    stage.move(seconds, shift, lambda t: pull_n)


def draw_back(stage: Stage, metres: float, speed_mps: float) -> None:
    """Let the elastic draw back the load, braking it all the way."""
    start_m, seconds = stage.x_m, 1.6 * metres / speed_mps
    stage.move(
        seconds,
        lambda t: -metres * _smooth(t / seconds),
        lambda t: 0.9 * stage.load.held_n(start_m - metres * _smooth(t / seconds)),
    )


def kick(stage: Stage, metres: float) -> None:
    """A foot hits the belt, which runs out by about `metres`; nobody stands on it."""
    first, load = stage.row, stage.load
    free_n = FREE_SHARE * load.moving_n
    v_mps = math.sqrt(2 * free_n * metres / load.mass_kg)
    shove_n = load.mass_kg * v_mps / SHOVE_S + load.moving_n
    stage.drive(lambda t, x, v: (load.held_n(x), shove_n), SHOVE_S)
    coast(stage, free_n)
    stage.mark_remark(first, "kick")


def step_on(stage: Stage, chance: Random, size_m: float = 0.12) -> None:
    """Weight comes onto the belt, first one foot, then the other: it shifts to and fro."""
    first = stage.row
    away, back = size_m * chance.uniform(0.6, 1.0), size_m * chance.uniform(0.4, 0.9)

    def shift(t_s: float) -> float:
        return away * _smooth(t_s / 0.35) - back * _smooth((t_s - 0.5) / 0.4)

    stage.move(1.2, shift, lambda t: 0.0)
    stage.mark_remark(first, "stepping on")


def turn_roller(stage: Stage, turns_n: int, chance: Random, longest_m: float = 0.22) -> None:
    """A hand turns the roller bit by bit and takes a new grip in between: looking whether it counts."""
    first = stage.row
    for _ in range(turns_n):
        way_m = chance.choice((1, 1, -1)) * longest_m * chance.uniform(0.3, 1.0)
        seconds = chance.uniform(0.25, 0.6)
        stage.move(seconds, lambda t, way_m=way_m, s=seconds: way_m * _smooth(t / s), lambda t: 0.0)
        stage.stand(chance.uniform(0.4, 0.9))
    stage.mark_remark(first, "hand on the roller")


def spin(stage: Stage, seconds: float, speed_mps: float, chance: Random) -> None:
    """A hand keeps a free roller spinning: it flicks it, lets it run, flicks again."""
    first, end_s = stage.row, stage.end_s + seconds
    while stage.end_s < end_s:
        top = speed_mps * chance.uniform(0.7, 1.2)
        run_s = chance.uniform(0.8, 1.6)

        def shift(t_s: float, top: float = top, run_s: float = run_s) -> float:
            rise_s = 0.15
            if t_s < rise_s:
                return top * t_s * t_s / (2 * rise_s)
            ran_s = t_s - rise_s
            return top * rise_s / 2 + top * (ran_s - ran_s * ran_s / (2 * run_s))

        stage.move(run_s + 0.15, shift, lambda t: 0.0)
    stage.mark_remark(first, "spun by hand")


def trot(stage: Stage, seconds: float, chance: Random) -> None:
    """A dog gets onto the belt, trots a little both ways, and jumps off: light quick paws, no line."""
    first, end_s = stage.row, stage.end_s + seconds
    while stage.end_s < end_s:
        way = chance.choice((1, -1))
        for _ in range(chance.randint(2, 7)):
            paw_m, paw_s = way * chance.uniform(0.02, 0.09), chance.uniform(0.12, 0.25)
            stage.move(paw_s, lambda t, m=paw_m, s=paw_s: m * _smooth(t / s), lambda t: 0.0)
        stage.stand(chance.uniform(0.1, 1.2))
    stage.mark_remark(first, "dog")


def _smooth(part: float) -> float:
    part = max(0.0, min(1.0, part))
    return part - math.sin(2 * math.pi * part) / (2 * math.pi)
