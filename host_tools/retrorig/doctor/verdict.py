"""The doctor's verdict on one part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "unknown", "warn", "fail"]

LEVELS: tuple[Level, ...] = ("ok", "unknown", "warn", "fail")
"""From the best to the worst."""


@dataclass(frozen=True)
class Verdict:
    """`evidence` is what was seen, with its numbers; `mend` what to do about it, "" where there is nothing."""

    part: str
    level: Level
    evidence: str
    mend: str = ""


def worst(verdicts: Iterable[Verdict]) -> Level:
    """The worst level among them."""
    found = {verdict.level for verdict in verdicts}
    for level in reversed(LEVELS):
        if level in found:
            return level
    return "ok"
