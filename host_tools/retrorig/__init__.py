"""retrorig: the host side of the measuring computer for backward walking.

The Python API, as host_tools/PYTHON.md explains it. Each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrorig import (
        calibration,
        config,
        desk,
        doctor,
        export,
        flash,
        library,
        live,
        plans,
        progress,
        publish,
        report,
        watch,
    )
    from retrorig.discovery.candidates import candidates
    from retrorig.errors import (
        DiskFullError,
        FaultFoundError,
        InputError,
        LinkLostError,
        MissingPackageError,
        NameTakenError,
        NoRigError,
        RetrorigError,
        RigRefusedError,
    )
    from retrorig.library import Choice, Library, SetRow
    from retrorig.library.private_copy import copy_of
    from retrorig.library.query import parse_moment
    from retrorig.link.pull import PullResult
    from retrorig.local_time import local, local_minute
    from retrorig.logs import logging_to
    from retrorig.measure.sample_table import SampleTable
    from retrorig.measure.samples import Samples
    from retrorig.plans import read_plan, ready_made
    from retrorig.playback import ReplayResult
    from retrorig.recording import Recording, read_recording
    from retrorig.replaying import replay, walkers
    from retrorig.rig import Rig, connect
    from retrorig.selftest import Check, run_selftest
    from retrorig.shared_stream import SharedStream
    from retrorig.simulate import serve_virtual_rig
    from retrorig.virtual.rig import VirtualRig

_NAMES = {
    "discovery.candidates": ("candidates",),
    "errors": (
        "DiskFullError",
        "FaultFoundError",
        "InputError",
        "LinkLostError",
        "MissingPackageError",
        "NameTakenError",
        "NoRigError",
        "RetrorigError",
        "RigRefusedError",
    ),
    "library": (
        "Choice",
        "Library",
        "SetRow",
    ),
    "library.private_copy": ("copy_of",),
    "library.query": ("parse_moment",),
    "link.pull": ("PullResult",),
    "local_time": (
        "local",
        "local_minute",
    ),
    "logs": ("logging_to",),
    "plans": (
        "read_plan",
        "ready_made",
    ),
    "measure.sample_table": ("SampleTable",),
    "measure.samples": ("Samples",),
    "playback": ("ReplayResult",),
    "recording": (
        "Recording",
        "read_recording",
    ),
    "replaying": (
        "replay",
        "walkers",
    ),
    "rig": (
        "Rig",
        "connect",
    ),
    "selftest": (
        "Check",
        "run_selftest",
    ),
    "shared_stream": ("SharedStream",),
    "simulate": ("serve_virtual_rig",),
    "virtual.rig": ("VirtualRig",),
}
_WHERE = {name: module for module, names in _NAMES.items() for name in names}
_PACKAGES = (
    "calibration",
    "config",
    "desk",
    "doctor",
    "export",
    "flash",
    "library",
    "live",
    "plans",
    "progress",
    "publish",
    "report",
    "watch",
)
"""What is public in each of these is its `__all__`."""

__all__ = [
    "Check",
    "Choice",
    "DiskFullError",
    "FaultFoundError",
    "InputError",
    "Library",
    "LinkLostError",
    "MissingPackageError",
    "NameTakenError",
    "NoRigError",
    "PullResult",
    "Recording",
    "ReplayResult",
    "RetrorigError",
    "Rig",
    "RigRefusedError",
    "SampleTable",
    "Samples",
    "SetRow",
    "SharedStream",
    "VirtualRig",
    "calibration",
    "candidates",
    "config",
    "connect",
    "copy_of",
    "desk",
    "doctor",
    "export",
    "flash",
    "library",
    "live",
    "local",
    "local_minute",
    "logging_to",
    "parse_moment",
    "plans",
    "progress",
    "publish",
    "read_plan",
    "read_recording",
    "ready_made",
    "replay",
    "report",
    "run_selftest",
    "serve_virtual_rig",
    "walkers",
    "watch",
]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"retrorig.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module 'retrorig' has no attribute {name!r}")
    return getattr(import_module(f"retrorig.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
