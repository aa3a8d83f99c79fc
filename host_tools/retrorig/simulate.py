"""The virtual rig as a serial device, for any program that talks to a rig."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

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
) -> None:
    """Run a virtual rig until interrupted; `announce` is given its port's name once it can be opened."""
    from retrorig.virtual.belts import RecordingBelt, WalkerBelt
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.server import serve
    from retrorig.virtual.settings import RigSettings, load_rig_settings

    belt = RecordingBelt(read_recording(recording)) if recording else WalkerBelt(sets=WALKER_SETS)
    settings = load_rig_settings(rig_file) if rig_file else RigSettings()
    # A board is known by its flash: one without a file is a new board each time, so that its sets are new too.
    identity = str(flash.resolve()).encode() if flash else os.urandom(8)
    with VirtualRig(belt, settings=settings, seed=seed, flash=flash, identity=identity) as rig:
        rig.power_on()
        rig.run_for(BOOT_US)
        rig.start_belt()
        serve(rig, link, rate, announce)
