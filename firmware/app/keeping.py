"""Opens what the rig keeps besides its sets (rigcore/kept.py): the last sectors of the sets' partition, or files.

Loaded for the moment.
"""

import json
import os

import esp32
import machine

from rigcore import TYPE_CHECKING
from rigcore.kept import SECTORS_N, KeptValues

from .transient import forget, transient_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PARTITION = "setlog"
FOLDER = "/kept"  # on a stock board, which has no such partition


def opened(is_told: bool = False) -> "KeptValues":
    """The values as they are now; `is_told`: the host has heard of all that can't be read, it may be erased."""
    partition = log_partition()
    kept = KeptValues(partition, sets_n(partition), machine.idle) if partition else _in_files()
    forget("rigcore.kept_damage")  # where something is damaged
    if is_told:
        kept.strange.clear()
    return kept


def damaged_n(kept: "KeptValues", tell: "Callable[[str], None]") -> int:
    """How many of the values can't be read; `tell(words)` of each. On a sound board this loads nothing."""
    if not kept.strange and not kept.damaged():
        return 0
    found = transient_import("rigcore.kept_damage").told(kept)
    for place, words in found:
        tell("%s: %s" % (place, words))
    return len(found)


def log_partition() -> "Any":
    """The partition of sets and kept values, None on a stock board."""
    found = esp32.Partition.find(esp32.Partition.TYPE_DATA, label=PARTITION)
    return found[0] if found else None


def sets_n(partition: "Any") -> int:
    """How many of its sectors are for sets."""
    return partition.ioctl(4, 0) - SECTORS_N


def _in_files() -> "KeptValues":
    return KeptValues(transient_import("drivers.filelog").FileLog(FOLDER, SECTORS_N))


def adopt(kept: "KeptValues") -> None:
    """Take over what a board kept in files before it had a partition, and what of it power failed in the middle of."""
    try:
        files = os.listdir(FOLDER)
    except OSError:
        return
    older, known = _in_files(), [name for name, _, _ in kept.names()]
    for name, _, _ in older.names():
        if name not in known:
            kept.write(name, older.read(name) or b"")
    for file in files:
        os.remove(FOLDER + "/" + file)
    os.rmdir(FOLDER)


def loaded(kept: "KeptValues", name: str) -> "dict[str, Any]":
    """The object that is kept by this name, or that the builder's file holds; empty if it is damaged or missing.

    Where what was kept last can't be read, what was kept before it is taken.
    """
    text = kept.read(name)
    if text == b"" or text is None and kept.strange:
        text = kept.read(name, True) or None
    try:
        if text is None:
            with open("/%s.json" % name) as file:
                found = json.load(file)
        else:
            found = json.loads(text)
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) else {}
