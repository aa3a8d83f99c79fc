"""A hand at the virtual rig: hangs weights and pushes the belt when it is asked to, as badly as one wishes."""

from __future__ import annotations

import math
from collections.abc import Callable

from retrorig.calibration.guide import GoneError
from retrorig.virtual.rig import VirtualRig

G = 9.80665
PUSH_MPS = 4.0
SWING_S = 0.8
SETTLED_S = 6.0


class Bench:
    """A belt and a line that stay as they are put; a new load swings for a moment."""

    end_s = 0.0

    def __init__(self) -> None:
        self._started_ns = 0
        self.from_m = self.to_m = self.moved_s = 0.0
        self.pull_n = self.old_n = self.hung_s = 0.0
        self.creep_mps = 0.0
        self.creep_n_per_s = self.creeping_s = 0.0
        self.sway = 0.02

    def start(self, rig: VirtualRig) -> None:
        """Let the belt's time begin."""
        rig.start_belt()
        self._started_ns = rig.board.clock.now_ns

    def now_s(self, rig: VirtualRig) -> float:
        """The belt's time."""
        return (rig.board.clock.now_ns - self._started_ns) * 1e-9

    def creep(self, rig: VirtualRig, mps: float = 0.0, n_per_s: float = 0.0) -> None:
        """From now on the belt and the pull creep so; from where they are."""
        now_s = self.now_s(rig)
        self.from_m = self.to_m = self.position_m(now_s)
        self.pull_n = self.old_n = self.force_n(now_s) if n_per_s else 0.0
        self.creep_mps, self.creep_n_per_s, self.creeping_s = mps, n_per_s, now_s

    def is_at_rest(self, rig: VirtualRig) -> bool:
        """Whether nothing creeps or hangs, and nothing has for long enough that a rig agrees."""
        if self.creep_mps or self.creep_n_per_s or self.pull_n:
            return False
        return self.now_s(rig) - max(self.moved_s, self.hung_s, self.creeping_s) > SETTLED_S

    def position_m(self, t_s: float) -> float:
        way_m = self.to_m - self.from_m
        gone_m = min(abs(way_m), max(0.0, t_s - self.moved_s) * PUSH_MPS)
        return self.from_m + math.copysign(gone_m, way_m) + self.creep_mps * (t_s - self.creeping_s)

    def force_n(self, t_s: float) -> float:
        since_s = t_s - self.hung_s
        swing = self.sway * math.exp(-since_s / SWING_S) * math.cos(7 * since_s)
        return self.pull_n + (self.pull_n - self.old_n) * swing + self.creep_n_per_s * (t_s - self.creeping_s)


class Hand:
    """A guide whose answers are deeds: each `ask` carries out the next of `deeds`, which may return what is typed."""

    def __init__(self, rig: VirtualRig, bench: Bench) -> None:
        self._rig, self._bench = rig, bench
        self.deeds: list[Callable[[], str | None]] = []
        self.asked: list[str] = []
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def ask(self, prompt: str) -> str:
        self.asked.append(prompt)
        if not self.deeds:
            raise GoneError
        return self.deeds.pop(0)() or ""

    # -- deeds

    def nothing(self) -> None:
        """Just press Enter."""

    def hang(self, kg: float, typed: str = "") -> Callable[[], str]:
        """A weight in place of what hung before; 0 is the slack line."""

        def deed() -> str:
            bench = self._bench
            bench.old_n, bench.pull_n, bench.hung_s = bench.pull_n, kg * G, self._now_s
            return typed

        return deed

    def push(self, metres: float) -> Callable[[], None]:
        """Backward by so much, and wait until it is done."""

        def deed() -> None:
            bench = self._bench
            bench.from_m = bench.to_m
            bench.to_m, bench.moved_s = bench.from_m + metres, self._now_s
            self._rig.run_for(round((abs(metres) / PUSH_MPS + 0.1) * 1e6))

        return deed

    @property
    def _now_s(self) -> float:
        return self._bench.now_s(self._rig)
