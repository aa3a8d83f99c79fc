"""A session from push to pull, played by a simulated athlete."""

from __future__ import annotations

from typing import Any

from tests.athlete.blind import Athlete, play

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import pull
from retrorig.plans import choose_plan, fetch_plans, push_plan
from retrorig.playback import play_and_pull
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.walkers.follower import Following
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


def followed(
    follower: Following, plan: dict[str, Any], library: Library, turns_page_s: tuple[float, ...] = ()
) -> tuple[list[Row], list[RawSet], dict[str, Any]]:
    """The same for an athlete who follows the display; another person turns the page at the times `turns_page_s`."""
    due = list(turns_page_s)

    def watch(rig: VirtualRig, t_s: float) -> None:
        follower.observe(rig)
        if due and t_s >= due[0]:
            due.pop(0)
            rig.buttons["pain"].press(120)

    with VirtualRig(follower, seed=3) as rig:
        found = play_and_pull(rig, follower, library, None, watch, plan, lambda _: not follower.is_done)
        assert found.counts_lost == 0
        status = fetch_plans(RigClient(rig.open_port()))
    return [library.set(i) for i in found.new], [library.raw(i) for i in found.new], status
