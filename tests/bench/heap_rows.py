"""The heap after the start, the most that is in use in a set, and the longest gap, in bytes as the chip counts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unittest.mock import patch

from tests.bench.rows import Row, compare
from tests.faults_sensors.kept_in_turn import keeping
from tests.faults_sensors.long_set import fetched
from tests.virtual.heap_weight import IS_READABLE, OWN_BYTES, Heap, names_bytes
from tests.walker_belt import WalkerBelt

from retrorig.firmware_build import sources
from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.calls import Answer
from retrorig.virtual.calls.time_calls import TimeCalls
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore.vocabulary import SSD1306, ST7789

KIB = 1024.0
CHIP_KIB, BOOTED_KIB, IN_SET_KIB = 160.7, 104.0, 124.0
GAP_KB = 24.0
NAMES_ROOM_N = 20 + 40 + 80 + 160 + 320
"""With one name more there is a table twice as long as the last, 4.4 KiB in one piece, in the midst of a session."""
HEAP_KB = 246
"""Here words take twice the room: with so much, as many bytes are free after the start as on the chip."""
QUIET_US = 5_000_000
LIVE_MS = 100
"""With telemetry on: nothing else asks for more memory while the belt moves."""
PLAN: dict[str, Any] = {
    "id": "heap", "name": "Five times 20 m", "ask": ["rpe", "pain"],
    "rule": {"green": {"pain": 2}, "amber": {"pain": 4}, "amber_text": "Same again", "red_text": "Stop here"},
    "blocks": [
        {"kind": "warmup", "target": "time", "amount": 60_000, "rest_ms": 10_000},
        {"times": 5, "target": "distance", "amount": 20_000, "rest_ms": 60_000, "speed_mmps": [600, 900]},
        {"kind": "cooldown", "target": "open"},
    ],
}  # fmt: skip
ASKED = (
    ("plans",),
    ("settings",),
    ("calibration",),
    ("evidence",),
    ("levels",),
    ("trace", "0"),
    ("raw",),
    ("info",),
)
_IDLE = (
    b"import gc, micropython, time; gc.collect(); micropython.mem_info(1); gc.collect(); time.sleep_ms(9000)"
)
_COLLECTING = b"gc.collect()\n"


@dataclass(frozen=True)
class Found:
    """KiB in use after the start and at most in a set, KB of the longest gap after it, names met by then."""

    booted_kib: float
    in_set_kib: float
    gap_kb: float
    names_n: int


def rows() -> list[Row]:
    if not IS_READABLE:
        return []
    seen = [weighed(display) for display in (SSD1306, ST7789)]
    chip = "the chip's heap"
    booted, in_set = max(one.booted_kib for one in seen), max(one.in_set_kib for one in seen)
    gap, names_n = min(one.gap_kb for one in seen), max(one.names_n for one in seen)
    return [
        compare("heap in use after the start, KiB", booted, "KiB", chip, CHIP_KIB, BOOTED_KIB / CHIP_KIB),
        compare("heap in use at most, KiB", in_set, "KiB", chip, CHIP_KIB, IN_SET_KIB / CHIP_KIB),
        Row("largest free block, KB", gap, "KB", "at least", GAP_KB, GAP_KB / gap, 1.0, gap >= GAP_KB),
        compare("names met after each request", names_n, "names", "room in the tables", NAMES_ROOM_N, 1.0),
    ]


class Scales:
    """Weighs the heap each time the firmware is about to collect; the interpreter waits meanwhile."""

    def __init__(self) -> None:
        self.heap: Heap | None = None
        self.seen: list[int] = []
        self.gaps: list[int] = []
        self.others_bytes, self.others_names_n = simulated()

    def longest_gap(self, rig: VirtualRig, use: Callable[[RigClient], None], client: RigClient) -> int:
        """The longest gap in some seconds in which the host asks nothing, after it did.

        In single seconds something is under way, such as a painted box, and lies amid what is free.
        """
        use(client)
        rig.run_for(QUIET_US)
        self.gaps.clear()
        rig.run_for(QUIET_US)
        return max(self.gaps)

    def names_n(self) -> int:
        """Names that the firmware has met so far and that the chip has not in ROM."""
        assert self.heap
        return self.heap.names_n() - self.others_names_n

    def handler(self) -> Callable[..., Answer]:
        """The board's `gc` call with the weighing before it."""
        plain = TimeCalls.gc

        def gc(calls: TimeCalls, *arguments: int) -> Answer:
            if self.heap:
                own_bytes = self.heap.chip_bytes() - self.others_bytes
                self.seen.append(round(own_bytes + OWN_BYTES + names_bytes(self.names_n())))
                self.gaps.append(self.heap.longest_gap())
            return plain(calls, *arguments)

        return gc


