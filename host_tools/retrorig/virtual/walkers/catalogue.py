"""The walkers that come with retrorig, by name, and their combinations of speed, cadence, load and chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from random import Random

from retrorig.errors import InputError
from retrorig.virtual.walkers import acts, loads
from retrorig.virtual.walkers.gait import Walker
from retrorig.virtual.walkers.loads import Load
from retrorig.virtual.walkers.person import Person, Variation
from retrorig.virtual.walkers.stage import Stage, Walk
from retrorig.virtual.walkers.variations import VARIATIONS


def _belt(variation: Variation) -> Load:
    return loads.belt(moving_n=variation.load)


def _slope(variation: Variation) -> Load:
    return loads.belt(moving_n=variation.load, slope_n=variation.amount)


def _sled(variation: Variation) -> Load:
    return loads.sled(variation.load)


def _slick_sled(variation: Variation) -> Load:
    """Much harder to break loose than to keep moving."""
    return loads.sled(variation.load, moving=0.27, static=0.38)


def _reel(variation: Variation) -> Load:
    return loads.elastic(18.0, against_n=variation.load)


def _rubber(variation: Variation) -> Load:
    return loads.elastic(20.0, against_n=variation.load, spring_npm=variation.amount)


def _feet(stage: Stage, variation: Variation, chance: Random) -> Walker:
    return acts.feet(stage, variation.gait(), chance)


def _legs(stage: Stage, variation: Variation, chance: Random) -> Walker:
    return acts.legs(stage, variation.gait(), chance)


def _lurching_legs(stage: Stage, variation: Variation, chance: Random) -> Walker:
    return acts.legs(stage, variation.gait(hold_n=0.3 * stage.load.moving_n, power=1.0), chance)


def _drawn(stage: Stage, variation: Variation, chance: Random) -> Walker:
    return acts.drawn(stage, variation.gait(power=1.0), chance, variation.amount * 1e-3)


def _hands(stage: Stage, variation: Variation, chance: Random) -> Walker:
    return acts.hands(stage, variation.gait(), chance)


def _lean(stage: Stage, variation: Variation, chance: Random) -> None:
    acts.lean(stage, chance.uniform(1.0, 2.0), variation.amount * 1e-3, 0.9 * stage.load.static_n)


def _sway(stage: Stage, variation: Variation, chance: Random) -> None:
    stage.stand(chance.uniform(0.5, 1.5))
    acts.sway(stage, 40.0, variation.amount * 1e-3, chance.uniform(0.25, 0.5))


def _push_back(stage: Stage, variation: Variation, chance: Random) -> None:
    stage.stand(chance.uniform(0.2, 0.8))
    acts.push_back(stage, variation.metres, variation.amount)


def _draw_back(stage: Stage, variation: Variation, _chance: Random) -> None:
    acts.draw_back(stage, variation.metres, variation.speed_mps)


def _kicks(stage: Stage, variation: Variation, chance: Random) -> None:
    for _ in range(6):
        acts.kick(stage, chance.uniform(0.3, 1.0) * variation.amount)
        stage.stand(chance.uniform(4.0, 6.0))


def _step_on(stage: Stage, variation: Variation, chance: Random) -> None:
    acts.step_on(stage, chance, variation.amount)
    stage.stand(chance.uniform(4.0, 6.0))


def _turn_roller(stage: Stage, variation: Variation, chance: Random) -> None:
    acts.turn_roller(stage, 5, chance, variation.amount)
    stage.stand(5.0)


def _spin(stage: Stage, variation: Variation, chance: Random) -> None:
    acts.spin(stage, variation.amount, 1.5, chance)
    stage.stand(5.0)


def _dog(stage: Stage, variation: Variation, chance: Random) -> None:
    acts.trot(stage, variation.amount, chance)
    stage.stand(5.0)


def _person(name: str, text: str, load, legs, **more) -> Person:  # type: ignore[no-untyped-def]
    return Person(name, text, load, legs, VARIATIONS[name], **more)


PEOPLE = {
    person.name: person
    for person in (
        _person("even", "walks evenly on a treadmill without a motor, level or on a slope", _slope, _feet),
        _person("dipping", "slow steps: the belt stands still for a moment in each", _belt, _feet),
        _person("sled", "drags a light sled at an even pace", _sled, _legs),
        _person("lurching", "drags a heavy sled that stops for half a second in each step", _sled, _lurching_legs),
        _person("heavy", "holds a hard pull for two seconds before the sled lurches", _slick_sled, _hands),
        _person("limping", "one foot is quicker and pushes harder than the other, on a belt", _belt, _feet),
        _person("limping-sled", "the same with a sled that nearly stops at each step", _sled, _lurching_legs),
        _person("slow", "early rehabilitation: 0.02 to 0.3 m/s with both feet down for long", _belt, _feet),
        _person("brisk", "quick short steps, up to 3.5 a second", _belt, _feet),
        _person("leaning", "leans into the line before the first step, the belt creeps", _belt, _feet,
                before=_lean, leans=True),
        _person("swaying", "stands on the belt after each set and sways for 40 s", _belt, _feet, after=_sway),
        _person("coasting", "steps off in full walk, the belt coasts on", _belt, _feet, step_off=True),
        _person("pushing-back", "turns round after each drag and pushes the sled back", _sled, _lurching_legs,
                after=_push_back),
        _person("rocking", "on an elastic line that draws back some centimetres in each step", _reel, _drawn),
        _person("bungee", "out against a rubber line and back with it, again and again", _rubber, _feet,
                after=_draw_back),
        _person("kicking", "kicks the belt six times before each set", _belt, _feet, before=_kicks),
        _person("stepping-on", "shifts the belt by stepping onto it before each set", _belt, _feet, before=_step_on),
        _person("hand", "turns the roller by hand before each set", _belt, _feet, before=_turn_roller),
        _person("spinning", "spins the roller by hand for long before each set", _belt, _feet, before=_spin),
        _person("dog", "has a dog that gets onto the belt before each set", _belt, _feet, before=_dog),
    )
}  # fmt: skip

DEFAULT = "lurching/6"
"""Where nobody is named: whoever drags a heavy sled stands at each step, and most people do."""


@dataclass(frozen=True)
class Combination:
    """A person in one variation; `name` as in "limping/2"."""

    name: str
    person: Person
    variation: Variation

    def walk(self) -> Walk:
        """The walk; it is computed once a process."""
        return _played(self)

    def with_seed(self, seed: int) -> Combination:
        """The same with other chance and phase."""
        return replace(self, variation=replace(self.variation, seed=seed))


COMBINATIONS = tuple(
    Combination(f"{person.name}/{number}", person, variation)
    for person in PEOPLE.values()
    for number, variation in enumerate(person.variations, 1)
)


@cache
def _played(combination: Combination) -> Walk:
    return combination.person.play(combination.variation)


def find(name: str) -> Combination:
    """The combination of a name like "limping" (its first) or "limping/2"; InputError names the walkers."""
    wanted = name if "/" in name else f"{name}/1"
    for combination in COMBINATIONS:
        if combination.name == wanted:
            return combination
    person = PEOPLE.get(name.partition("/")[0])
    if person:
        raise InputError(
            f"The walker {person.name} has {len(person.variations)} variations: name one as {person.name}/2."
        )
    raise InputError(f"There is no walker {name!r}; there are {', '.join(PEOPLE)}.")


def listing() -> list[tuple[str, str]]:
    """(name, what they do) of each kind of person, with the number of its variations."""
    return [(p.name, f"{p.text} ({len(p.variations)} variations)") for p in PEOPLE.values()]
