"""The virtual rig as a serial device, for any program that talks to a rig."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.recording import read_recording

WALKER_SETS = 100
"""Sets of the built-in walker, each with its rest: over half an hour."""

BOOT_US = 3_000_000
"""Virtual time that the rig has to boot and settle before the belt moves."""


def simulate(
    recording: Path | None,
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

    With `plan` the rig follows it, and without a recording the built-in walker does too, resting no longer than
    the plan's questions take; `mirror` shows the display in this terminal.
    """
    from retrorig.virtual.athletes import Presser, dutiful
    from retrorig.virtual.belts import RecordingBelt, WalkerBelt
    from retrorig.virtual.mirror import mirrored
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.server import serve
    from retrorig.virtual.settings import RigSettings, load_rig_settings

    athlete = dutiful(plan) if plan and not recording else None
    belt = athlete or (
        RecordingBelt(read_recording(recording)) if recording else WalkerBelt(sets=WALKER_SETS)
    )
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
        presser = Presser(rig, athlete.presses if athlete else [])
        with mirrored() if mirror else nullcontext() as seen:

            def watch(rig: VirtualRig) -> None:
                presser(rig)
                if seen:
                    seen(rig)

            serve(rig, link, rate, announce, watch=watch)
