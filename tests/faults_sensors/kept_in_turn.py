"""What the host has the rig keep, over and over, at the fastest conversions a part at "80" makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retrorig.calibration import board
from retrorig.config import change_settings
from retrorig.link.client import RigClient
from retrorig.plans import push_plan, read_plan
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

RATE_HZ = 94.0
START_US = 4_500_000
BLOCK = {
    "kind": "work", "target": "distance", "amount": 20_000, "rest_ms": 60_000, "speed_mmps": [600, 900],
    "attachment": "shoulder harness",
}  # fmt: skip
LONG: dict[str, Any] = {"id": "long", "name": "As long as can be", "blocks": [BLOCK] * 24}


def missed(times: int, seed: int = 3) -> int:
    """Conversions that the rig says it missed while each was kept so often, one right after the other.

    What a sector's erase holds back at standstill is no part of it: the rig counts that apart.
    """
    with VirtualRig(StillBelt(), RigSettings(rate_hz=RATE_HZ), seed=seed) as rig:
        rig.power_on()
        rig.run_for(START_US)
        client = RigClient(rig.open_port())
        before = client.info()["faults"]["missed"]
        for _ in keeping(client, times):
            pass
        rig.run_for(1_000_000)
        return client.info()["faults"]["missed"] - before


def keeping(client: RigClient, times: int) -> Iterator[str]:
    """After each thing that was kept, what it was."""
    first = board.fetch(client)
    for n in range(times):
        board.store(client, {**first, "circumference_um": 250_000 + n})
        yield "calibration"
        change_settings(
            client, {"sound": ("off", "on")[n % 2], "number": ("done", "left")[n % 2], "volume": 1 + n % 4}
        )
        yield "settings"
        push_plan(client, read_plan("light-sled"))
        yield "plan"
        push_plan(client, {**LONG, "name": f"Number {n}"})
        yield "long plan"
