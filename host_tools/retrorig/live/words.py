"""Telemetry in words, for the screen."""

from __future__ import annotations

from collections.abc import Mapping

from retrorig.forms import plain
from retrorig.live.telemetry import Telemetry
from retrorig.report.units import SI, Units
from retrorig.vocabulary import PHASES
from rigcore.vocabulary import DISTANCE, OPEN, STEPS, TIME

_DISTANCES = {"m": "metres", "yd": "yards"}
_UNITS = {DISTANCE: "m", TIME: "s", STEPS: "steps"}


def state_of(told: Telemetry) -> str:
    """What the rig is doing, with the seconds left where something is waited for."""
    words = PHASES.get(told.state, plain(told.state))
    return f"{words}, {told.wait_s:.0f} s left" if told.wait_s and not told.is_running else words


def athlete_of(told: Telemetry, people: Mapping[str, str]) -> str:
    """Whose sets these are; `people` are names by label."""
    return people.get(told.athlete, plain(told.athlete)) or "no athlete"


def headline(told: Telemetry, units: Units = SI) -> tuple[str, str]:
    """Caption and number of the huge figure: what is left in a set with a target, else what was done."""
    distance = _DISTANCES[units.distance]
    left = told.left if told.is_running else None
    if left is None or told.target == DISTANCE:
        caption = f"{distance} backward" if left is None else f"{distance} left"
        return caption, f"{(told.distance_m if left is None else left) * units.factor('m'):.1f}"
    if told.target == TIME:
        return "time left", clock(left)
    return "steps left", f"{left:.0f}"


def position(told: Telemetry) -> str:
    """Which set of the plan, and what it asks for."""
    parts = [f"set {min(told.index + 1, told.of)} of {told.of}" if told.of else "free set"]
    if told.target == TIME:
        parts.append(clock(told.amount))
    elif told.target != OPEN:
        parts.append(f"{told.amount:g} {_UNITS[told.target]}")
    return ", ".join([*parts, f"{clock(told.elapsed_s)} under way" if told.is_running else "", ""]).rstrip(
        ", "
    )


def trouble_of(told: Telemetry) -> str:
    """The rig's faults and what is missing, a line each."""
    return "\n".join(filter(None, (*map(plain, told.faults), losses(told))))


def losses(told: Telemetry) -> str:
    """What is missing, "" when nothing is."""
    found = []
    if told.lost:
        found.append(f"{told.lost} samples of this set have no force")
    if told.dropped:
        found.append(f"{told.dropped} samples lost since the rig started")
    return "; ".join(found)


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
