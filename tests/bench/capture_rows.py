"""What is lost in a set on the virtual rig with display, log and a host that asks all the time."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.rows import Row
from tests.walker_belt import WalkerBelt

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.virtual.rig import VirtualRig

LENGTH_M = 30.0
ASK_US = 200_000


def rows() -> list[Row]:
    belt = WalkerBelt(sets=1, distance_m=LENGTH_M, speed_mps=1.0, wait_s=0.5)
    with (
        tempfile.TemporaryDirectory() as folder,
        VirtualRig(belt, seed=4) as rig,
        Library(Path(folder), create=True) as library,
    ):
        rig.power_on()
        client = RigClient(rig.open_port())
        greet(client, library, utc_now=lambda: 1.7e9)
        rig.run_for(1_000_000)
        rig.start_belt()
        rig.run_for(2_000_000)
        before_n = rig.dropped_callbacks
        while client.info()["state"] == "running":
            rig.run_for(ASK_US)
        dropped_n = rig.dropped_callbacks - before_n
        counts_off = abs(client.info()["counts"] - rig.belt_counts)
        pull(client, library, client.hello())
        (found,) = library.sets()
    name = f"in a set of {found.duration_s:.0f} s, {found.samples} samples"
    return [
        _none(f"conversions lost {name}", found.samples_lost),
        _none(f"callbacks dropped {name}", dropped_n),
        _none(
            f"counts lost {name}", max(0, counts_off - 1)
        ),  # the edge at rest may tremble between two readings
    ]


def _none(name: str, value: int) -> Row:
    return Row(name, value, "", "allowed", 0.0, float(value), 0.0, value == 0)
