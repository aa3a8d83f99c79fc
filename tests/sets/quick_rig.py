"""A rig without chip and interpreter: the firmware's own session, fed with a belt's counts and a line's pull.

The samples come as a load-cell converter makes them: 94 a second, their readings late by chance, now and then by much;
positions in whole counts, an edge of the encoder that trembles at rest, the pull in noisy codes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from rigcore.motion import Geometry
from rigcore.plan_progress import PlanProgress
from rigcore.session import Session
from rigcore.ticks import TICKS_PERIOD

RATE_HZ = 94.0
LATE_US = 60
STALL_SHARE, STALL_US = 0.12, 3000
ZERO, CODES_PER_N = 35_000, 2147.0
NOISE_CODES = 38

Path = Callable[[float], float]


@dataclass
class Written:
    """A set as a set writer was told of it."""

    header: dict[str, Any]
    samples: list[tuple[int, int, int]] = field(default_factory=list)
    end: dict[str, Any] = field(default_factory=dict)
    is_dropped: bool = False


class Tape:
    """Takes the set writer's place and keeps what it is given."""

    def __init__(self) -> None:
        self.written: list[Written] = []
        self.full = False

    def begin(self, header: dict[str, Any]) -> bool:
        if not self.full:
            self.written.append(Written(header))
        return not self.full

    def add(self, turns: int, ticks: int, count: int, code: int) -> None:
        self.written[-1].samples.append((turns * TICKS_PERIOD + ticks, count, code))

    def flush(self) -> None:
        pass

    def end(self, fields: dict[str, Any]) -> None:
        self.written[-1].end.update(fields)

    def drop(self, fields: dict[str, Any]) -> None:
        self.written[-1].end.update(fields)
        self.written[-1].is_dropped = True

    @property
    def sets(self) -> list[Written]:
        return [one for one in self.written if not one.is_dropped]


class QuickRig:
    """`play` moves the belt along a path; then `found` has the sets in seconds and metres."""

    def __init__(
        self,
        plan: dict[str, Any] | None = None,
        *,
        counts_per_rev: int = 2400,
        circumference_um: int = 250_000,
        rate_hz: float = RATE_HZ,
        seed: int = 1,
        **more: Any,
    ) -> None:
        self.tape = Tape()
        self.geometry = Geometry(counts_per_rev, circumference_um)
        self.counts_per_m = counts_per_rev / circumference_um * 1e6
        self.session = Session(
            self.geometry,
            self.tape,
            lambda start_us: {"no": len(self.tape.written) + 1, "start_us": start_us},
            PlanProgress(plan) if plan else None,
            **more,
        )
        self.states: list[tuple[float, str]] = []
        self._chance = Random(seed)
        self._period_us = 1e6 / rate_hz
        self._number = 0
        self._begun_s = 0.0

    def play(
        self, belt_m: Path, force_n: Path, end_s: float, watch: Callable[[float], None] | None = None
    ) -> None:
        """Move the belt from 0 s to `end_s` on its own clock."""
        chance, session = self._chance, self.session
        begun = self._number
        while (at_us := (self._number - begun) * self._period_us) < end_s * 1e6:
            late_us = chance.uniform(28, 28 + LATE_US)
            if chance.random() < STALL_SHARE:
                late_us += chance.uniform(0, STALL_US)
            t_s = (at_us + late_us) * 1e-6
            ticks = round((begun * self._period_us) + at_us + late_us) & -16
            count = int((belt_m(t_s) * self.counts_per_m + 1e6) // 1) - 1_000_000
            code = ZERO + round(force_n(t_s) * CODES_PER_N + chance.gauss(0, NOISE_CODES))
            session.feed(ticks % TICKS_PERIOD, count, code)
            self._number += 1
            if not self.states or self.states[-1][1] != session.state:
                self.states.append((self._begun_s + t_s, session.state))
            if watch is not None:
                watch(t_s)
        self._begun_s += end_s

    @property
    def now_us(self) -> int:
        return round(self._number * self._period_us)

    def found(self) -> list[tuple[float, float, float, float]]:
        """(start s, end s, backward m, forward m) of each finished set, as the board decided."""
        return [
            (
                one.header["start_us"] * 1e-6,
                one.end["end_us"] * 1e-6,
                one.end["backward_counts"] / self.counts_per_m,
                one.end["forward_counts"] / self.counts_per_m,
            )
            for one in self.tape.sets
            if one.end
        ]
