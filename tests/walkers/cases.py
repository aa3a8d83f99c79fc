"""Movements by formula on which the rig was wrong once, each a kind: to be tried with other numbers too.

Each returns a walk with its truth; lengths in m, times in s, forces in N.
"""

from __future__ import annotations

import math
from random import Random

from retrorig.virtual.walkers import acts, loads
from retrorig.virtual.walkers.catalogue import find
from retrorig.virtual.walkers.stage import Stage, Walk

WAIT_S, FINISH_S = 4.0, 7.0


def _stage() -> Stage:
    stage = Stage(loads.belt())
    stage.stand(WAIT_S)
    return stage


def _done(stage: Stage, first: int, **more: bool) -> Walk:
    stage.mark_set(first, [], **more)
    stage.stand(FINISH_S)
    return stage.walk()


def _smooth(part: float) -> float:
    part = max(0.0, min(1.0, part))
    return part - math.sin(2 * math.pi * part) / (2 * math.pi)


def _stride(stage: Stage, way_m: float, seconds: float, pull_n: float) -> None:
    """One movement from rest to rest."""
    stage.move(seconds, lambda t: way_m * _smooth(t / seconds), lambda t: pull_n)


def dip(period_s: float, stand_s: float = 0.0, step_m: float = 0.15, steps_n: int = 27) -> Walk:
    """An even walk whose belt touches rest in each step, and rests there for a while."""
    stage = _stage()
    first = stage.row
    for _ in range(steps_n):
        _stride(stage, step_m, period_s - stand_s, 80)
        stage.move(stand_s, lambda t: 0.0, lambda t: 50.0)
    return _done(stage, first)


def held_pulls(held_s: float, lurch_m: float = 0.36, lurch_s: float = 0.5, times: int = 12) -> Walk:
    """A hard pull held in vain, then a lurch, again and again."""
    stage = _stage()
    first = stage.row
    for _ in range(times):
        stage.move(held_s, lambda t: 0.0, lambda t: 600 * min(1.0, t / 0.2))
        _stride(stage, lurch_m, lurch_s, 400)
    return _done(stage, first)


def rocks(period_s: float, out_m: float, back_m: float, steps_n: int = 20) -> Walk:
    """An elastic line draws the belt back in each step."""
    stage = _stage()
    first = stage.row
    for _ in range(steps_n):
        _stride(stage, out_m, 0.6 * period_s, 120)
        _stride(stage, -back_m, 0.4 * period_s, 60)
    return _done(stage, first)


def soft_lean(creep_m: float, lean_s: float, speed_mps: float = 0.8, period_s: float = 0.55) -> Walk:
    """A lean that creeps some millimetres before the first step."""
    stage = _stage()
    acts.lean(stage, lean_s, creep_m, 80)
    first = stage.row
    step_m = speed_mps * period_s
    for _ in range(22):
        stage.move(
            period_s,
            lambda t: step_m * (t / period_s - 0.2 * math.sin(2 * math.pi * t / period_s) / (2 * math.pi)),
            lambda t: 80 + 40 * math.sin(2 * math.pi * t / period_s),
        )
    return _done(stage, first, is_leaning=True)


def even(speed_mps: float, seconds: float, pull_n: float = 80.0, period_s: float = 0.55) -> Walk:
    """A walk at an even speed, with pull that swings by half in each step."""
    stage = _stage()
    first = stage.row
    stage.move(
        seconds,
        lambda t: speed_mps * t,
        lambda t: pull_n * (1 - 0.6 * math.cos(2 * math.pi * t / period_s)),
    )
    return _done(stage, first)


def sway_after(sway_m: float, hz: float, speed_mps: float = 0.94) -> Walk:
    """Ten metres, then 40 s of standing that sways."""
    stage = _stage()
    first = stage.row
    stage.move(10 / speed_mps, lambda t: speed_mps * t, lambda t: 80.0)
    stage.mark_set(first, [])
    stage.move(40.0, lambda t: sway_m * math.sin(2 * math.pi * hz * t), lambda t: 3.0)
    stage.stand(FINISH_S)
    return stage.walk()


def growing_sway(size_m: float, hz: float, grows_s: float, speed_mps: float = 0.94) -> Walk:
    """Five metres, then 30 s of standing with sway that grows."""
    stage = _stage()
    first = stage.row
    stage.move(5 / speed_mps, lambda t: speed_mps * t, lambda t: 80.0)
    stage.mark_set(first, [])
    stage.move(30.0, lambda t: size_m * min(1.0, t / grows_s) * math.sin(2 * math.pi * hz * t), lambda t: 3.0)
    stage.stand(FINISH_S)
    return stage.walk()


def led_in(what: str, walker: str, gap_s: float, chance: Random) -> Walk:
    """Somebody steps onto the belt, kicks it or turns its roller, waits for less than a stand, and walks."""
    combination = find(walker)
    stage = Stage(combination.person.load(combination.variation))
    stage.stand(WAIT_S + chance.random())
    if what == "step":
        acts.step_on(stage, chance)
    elif what == "kick":
        acts.kick(stage, 0.2)
    else:
        acts.turn_roller(stage, 3, chance, 0.15)
    stage.stand(gap_s)
    first, person = combination.person.begin(stage, combination.variation, chance)
    acts.walk(stage, person, 4.0)
    acts.come_to_rest(stage, person, first)
    stage.stand(FINISH_S)
    return stage.walk()


def out_and_back(out_m: float, pause_s: float, times: int = 1) -> Walk:
    """Dragged out, and pushed back to where it was."""
    stage = _stage()
    for _ in range(times):
        first = stage.row
        steps_n = math.ceil(out_m / 0.45)
        for _ in range(steps_n):
            _stride(stage, out_m / steps_n, 0.6, 100)
        stage.mark_set(first, [])
        stage.stand(pause_s)
        acts.push_back(stage, out_m, 0.7)
    stage.stand(FINISH_S)
    return stage.walk()


def shifts(
    size_m: float, a_minute: int, minutes: float, chance_of_back: int = 3, lasting_s: float = 0.5
) -> Walk:
    """Kicks and shifts of the belt, forward in one of so many; none is a walk."""
    stage = _stage()
    pause_s = 60 / a_minute - lasting_s
    for number in range(round(a_minute * minutes)):
        first = stage.row
        way_m = size_m * (0.4 + 0.6 * (number * 7 % 5) / 4)
        _stride(stage, -way_m if number % chance_of_back == 0 else way_m, lasting_s, 0)
        stage.mark_remark(first, "shift")
        stage.stand(pause_s)
    return stage.walk()
