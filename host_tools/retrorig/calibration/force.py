"""Calibrating the load cell: the slack line, known weights one after the other, the slack line again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrorig.calibration.force_fit import Hung, fit
from retrorig.calibration.guide import Guide
from retrorig.calibration.units import Quantity, weight
from retrorig.calibration.watching import STEADY_N, Level, Sensors, Window, is_steady, level_of, settle
from retrorig.errors import InputError

WEIGHTS_MIN_N = 3
NEW_PLATEAU_CODES = 500
NEW_PLATEAU_SPREADS = 4
CLOSED_REL = 0.02
"""The last level is the slack line again when it is so much closer to the first than the largest load is."""

PATIENCE_S = 600.0


# -- by a person who answers


def hang(sensors: Sensors, guide: Guide, weights: Sequence[Quantity]) -> Hung:
    """Ask for each weight in turn; without `weights`, ask what hangs until nothing is answered."""
    if weights:
        _require_enough(weights)
    guide.ask(
        "Let the line hang slack, with nothing on the load cell and nobody on the belt; then press Enter."
    )
    zero = settle(sensors, guide.say).code
    hung, codes = [], []
    for quantity in _asked(guide, weights):
        hung.append(quantity)
        codes.append(settle(sensors, guide.say, zero).code)
        guide.say(f"{quantity.text}: steady at {codes[-1] - zero:+.0f} codes from zero.")
    _require_enough(hung)
    guide.ask("Take everything off again; then press Enter.")
    return Hung(tuple(hung), tuple(codes), zero, settle(sensors, guide.say, zero).code)


def _asked(guide: Guide, weights: Sequence[Quantity]) -> Iterator[Quantity]:
    for quantity in weights:
        guide.ask(f"Hang {quantity.text} on the line and let it come to rest; then press Enter.")
        yield quantity
    while not weights:
        typed = guide.ask(
            "Hang a weight, or pull with a scale; type how much, as in 5kg or 49N (nothing: done):"
        )
        if not typed.strip():
            return
        try:
            yield weight(typed)
        except InputError as error:
            guide.say(str(error))


def _require_enough(weights: Sequence[Quantity]) -> None:
    if len(weights) < WEIGHTS_MIN_N:
        raise InputError(
            f"Three weights or more show whether the cell is straight; these are {len(weights)}: "
            "name them with --weight."
        )


# -- by watching


def follow(
    sensors: Sensors, guide: Guide, weights: Sequence[Quantity], patience_s: float = PATIENCE_S
) -> Hung:
    """Take slack line, each weight and slack line again as they come, without asking.

    A run that does not fit is told and waited over, so that one may begin at any time.
    """
    _require_enough(weights)
    guide.say(
        f"Watching for the slack line, then {', '.join(q.text for q in weights)}, then the slack line again."
    )
    seen: list[Level] = []
    reason = "no weight was seen"
    for level in _plateaus(sensors, patience_s):
        guide.say(f"Steady at {level.code:.0f}.")
        seen = [*seen, level][-len(weights) - 2 :]
        if len(seen) < len(weights) + 2 or not _is_closed(seen):
            continue
        hung = Hung(tuple(weights), tuple(level.code for level in seen[1:-1]), seen[0].code, seen[-1].code)
        try:
            fit(hung)
        except InputError as error:
            reason = str(error).rstrip(".")
            guide.say("That was no run of these weights; watching on.")
            continue
        return hung
    raise InputError(f"No run of these weights was seen in {patience_s:.0f} s: {reason}.")


def _plateaus(sensors: Sensors, patience_s: float) -> Iterator[Level]:
    latest: list[Window] = []
    last: Level | None = None
    start_s = None
    for window in sensors.windows(sensors.window_s):
        start_s = start_s or window.board_s
        if window.board_s - start_s > patience_s:
            return
        latest = [*latest, window][-STEADY_N:]
        if is_steady(latest, last and last.code):
            level = level_of(latest)
            if last is None or abs(level.code - last.code) > max(
                NEW_PLATEAU_CODES, NEW_PLATEAU_SPREADS * level.spread
            ):
                yield level
                last = level


def _is_closed(seen: Sequence[Level]) -> bool:
    """Whether the last level is the first one again, as the slack line must be."""
    largest = max(abs(level.code - seen[0].code) for level in seen)
    return abs(seen[-1].code - seen[0].code) < CLOSED_REL * largest
