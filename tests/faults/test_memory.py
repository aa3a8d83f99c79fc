"""The longest plans that a rig takes, chosen and walked while a host asks everything: memory refuses nothing."""

from __future__ import annotations

import json

from tests.walker_belt import WalkerBelt

from retrorig.link.client import RigClient
from retrorig.link.upload import put
from retrorig.virtual.rig import VirtualRig
from rigcore.plan import BYTES_MAX

PLANS_N = 4
SETS_N = 2
ASKED = (
    "info", "plans", "sets", "evidence", "levels", "live 100", "settings", "calibration", "plan-get longest-03 0",
    "plan-get longest-03 3600", "raw", "trace 0",
)  # fmt: skip


def longest(number: int) -> str:
    """A plan as JSON of nearly as many bytes as are allowed."""
    block = {
        "times": 2, "target": "distance", "amount": 2000, "rest_ms": 3000, "pause_ms": 9000, "speed_mmps": [800, 1200],
        "force_mn": [50_000, 90_000], "speed_max_mmps": 2500, "over": "warn", "load_g": 20_000, "side": "left",
    }  # fmt: skip
    plan = {"schema": 1, "id": f"longest-{number:02}", "name": "As long as can be", "blocks": [block]}
    while len(json.dumps(plan)) + len(json.dumps(block)) < BYTES_MAX:
        plan["blocks"].append(block)
    return json.dumps(plan)


def test_nothing_is_refused_for_want_of_memory(tried) -> None:
    belt = WalkerBelt(sets=SETS_N, distance_m=3.0, rest_s=7.0, wait_s=1.0)
    with VirtualRig(belt, seed=3) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        client = RigClient(rig.open_port())
        for number in range(PLANS_N):
            client.request("plan-save", put(client, longest(number)))
        client.request("plan-choose", "longest-03")
        rig.start_belt()
        asked_n = 0
        while rig.now_us < 90_000_000 and client.info()["sets"] < SETS_N:
            for request in ASKED:
                verb, *arguments = request.split()
                client.request(verb, *arguments)  # raises when it is refused
                asked_n += 1
            rig.run_for(1_500_000)
        assert client.info()["sets"] == SETS_N
        assert client.request("plans")["done"] == SETS_N
    tried("requests to a rig with the longest plans", asked_n)
