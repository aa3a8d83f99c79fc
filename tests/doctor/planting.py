"""Rigs with faults planted in their parts, examined by the doctor over the serial line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.rigcore.nor import NorFlash

from retrorig.doctor import Verdict, gather, judged
from retrorig.link.client import RigClient
from retrorig.virtual.costs import MS
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore import records, recovery
from rigcore.flash_ring import StoreFull
from rigcore.kept import SECTORS_N
from rigcore.setlog import SetLog

REACTION_S = 0.2
"""Of somebody who is asked to do something."""


class Hand:
    """A belt and a line that somebody turns once and pulls, when the doctor asks for it."""

    end_s = 1e9

    def __init__(self, turn_m: float = 0.25, pull_n: float = 80.0) -> None:
        self.rig: VirtualRig | None = None
        self._turn_m, self._pull_n = turn_m, pull_n
        self._asked_s: list[float] = []
        self.told: list[str] = []

    def say(self, what_to_do: str) -> None:
        assert self.rig
        self.told.append(what_to_do)
        self._asked_s.append(self.rig.board.clock.now_ns * 1e-9 - self.zero_s)

    def start(self, rig: VirtualRig) -> None:
        self.rig, self.zero_s = rig, rig.board.clock.now_ns * 1e-9
        rig.start_belt()

    def position_m(self, t_s: float) -> float:
        return self._turn_m * min(1.0, self._since(0, t_s))

    def force_n(self, t_s: float) -> float:
        return self._pull_n if 0.5 < self._since(1, t_s) < 1.2 else 0.0

    def _since(self, number: int, t_s: float) -> float:
        return max(0.0, t_s - self._asked_s[number] - REACTION_S) if len(self._asked_s) > number else 0.0


class Restarting(RigPort):
    """At the given request the plug is pulled and put back."""

    def __init__(self, rig: VirtualRig, at_request: int) -> None:
        super().__init__(rig.board, rig.run_until_ns)
        self._plug, self._left = rig, at_request

    def write(self, data: bytes) -> int:
        self._left -= 1
        if self._left == 0:
            self._plug.power_cut()
            self._plug.power_on()
        return super().write(data)


def examined(
    settings: RigSettings,
    belt: Any = None,
    guide: Hand | None = None,
    port: Callable[[VirtualRig], Any] = VirtualRig.open_port,
    before: Callable[[VirtualRig], None] = lambda rig: None,
    log: dict[str, Any] | None = None,
    clock_ppm: float = 0.0,
) -> dict[str, Verdict]:
    """The doctor's verdicts; `log` is what `with_log` puts on the flash, `clock_ppm` the computer's clock error."""
    with VirtualRig(belt or Hand(), settings=settings, seed=2) as rig:
        rig.power_on()
        if log:
            rig.run_for(1_500_000)
            rig.power_cut()
            with_log(rig, **log)
            rig.power_on()
        rig.run_for(3_500_000)
        guide.start(rig) if guide else rig.start_belt()
        before(rig)
        rig.run_for(500_000)
        client = RigClient(port(rig))
        facts = gather(
            client, guide, utc_now=lambda: 1.7e9 + rig.board.clock.now_ns * 1e-9 * (1 + clock_ppm * 1e-6)
        )
        client.request("live", 100)  # there is memory left for it
    return {verdict.part: verdict for verdict in judged(facts)}


def bad(found: dict[str, Verdict]) -> dict[str, str]:
    return {part: verdict.level for part, verdict in found.items() if verdict.level != "ok"}


class Stalling(RigPort):
    """At the given request the board does nothing for so long."""

    def __init__(self, rig: VirtualRig, at_request: int, ms: int) -> None:
        super().__init__(rig.board, rig.run_until_ns)
        self._stalled, self._left, self._ms = rig, at_request, ms

    def write(self, data: bytes) -> int:
        self._left -= 1
        if self._left == 0:
            board = self._stalled.board
            board.interrupts.hold()
            board.clock.advance(self._ms * MS)
            board.interrupts.release()
        return super().write(data)


def with_log(rig: VirtualRig, sequence: int = 0, bad_n: int = 0, is_full: bool = False) -> None:
    """Put a log of sets on a rig's flash: used so many sectors ago, with sectors that were condemned."""
    place = rig.board.partition("setlog")
    flash = NorFlash(sector_n=place.size // 4096 - SECTORS_N)
    for sector in range(bad_n):
        start = (sector + 20) * 4096
        flash.bytes[start : start + 64] = bytes(64)
    log = SetLog(flash)
    recovery.mount(log)
    log.ring.sequence = sequence
    log.begin({"no": log.next_no(), "rig": "aabbccddeeff", "start_us": 0})
    try:
        for _ in range(10_000 if is_full else 1):
            log.append(records.TYPE_BLOCK, bytes(range(250)))
    except StoreFull:
        pass
    rig.flash.image.write(place.address, bytes(flash.bytes))