def weighed(display: str) -> Found:
    """A start, then a session with a plan and telemetry, every request asked in between."""
    belt, scales = WalkerBelt(sets=1, distance_m=20.0), Scales()
    settings = RigSettings(display=display, heap_kb=HEAP_KB)
    with (
        patch.object(TimeCalls, "gc", scales.handler()),
        VirtualRig(belt, settings, seed=3, files=telling()) as rig,
    ):
        rig.power_on()
        rig.run_for(3_500_000)
        port = rig.open_port()
        scales.heap = Heap.found(rig, port.read(port.in_waiting).decode("latin-1"))
        rig.run_for(2_000_000)
        booted = min(scales.seen)
        client = RigClient(port)
        choose_plan(client, push_plan(client, PLAN))
        scales.seen.clear()
        _walk(rig, belt, client)
        most = max(scales.seen)
        gap = min(scales.longest_gap(rig, use, client) for use in (_ask, _pull, _keep, _ask, _pull_again))
        names_n = scales.names_n()
    return Found(booted / KIB, most / KIB, gap / 1000, names_n)


def _ask(client: RigClient) -> None:
    for request in ASKED:
        client.request(*request)


def _pull(client: RigClient) -> None:
    """The warm-up, which waits for the rest of its minute until a button is pressed; nothing more is asked of it."""
    client.request("do", "press")
    client.request("plan-choose")
    client.listen(2.0)
    fetched(client, 1)
    client.request("confirm", 1)


def _keep(client: RigClient) -> None:
    """A calibration, settings and a short plan; a long one finds no room here, where words are twice as long."""
    assert len(list(islice(keeping(client, 1), 3))) == 3


def _pull_again(client: RigClient) -> None:
    """As `pull`, `info` and a plan that is chosen anew do in turn."""
    client.request("sets", 0)
    client.info()
    choose_plan(client, PLAN["id"])


def _walk(rig: VirtualRig, belt: WalkerBelt, client: RigClient) -> None:
    rig.start_belt()
    for _ in range(round(belt.end_s)):
        client.request("live", LIVE_MS)
        client.listen(1.0)


def simulated() -> tuple[float, int]:
    """(bytes, names) of the simulated modules, which the chip has in ROM: their share of a heap without a firmware."""
    with VirtualRig(StillBelt(), seed=3, files={"main.py": _IDLE}) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        port = rig.open_port()
        heap = Heap.found(rig, port.read(port.in_waiting).decode("latin-1"))
        return heap.chip_bytes() * rig.fake_heap_bytes / heap.bytes_here(), heap.names_n()


def telling() -> dict[str, bytes]:
    """The firmware, which tells of its heap at the start and collects twice: the second time there is no garbage."""
    files = sources()
    tell = b"import micropython; micropython.mem_info(1); "
    for path, first in (("app/startup.py", tell), ("app/rig.py", b"gc.collect(); ")):
        assert files[path].count(_COLLECTING) == 1
        files[path] = files[path].replace(_COLLECTING, first + _COLLECTING)
    return files
