"""What the firmware throws away: it must not fill the heap between two collections that it chooses itself."""

from __future__ import annotations

import pytest
from tests.walker_belt import WalkerBelt

from retrorig.firmware_build import sources
from retrorig.link.client import RigClient
from retrorig.virtual.belts import Belt, StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

COLLECTED = b"COLLECT_US = 1_000_000"
SPAN_S = 5
ALLOWED_BYTES = 11_000
"""A second, in the chip's words: a quarter of what is free once the heap has been collected."""


@pytest.mark.parametrize(
    "belt", [StillBelt(), WalkerBelt(sets=1, distance_m=20.0)], ids=["standing", "in a set"]
)
def test_a_second_leaves_little_garbage(belt: Belt) -> None:
    files = sources()
    assert COLLECTED in files["app/rig.py"]
    files["app/rig.py"] = files["app/rig.py"].replace(COLLECTED, b"COLLECT_US = 60_000_000")
    with VirtualRig(belt, RigSettings(heap_kb=900), seed=4, files=files) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        client = RigClient(rig.open_port())
        rig.run_for(8_000_000)
        before, taken = client.info(), rig.board.heap.taken_bytes
        rig.run_for(SPAN_S * 1_000_000)
        after, taken = client.info(), rig.board.heap.taken_bytes - taken
    assert before["state"] == after["state"] == ("idle" if isinstance(belt, StillBelt) else "running")
    assert 0 < taken < SPAN_S * ALLOWED_BYTES
