"""The built-in walkers through the firmware's own session, without chip and interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.measure.thin_rig import CIRCUMFERENCE_UM, COUNTS_PER_REV, Tape, header_of

from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.catalogue import COMBINATIONS, Combination
from retrorig.virtual.walkers.sampled import START_US, Samples, sample
from retrorig.virtual.walkers.stage import Walk
from retrorig.virtual.walkers.truth import Movement
from rigcore.decode import RawSet
from rigcore.motion import Geometry
from rigcore.session import Session

SCALE_NN = round(1e9 / RigSettings().counts_per_n)


def record(samples: Samples) -> list[RawSet]:
    """The sets that the board makes of these samples, whole as in its log."""
    tape = Tape()
    geometry = Geometry(COUNTS_PER_REV, CIRCUMFERENCE_UM)
    session = Session(geometry, tape, lambda start_us: header_of(start_us, geometry, SCALE_NN))
    samples.feed(session.feed)
    return tape.sets


@dataclass(frozen=True)
class Found:
    """A set as the board told it, on the walker's scales: seconds of the belt, metres."""

    start_s: float
    end_s: float
    backward_m: float
    forward_m: float
    raw: RawSet

    @staticmethod
    def of(raw: RawSet) -> Found:
        assert raw.end is not None, "a set was left open: the walk ends too early"
        metres = CIRCUMFERENCE_UM * 1e-6 / COUNTS_PER_REV
        return Found(
            (raw.header["start_us"] - START_US) * 1e-6,
            (raw.end["end_us"] - START_US) * 1e-6,
            raw.end["backward_counts"] * metres,
            raw.end["forward_counts"] * metres,
            raw,
        )


@dataclass(frozen=True)
class Judged:
    """What a walker did and what the board made of it, set by set in order of time."""

    combination: Combination
    walk: Walk
    found: list[Found]

    @property
    def is_as_walked(self) -> bool:
        """As many sets as were walked, each overlapping its own."""
        pairs = list(zip(self.walk.truth.sets, self.found))
        overlapping = all(true.start_s < f.end_s and f.start_s < true.end_s for true, f in pairs)
        return len(self.found) == len(self.walk.truth.sets) and overlapping

    @property
    def pairs(self) -> list[tuple[Movement, Found]]:
        """(truth, found) where as many were found as walked, else nothing."""
        return list(zip(self.walk.truth.sets, self.found)) if self.is_as_walked else []


def judged(combination: Combination, seed: int = 0) -> Judged:
    """One walker through the board's logic."""
    walk = combination.walk()
    return Judged(combination, walk, [Found.of(raw) for raw in record(sample(walk, seed))])


def all_judged(only: str = "") -> Iterator[Judged]:
    """Every combination, or those whose name begins so."""
    return (judged(c) for c in COMBINATIONS if c.name.startswith(only))
