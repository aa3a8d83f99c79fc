"""A week on one boot: sets, pulls, and idle hours in which the chip's clock wraps hundreds of times.

Idle hours are jumps of the chip's clock, each followed by some samples; the heap is looked at after a collection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.walker_belt import WalkerBelt

from retrorig.firmware_build import sources
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.virtual.rig import VirtualRig
from rigcore.ticks import TICKS_PERIOD

WEEK_US = 7 * 24 * 3600 * 1_000_000
JUMP_US = 500_000_000  # under half a turn of the clock
LOOK_US = 45_000  # three samples at least
WALK_M, REST_S, SETTLE_US = 2.0, 18.0, 5_500_000
BLOCK_BYTES = 32  # of the interpreter with 64-bit words
FLAT_BYTES = 1024
GAP_BYTES = 2048
"""The longest single allocation of the firmware at run time is a frame, half of this, and it is made at the start."""

_MAX_FREE = re.compile(r"max free sz: (\d+)")


@dataclass
class Heap:
    """What is free after a collection, and the largest piece of it, bytes; one figure a session."""

    free: list[int] = field(default_factory=list)
    largest: list[int] = field(default_factory=list)

    def look(self, client: RigClient) -> None:
        self.free.append(client.info()["heap_free"])
        self.largest.append(int(_MAX_FREE.findall(client.text)[-1]) * BLOCK_BYTES)


def telling() -> dict[str, bytes]:
    """The firmware, whose `info` collects first and prints the map's summary."""
    files = sources()
    plain = b'"heap_free": gc.mem_free(),'
    looks = b'"heap_free": (gc.collect(), __import__("micropython").mem_info(), gc.mem_free())[2],'
    assert files["app/rig_commands.py"].count(plain) == 1
    files["app/rig_commands.py"] = files["app/rig_commands.py"].replace(plain, looks)
    return files


def idle(rig: VirtualRig, us: int) -> None:
    while us > 0:
        rig.skip(min(us, JUMP_US))
        rig.run_for(LOOK_US)
        us -= JUMP_US


@pytest.fixture
def sessions_n(request: pytest.FixtureRequest) -> int:
    return 70 if request.config.getoption("--exhaustive", default=False) else 5


def test_a_week_of_sessions_and_idle_hours(sessions_n: int, tried, tmp_path: Path) -> None:
    belt = WalkerBelt(sets=sessions_n, distance_m=WALK_M, rest_s=REST_S)
    heap, begun_us = Heap(), []
    with VirtualRig(belt, seed=8, files=telling()) as rig, Library(tmp_path, create=True) as library:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        started_us = rig.now_us
        for start_s in belt.starts_s:
            rig.run_until_ns((started_us + round(start_s * 1e6)) * 1000)
            begun_us.append(rig.board.uptime_us)
            rig.run_for(round(belt.walk_s * 1e6) + SETTLE_US)
            client = RigClient(rig.open_port())
            pull(client, library, greet(client, library))
            heap.look(client)
            client.close()
            idle(rig, WEEK_US // sessions_n)
        wraps_n = rig.board.uptime_us // TICKS_PERIOD
        found = [library.raw(row.set_id) for row in library.sets()]
        counts = RigClient(rig.open_port()).info()["counts"]
        assert counts == rig.belt_counts
    assert wraps_n >= 560
    assert len(found) == sessions_n
    for raw, at_us in zip(found, begun_us, strict=True):
        assert abs(raw.header["start_us"] - at_us) < 1_000_000
        assert raw.end["reason"] == "still" and raw.end["lost"] == 0
        assert raw.end["backward_counts"] / rig.settings.counts_per_m == pytest.approx(WALK_M, abs=0.1)
    # The first session brings in what later ones use again.
    assert min(heap.free[1:]) > heap.free[1] - FLAT_BYTES, heap
    assert min(heap.largest[1:]) > GAP_BYTES, heap
    tried("wraps of the clock in a simulated week", wraps_n)
