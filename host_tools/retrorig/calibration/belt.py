"""Calibrates the belt: it is pushed by a marked distance, or the roller is turned, several times."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from retrorig.calibration.guide import Guide
from retrorig.calibration.units import Quantity, length
from retrorig.calibration.watching import STILL_COUNTS, Sensors, Window
from retrorig.errors import InputError
from retrorig.library.calibration_record import Values
from retrorig.measure.roller import fit_counts
from rigcore.vocabulary import NOT_CALIBRATED

LOOK_S = 0.2
STAND_S = 1.5
MOVE_MIN_COUNTS = 50
PULL_N = 20.0
CHANGE_MAX_REL = 0.2
PATIENCE_S = 600.0

EDGES_N = 4
"""Counts a pulse of the encoder."""

WHOLE_REL = 0.005

Say = Callable[[str], None]
Judged = tuple[Values, dict[str, Any]]
"""(values that the board shall keep, evidence for the record)."""


@dataclass(frozen=True)
class Marked:
    """A distance marked on the belt, and half its 95 % interval, mm."""

    by: Quantity
    pm: Quantity

    @property
    def text(self) -> str:
        return self.by.text

    def judged(self, counts: Sequence[int], old: Values, is_new_roller: bool) -> Judged:
        """What pushes by this distance make of the roller; InputError with the reason when they are poor."""
        _require_backward(counts)
        found = fit_counts(counts, self.pm.value / self.by.value)
        um = self.by.value * 1e3 * old["counts_per_rev"] / found.counts
        _refuse_wrong_unit(um, old, is_new_roller)
        return _found(counts, self.text, old["counts_per_rev"], um, found.pm_rel)


@dataclass(frozen=True)
class Turned:
    """Turns of the roller in one push; its circumference, if it was measured, with half the 95 % interval, mm."""

    turns: int
    circumference: Quantity | None
    pm: Quantity

    @property
    def text(self) -> str:
        return f"{self.turns} turns of the roller"

    def judged(self, counts: Sequence[int], old: Values, is_new_roller: bool) -> Judged:
        """Counts a turn, and with the circumference the length of a count; InputError when they are poor."""
        _require_backward(counts)
        found = fit_counts(counts, 0.0)
        counts_per_rev = round(found.counts / self.turns / EDGES_N) * EDGES_N
        if abs(found.counts / self.turns / counts_per_rev - 1) > WHOLE_REL:
            raise InputError(
                f"{found.counts:.0f} counts in {self.turns} turns is no whole number of pulses a turn: "
                "count the turns again."
            )
        if self.circumference is None:
            evidence = {"distance": self.text, "pushes": list(counts)}
            return {"counts_per_rev": counts_per_rev}, evidence
        um = self.circumference.value * 1e3
        _refuse_wrong_unit(um, old, is_new_roller)
        pm_rel = math.hypot(found.pm_rel, self.pm.value / self.circumference.value)
        return _found(counts, self.text, counts_per_rev, um, pm_rel)


def distance_from(
    length_text: str | None,
    length_pm: str,
    turns: int | None,
    circumference: str | None,
    circumference_pm: str,
) -> Marked | Turned:
    """The known distance from what was written on the command line; InputError when it is not one of the two."""
    if (length_text is None) == (turns is None):
        raise InputError(
            "Say how far the belt is pushed: either --length, as in --length 10m, or --turns of the roller."
        )
    if length_text is not None:
        return Marked(length(length_text), length(length_pm))
    assert turns is not None
    return Turned(turns, length(circumference) if circumference else None, length(circumference_pm))


# -- pushing


def push(sensors: Sensors, guide: Guide, distance: str, repeats: int) -> list[int]:
    """Counts of each push, asked for one by one."""
    counts = []
    for number in range(1, repeats + 1):
        guide.ask(
            f"Push {number} of {repeats}: one person stands on the belt, as when training. Put the mark at the "
            "pointer, stand still, then press Enter."
        )
        start = stand(sensors, guide.say)
        guide.ask(
            f"Move the belt backward by {distance}, until the mark is there; stand still, then press Enter."
        )
        end = stand(sensors, guide.say)
        counts.append(end.counts - start.counts)
        guide.say(f"Push {number}: {counts[-1]} counts.")
    return counts


def follow(sensors: Sensors, guide: Guide, repeats: int, patience_s: float = PATIENCE_S) -> list[int]:
    """Counts of each push, taken as it comes: whatever the belt moves between two times of standing still."""
    guide.say(
        f"Watching for {repeats} pushes, each between two rests of 2 s or more with the mark at the pointer."
    )
    counts: list[int] = []
    for moved in pushes(sensors, patience_s):
        counts.append(moved)
        guide.say(f"Push {len(counts)}: {moved} counts.")
        if len(counts) == repeats:
            return counts
    raise InputError(
        f"Only {len(counts)} of {repeats} pushes were seen in {patience_s:.0f} s; the old calibration stays."
    )


def pushes(sensors: Sensors, patience_s: float) -> Iterator[int]:
    """Net counts of each movement between two rests, for so long."""
    latest: list[Window] = []
    rest: int | None = None
    start_s = None
    for window in sensors.windows(LOOK_S):
        start_s = start_s or window.board_s
        if window.board_s - start_s > patience_s:
            return
        latest = _since(latest, window)
        if _stands(latest):
            has_moved = rest is not None and abs(window.counts - rest) > MOVE_MIN_COUNTS
            sensors.end_movement(has_moved)  # what hangs on the line while the belt rests is nobody's leaning
            if rest is not None and has_moved:
                yield window.counts - rest
            rest = window.counts if rest is None or has_moved else rest


def stand(sensors: Sensors, say: Say, patience_s: float = PATIENCE_S) -> Window:
    """Wait until the belt has stood still for a moment."""
    latest: list[Window] = []
    start_s = None
    is_told = False
    for window in sensors.windows(LOOK_S):
        start_s = start_s or window.board_s
        latest = _since(latest, window)
        if _stands(latest):
            return window
        if not is_told and window.board_s - start_s > 2 * STAND_S:
            is_told = True
            say("The belt still moves; waiting until it stands.")
        if window.board_s - start_s > patience_s:
            break
    raise InputError("The belt did not come to rest; the old calibration stays.")


def _since(latest: list[Window], window: Window) -> list[Window]:
    """The windows of the last STAND_S, and the one before these."""
    recent = [*latest, window]
    while len(recent) > 2 and window.board_s - recent[1].board_s >= STAND_S:
        del recent[0]
    return recent


def _stands(latest: Sequence[Window]) -> bool:
    counts = [window.counts for window in latest]
    return latest[-1].board_s - latest[0].board_s >= STAND_S and max(counts) - min(counts) <= STILL_COUNTS


def pull_n(sensors: Sensors, old: Values, say: Say) -> float:
    """By how much the pull in the line varied meanwhile, newtons; told when somebody hung on it."""
    pulled_n = sensors.code_range * abs(old["scale_nn"]) * 1e-9
    if pulled_n > PULL_N:
        say(
            f"The line pulled with up to {pulled_n:.0f} N: a belt under load creeps, so do it with a slack line."
        )
    return round(pulled_n, 1)


# -- judging


def _found(counts: Sequence[int], distance: str, counts_per_rev: int, um: float, pm_rel: float) -> Judged:
    values = {
        "counts_per_rev": counts_per_rev,
        "circumference_um": round(um),
        "circumference_pm_ppm": round(pm_rel * 1e6),
    }
    return values, {"distance": distance, "pushes": list(counts)}


def _require_backward(counts: Sequence[int]) -> None:
    if any(count < 0 for count in counts):
        raise InputError(
            "The belt was counted forward: push it the way it runs when one walks backward, or first let "
            "`retrorig calibrate direction` see which way that is."
        )


def _refuse_wrong_unit(um: float, old: Values, is_new_roller: bool) -> None:
    ratio = um / old["circumference_um"]
    if old["id"] != NOT_CALIBRATED and not is_new_roller and abs(ratio - 1) > CHANGE_MAX_REL:
        raise InputError(
            f"The roller would be {um * 1e-3:.1f} mm round, {ratio:.3g} times what it was: check the distance and its "
            "unit; if roller or encoder was changed, say --new-roller."
        )
