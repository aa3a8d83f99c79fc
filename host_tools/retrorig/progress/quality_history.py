"""Which sets were of poor quality, and why: every reason counted."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrorig.errors import InputError
from retrorig.progress.change import NORMAL_975
from retrorig.set_row import SetRow
from retrorig.vocabulary import QUALITIES

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class PoorSet:
    """One set that is not graded A."""

    set_id: str
    rig_id: str
    athlete: str | None
    started_utc: str | None
    quality: str
    reasons: list[str]


@dataclass(frozen=True)
class Reason:
    """A reason with its numbers taken out, how many sets give it, and on which rigs."""

    reason: str
    sets: int
    rigs: list[str]


@dataclass(frozen=True)
class RigGrades:
    """Sets of a rig by grade. good_pct: share of A, with the ends of its 95 % interval."""

    rig_id: str
    grades: dict[str, int]
    good_pct: float
    good_low_pct: float
    good_high_pct: float


@dataclass(frozen=True)
class GradeHistory:
    """How sets were graded. poor: oldest first. reasons: commonest first."""

    sets: int
    poor: list[PoorSet]
    reasons: list[Reason]
    rigs: list[RigGrades]


def grade_history(rows: Iterable[SetRow]) -> GradeHistory:
    """The poor sets among these, by set, by reason and by rig; InputError if there are no sets at all.

    The rows are taken one by one, as there may be many.
    """
    poor, rigs = list[PoorSet](), dict[str, dict[str, int]]()
    for row in rows:
        rigs.setdefault(row.rig_id, dict.fromkeys(QUALITIES, 0))[row.quality] += 1
        if row.quality != "A":
            poor.append(_poor(row))
    if not rigs:
        raise InputError("No sets were found: check --athlete, --since and --library.")
    graded = [
        RigGrades(rig, grades, *_share_pct(grades["A"], sum(grades.values()))) for rig, grades in rigs.items()
    ]
    return GradeHistory(sum(sum(grades.values()) for grades in rigs.values()), poor, _reasons(poor), graded)


def _poor(row: SetRow) -> PoorSet:
    """What is kept of a row; equal texts are one."""
    reasons = [sys.intern(reason) for reason in row.quality_reasons]
    return PoorSet(
        row.set_id, sys.intern(row.rig_id), row.athlete, row.started_utc, sys.intern(row.quality), reasons
    )


def _reasons(poor: Sequence[PoorSet]) -> list[Reason]:
    seen: dict[str, list[str]] = {}
    for each in poor:
        for reason in {_NUMBER.sub("#", text) for text in each.reasons}:
            seen.setdefault(reason, []).append(each.rig_id)
    found = [Reason(reason, len(rigs), sorted(set(rigs))) for reason, rigs in seen.items()]
    return sorted(found, key=lambda entry: (-entry.sets, entry.reason))


def _share_pct(good_n: int, n: int) -> tuple[float, float, float]:
    """A share and its 95 % interval, percent (E. B. Wilson, J. American Statistical Association 22, 1927)."""
    share, z2 = good_n / n, NORMAL_975**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_975 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low, high = min(share, middle - half), max(share, middle + half)  # at 0 and 1 they meet but for rounding
    return 100 * share, 100 * max(0.0, low), 100 * min(1.0, high)
