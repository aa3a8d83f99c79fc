"""A store as a start of the rig finds it, and what can be read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rigcore import recovery, set_bytes
from rigcore.setlog import SetLog

if TYPE_CHECKING:
    from drivers.filelog import FileLog
    from nor import NorFlash


def mounted(device: NorFlash | FileLog) -> SetLog:
    """The store on this flash, or on these files, after a start."""
    log = SetLog(device)
    recovery.mount(log)
    return log


def read_at(log: SetLog, position: int) -> bytes:
    """All bytes of the set that stands at `position` in the list."""
    blob = b""
    while piece := bytes(set_bytes.read_set(log, position, len(blob), 1000)):
        blob += piece
    return blob


def read_set(log: SetLog, no: int) -> bytes:
    """All bytes of the set of number `no`."""
    return read_at(log, log.index.position(no))


def all_sets(log: SetLog) -> dict[int, bytes]:
    """Number -> bytes of each finished set, oldest first."""
    return {log.index.no[i]: read_at(log, i) for i in range(log.index.finished_n())}
