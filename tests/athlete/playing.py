"""A session from push to pull, played by a simulated athlete."""

from __future__ import annotations

from typing import Any

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import pull
from retrorig.plans import choose_plan, fetch_plans, push_plan
from retrorig.virtual.athletes import Athlete, play
from retrorig.virtual.rig import VirtualRig
from rigcore.decode import RawSet

Row = dict[str, Any]


def session(
    athlete: Athlete, plan: dict[str, Any] | None, library: Library
) -> tuple[list[Row], list[RawSet], dict[str, Any]]:
    """(rows, raw sets, the rig's last word on its plans)."""
    with VirtualRig(athlete, seed=3) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        hello = client.hello()
        if plan:
            choose_plan(client, push_plan(client, plan))
            assert plan in fetch_plans(client)["plans"]
        play(rig, athlete)
        rig.run_until(lambda: client.info()["state"] == "idle", 70_000_000)
        rig.run_for(1_000_000)
        found = pull(client, library, hello).new
        return [library.set(i) for i in found], [library.raw(i) for i in found], fetch_plans(client)
