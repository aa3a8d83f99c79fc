"""The virtual rig as a serial device, for any program that talks to a rig."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.recording import Recording

if TYPE_CHECKING:
    from retrorig.virtual.walkers.catalogue import Combination

BOOT_US = 3_500_000
"""Virtual time that the rig has to boot and settle before the belt moves."""


def simulate(
    played: Recording | Combination,
    *,
    link: Path | None,
    rate: float,
    flash: Path | None,
    rig_file: Path | None,
    seed: int,
    announce: Callable[[str], None],
    plan: dict[str, Any] | None = None,
    mirror: bool = False,
) -> None:
    """Run a virtual rig until interrupted; `announce` is given its port's name once it can be opened.

    A walker looks at the display and does what it asks, whatever plan the rig follows: `plan`, or one that was pushed
    over the port; with none it walks its sets with rests between. `mirror` shows the display in this terminal.
    """
    from retrorig.virtual.belts import RecordingBelt
    from retrorig.virtual.mirror import mirrored
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.server import serve
    from retrorig.virtual.settings import RigSettings, load_rig_settings
    from retrorig.virtual.walkers.follower import Follower

    belt = RecordingBelt(played) if isinstance(played, Recording) else Follower(played)
    settings = load_rig_settings(rig_file) if rig_file else RigSettings()
    # A board is known by its flash: one without a file is a new board each time, so that its sets are new too.
    identity = str(flash.resolve()).encode() if flash else os.urandom(8)
    chance = os.urandom(
        8
    )  # a board whose flash file was deleted is one whose flash was erased: its sets are new too
    with VirtualRig(belt, settings=settings, seed=seed, flash=flash, identity=identity, chance=chance) as rig:
        rig.power_on()
        rig.run_for(BOOT_US)
        if plan:
            client = RigClient(rig.open_port())
            choose_plan(client, push_plan(client, plan))
        rig.start_belt()
        with mirrored() if mirror else nullcontext() as seen:

            def watch(rig: VirtualRig) -> None:
                if isinstance(belt, Follower):
                    belt.observe(rig)
                if seen:
                    seen(rig)

            serve(rig, link, rate, announce, watch=watch)
