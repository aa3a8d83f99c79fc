"""The heap after the start, and the most that is in use in a set, in bytes as the chip counts them."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

from tests.bench.heap_weight import IS_READABLE, Heap
from tests.bench.rows import Row, compare

from retrorig.firmware_build import sources
from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt, WalkerBelt
from retrorig.virtual.calls import Answer
from retrorig.virtual.calls.time_calls import TimeCalls
from retrorig.virtual.rig import VirtualRig

KB = 1024.0
BOARD_KB, BOOTED_KB, IN_SET_KB = 112.0, 60.0, 90.0
LIVE_MS = 100
"""With telemetry on: nothing else asks for more memory while the belt moves."""
_IDLE = (
    b"import gc, micropython, time; gc.collect(); micropython.mem_info(1); gc.collect(); time.sleep_ms(9000)"
)
_COLLECTING = b"gc.collect()\n"


def rows() -> list[Row]:
    if not IS_READABLE:
        return []
    booted, in_set = used_kb()
    return [
        compare(
            "live heap after boot, 32-bit words",
            booted,
            "KB",
            "the board's heap",
            BOARD_KB,
            BOOTED_KB / BOARD_KB,
        ),
        compare(
            "most heap used in a set, live on",
            in_set,
            "KB",
            "the board's heap",
            BOARD_KB,
            IN_SET_KB / BOARD_KB,
        ),
    ]


class Scales:
    """Weighs the heap each time the firmware is about to collect; the interpreter waits meanwhile."""

    def __init__(self) -> None:
        self.heap: Heap | None = None
        self.seen: list[int] = []

    def handler(self) -> Callable[..., Answer]:
        """The board's `gc` call with the weighing before it."""
        plain = TimeCalls.gc

        def gc(calls: TimeCalls, *arguments: int) -> Answer:
            if self.heap:
                self.seen.append(self.heap.chip_bytes())
            return plain(calls, *arguments)

        return gc


def used_kb() -> tuple[float, float]:
    """Live heap after the start, and the most in use in a set, KB on the chip, without the simulated modules."""
    belt, scales = WalkerBelt(sets=1, distance_m=20.0), Scales()
    with patch.object(TimeCalls, "gc", scales.handler()), VirtualRig(belt, seed=3, files=_telling()) as rig:
        rig.power_on()
        rig.run_for(2_000_000)
        port = rig.open_port()
        scales.heap = Heap.found(rig, port.read(port.in_waiting).decode("latin-1"))
        rig.run_for(2_000_000)
        booted = min(scales.seen)
        rig.start_belt()
        client = RigClient(port)
        scales.seen.clear()
        for _ in range(round(belt.end_s)):
            client.request("live", LIVE_MS)
            client.listen(1.0)
    simulated = simulated_bytes()
    return (booted - simulated) / KB, (max(scales.seen) - simulated) / KB


def simulated_bytes() -> float:
    """What the simulated modules, which the chip has in ROM, weigh: their share of a heap without a firmware."""
    with VirtualRig(StillBelt(), seed=3, files={"main.py": _IDLE}) as rig:
        rig.power_on()
        rig.run_for(2_000_000)
        port = rig.open_port()
        heap = Heap.found(rig, port.read(port.in_waiting).decode("latin-1"))
        return heap.chip_bytes() * rig.fake_heap_bytes / heap.bytes_here()


def _telling() -> dict[str, bytes]:
    """The firmware, which tells of its heap at the start and collects twice: the second time there is no garbage."""
    files = sources()
    text = files["app/rig.py"]
    assert text.count(_COLLECTING) == 2
    told = b"import micropython; micropython.mem_info(1); " + _COLLECTING
    once = text.replace(b"        " + _COLLECTING, b"        gc.collect(); " + _COLLECTING)
    files["app/rig.py"] = once.replace(b"gc.collect(); " + _COLLECTING, told, 1)
    return files
