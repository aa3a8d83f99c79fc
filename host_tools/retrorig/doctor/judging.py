"""From facts to verdicts: one judge a part, in the order in which trouble is best looked for."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.doctor import board, sensors
from retrorig.doctor.facts import Facts
from retrorig.doctor.verdict import Verdict

JUDGES: tuple[Callable[[Facts], Verdict], ...] = (
    board.supply,
    board.reset,
    board.link,
    sensors.encoder,
    sensors.converter,
    sensors.load_cell,
    sensors.movement,
    board.display,
    board.buttons,
    board.clock,
    board.timing,
    board.memory,
    board.flash,
    board.versions,
)


def judged(facts: Facts) -> list[Verdict]:
    """A verdict on each part."""
    return [judge(facts) for judge in JUDGES]
