"""The built-in walkers through the firmware's own session, without chip and interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.measure.thin_rig import Tape, header_of

from retrorig.measure.samples import sample_set
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.catalogue import COMBINATIONS, Combination
from retrorig.virtual.walkers.sampled import START_US, SampledWalk, sample
from retrorig.virtual.walkers.stage import Walk
from retrorig.virtual.walkers.truth import TrueMovement
from rigcore.decode import RawSet
from rigcore.motion import Geometry
from rigcore.session import Session

SCALE_NN = round(1e9 / RigSettings().counts_per_n)
LENGTH_REL, LENGTH_M = 0.002, 0.005
NEAR_S, FAR_S, LEANING_S = 0.15, 0.3, 0.4
"""Ends: nine in ten are within NEAR_S, all within FAR_S, a start after a lean that creeps within LEANING_S."""

CREEP_MPS, CREEPING_S = 0.025, 0.5
"""Whoever walks so slowly begins as a lean creeps: the rig can't tell them apart sooner."""


def record(samples: SampledWalk, settings: RigSettings | None = None, still_s: int = 3) -> Recorded:
    """What the board makes of these samples."""
    settings = settings or RigSettings()
    tape = CountingTape()
    geometry = Geometry(settings.counts_per_rev, round(settings.circumference_mm * 1000))
    session = Session(geometry, tape, lambda start_us: header_of(start_us, geometry, SCALE_NN))
    session.still_ms = still_s * 1000
    recorded = Recorded(tape.sets, session, [])
    at_s = iter(samples.belt_s.tolist())

    def feed(ticks: int, count: int, code: int) -> None:
        session.feed(ticks, count, code)
        now_s, states = next(at_s), recorded.states
        if not states or states[-1][1] != session.state:
            states.append((now_s, session.state))

    samples.feed(feed)
    recorded.written_n = tape.begun_n
    return recorded


class CountingTape(Tape):
    """Knows how often something was begun in the log, remarks too."""

    begun_n = 0

    def begin(self, header: dict, is_sure: bool = True) -> bool:
        self.begun_n += 1
        return super().begin(header, is_sure)


@dataclass
class Recorded:
    """The sets, whole as in the log, the session that made them, and (seconds, name) of each state it came to."""

    sets: list[RawSet]
    session: Session
    states: list[tuple[float, str]]
    written_n: int = 0


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
        header = raw.header
        metres = header["circumference_um"] * 1e-6 / header["counts_per_rev"]
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

    name: str
    walk: Walk
    found: list[Found]
    session: Session
    states: list[tuple[float, str]]
    written_n: int

    @property
    def is_as_walked(self) -> bool:
        """As many sets as were walked, each overlapping its own."""
        pairs = list(zip(self.walk.truth.sets, self.found))
        overlapping = all(true.start_s < f.end_s and f.start_s < true.end_s for true, f in pairs)
        return len(self.found) == len(self.walk.truth.sets) and overlapping

    @property
    def ends_s(self) -> list[float]:
        """How far starts and ends are off, without regard to their sign; the host finds where a coast began."""
        starts = [f.start_s - true.start_s for true, f in self.pairs]
        ends = [f.end_s - true.end_s for true, f in self.pairs if not true.coast_m]
        return [abs(off) for off in starts + ends]

    def faults(self) -> list[str]:
        """What breaks a promise: one phrase each."""
        if not self.is_as_walked:
            return [f"{len(self.found)} sets of {len(self.walk.truth.sets)}"]
        return [fault for true, found in self.pairs for fault in _faults(true, found)]

    @property
    def pairs(self) -> list[tuple[TrueMovement, Found]]:
        """(truth, found) where as many were found as walked, else nothing."""
        return list(zip(self.walk.truth.sets, self.found)) if self.is_as_walked else []


def _faults(true: TrueMovement, found: Found) -> Iterator[str]:
    start_s, end_s = found.start_s - true.start_s, found.end_s - true.end_s
    allowed_s = LEANING_S if true.is_leaning else CREEPING_S if true.mean_speed_mps < CREEP_MPS else FAR_S
    if abs(start_s) > allowed_s:
        yield f"start {start_s:+.2f} s"
    if true.coast_m:
        return
    if abs(end_s) > FAR_S:
        yield f"end {end_s:+.2f} s"
    for name, true_m, found_m in (
        ("backward", true.backward_m, found.backward_m),
        ("forward", true.forward_m, found.forward_m),
    ):
        if abs(found_m - true_m) > max(LENGTH_M, LENGTH_REL * true.backward_m):
            yield f"{name} {1000 * (found_m - true_m):+.0f} mm of {true_m:.3f} m"


def judge(
    name: str, walk: Walk, seed: int = 0, settings: RigSettings | None = None, still_s: int = 3
) -> Judged:
    """A walk through the board's logic, on a rig of these settings."""
    recorded = record(sample(walk, seed, settings), settings, still_s)
    found = list(map(Found.of, recorded.sets))
    return Judged(name, walk, found, recorded.session, recorded.states, recorded.written_n)


def judged(combination: Combination, seed: int = 0) -> Judged:
    """One walker through the board's logic."""
    return judge(combination.name, combination.walk(), seed)


def all_judged(only: str = "", seed: int = 0) -> Iterator[Judged]:
    """Every combination, or those whose name begins so; by other chance for another seed."""
    for c in COMBINATIONS:
        if c.name.startswith(only):
            yield judged(c.with_seed(seed) if seed else c, seed)


@dataclass(frozen=True)
class Placed:
    """A set as the library has it, on the walker's scales."""

    start_s: float
    end_s: float
    backward_m: float
    forward_m: float


def in_library(row: Judged) -> list[tuple[TrueMovement, Placed]]:
    """(truth, what the host makes of the set), where as many were found as walked."""
    return [(true, _placed(found.raw)) for true, found in row.pairs]


def _placed(raw: RawSet) -> Placed:
    motion = sample_set(raw).motion
    start_s = (motion.start_us - START_US) * 1e-6
    metres = float(motion.backward_m[-1]), float(motion.forward_m[-1])
    return Placed(start_s, start_s + motion.duration_s, *metres)
