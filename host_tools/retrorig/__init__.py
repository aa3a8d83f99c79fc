"""retrorig: the host side of the measuring computer for backward walking.

The Python API, as host_tools/PYTHON.md explains it. Each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from retrorig.plans import read_plan, ready_made
    from retrorig.playback import ReplayResult
    from retrorig.rig import Rig, connect, replay
    from retrorig.virtual.rig import VirtualRig

_WHERE = {
    "Library": "library",
    "Choice": "library",
    "SetRow": "library",
    "copy_of": "library.private_copy",
    "Rig": "rig",
    "connect": "rig",
    "replay": "rig",
    "ReplayResult": "playback",
    "VirtualRig": "virtual.rig",
    "read_plan": "plans",
    "ready_made": "plans",
    "RetrorigError": "errors",
    "InputError": "errors",
    "DiskFullError": "errors",
    "NameTakenError": "errors",
    "MissingPackageError": "errors",
    "NoRigError": "errors",
    "LinkLostError": "errors",
    "RigRefusedError": "errors",
    "FaultFoundError": "errors",
}

__all__ = [
    "Choice",
    "DiskFullError",
    "FaultFoundError",
    "InputError",
    "Library",
    "LinkLostError",
    "MissingPackageError",
    "NameTakenError",
    "NoRigError",
    "ReplayResult",
    "RetrorigError",
    "Rig",
    "RigRefusedError",
    "SetRow",
    "VirtualRig",
    "connect",
    "copy_of",
    "read_plan",
    "ready_made",
    "replay",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'retrorig' has no attribute {name!r}")
    return getattr(import_module(f"retrorig.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
