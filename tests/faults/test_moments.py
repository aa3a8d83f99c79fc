"""A host, a button or a cut at the moments in which two things of a session meet, on the virtual rig."""

from __future__ import annotations

import json
from pathlib import Path

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import connect, pull
from retrorig.link.putting import put
from retrorig.virtual.belts import WalkerBelt
from retrorig.virtual.rig import VirtualRig

ASKING = {
    "schema": 1, "id": "asking", "name": "Asks", "ask": ["rpe", "pain"],
    "blocks": [{"times": 3, "target": "distance", "amount": 2000, "rest_ms": 1000}],
}  # fmt: skip


def test_a_pull_while_the_athlete_is_asked_costs_no_answer(tried, tmp_path: Path) -> None:
    """Older sets are confirmed while a set runs and after its end; only then the athlete answers."""
    belt = WalkerBelt(sets=2, distance_m=3.0, rest_s=9.0, wait_s=1.0)
    with VirtualRig(belt, seed=3) as rig, Library(tmp_path, create=True) as library:
        rig.power_on()
        rig.run_for(2_000_000)
        client = RigClient(rig.open_port())
        client.request("plan-save", put(client, json.dumps(ASKING)))
        client.request("plan-choose", "asking")
        rig.start_belt()
        answered_n = pulls_n = 0
        while rig.now_us < 60_000_000 and answered_n < 2:
            rig.run_for(500_000)
            phase = client.info()["phase"]
            if phase in ("running", "rating"):
                pull(client, library, connect(client, library))
                pulls_n += 1
            if phase == "rating":
                rig.run_for(1_500_000)
                client.request("rate", "rpe", 6 + answered_n)
                client.request("rate", "pain", 1)
                answered_n += 1
        rig.run_for(4_000_000)
        pull(client, library, connect(client, library))
        rows = library.sets()
        assert [row["rpe"] for row in rows] == [6, 7] and {row["pain"] for row in rows} == {1}
        assert client.info()["sets"] == 0
    tried("pulls in a plan that asks", pulls_n)
