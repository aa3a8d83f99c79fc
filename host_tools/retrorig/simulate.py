"""Runs the virtual rig as a serial device, for any program that talks to a rig."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan, read_plan
from retrorig.recording import Recording, read_recording
from retrorig.replaying import walker_named

BOOT_US = 3_500_000
"""Virtual time that the rig has to boot and settle before the belt moves."""


def serve_virtual_rig(
    recording: str | Path | Recording | None = None,
    *,
    walker: str | None = None,
    announce: Callable[[str], None],
    link: Path | None = None,
    rate: float = 1.0,
    flash: Path | None = None,
    rig: Path | None = None,
    seed: int = 0,
    plan: str | Path | Mapping[str, Any] | None = None,
    mirror: bool = False,
) -> None:
    """Run a virtual rig until interrupted; `announce` is given its port's name once it can be opened.

    `rate`: 1 is real time. `link`: a path that becomes a link to the port. `flash`: a file that holds the flash.
    `rig`: a file of what the rig is made of. InputError for what can't be used.

    A walker looks at the display and does what it asks, whatever plan the rig follows: `plan`, or one that was pushed
    over the port; with none it walks its sets with rests between. `mirror` shows the display in this terminal.
    """
    from retrorig.virtual.belts import RecordingBelt
    from retrorig.virtual.mirror import mirrored
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.server import serve
    from retrorig.virtual.settings import RigSettings, load_rig_settings
    from retrorig.virtual.walkers.catalogue import DEFAULT
    from retrorig.virtual.walkers.follower import Following

    belt = (
        RecordingBelt(recording if isinstance(recording, Recording) else read_recording(recording))
        if recording
        else Following(walker_named(walker or DEFAULT, seed))
    )
    session = None if plan is None else dict(plan) if isinstance(plan, Mapping) else read_plan(plan)
    settings = load_rig_settings(rig) if rig else RigSettings()
    # A board is known by its flash: one without a file is a new board each time, so that its sets are new too.
    identity = str(flash.resolve()).encode() if flash else os.urandom(8)
    chance = os.urandom(
        8
    )  # a board whose flash file was deleted is one whose flash was erased: its sets are new too
    with VirtualRig(
        belt, settings=settings, seed=seed, flash=flash, identity=identity, chance=chance
    ) as made:
        made.power_on()
        made.run_for(BOOT_US)
        if session:
            client = RigClient(made.open_port())
            choose_plan(client, push_plan(client, session))
        made.start_belt()
        with mirrored() if mirror else nullcontext() as seen:

            def watch(seen_rig: VirtualRig) -> None:
                if isinstance(belt, Following):
                    belt.observe(seen_rig)
                if seen:
                    seen(seen_rig)

            serve(made, link, rate, announce, watch=watch)
