"""A place in memory for what tests write: to wait for a disk at each commit took a tenth of a run's time."""

from __future__ import annotations

import shutil
from pathlib import Path

_PLACE, _ROOM_BYTES = Path("/dev/shm"), 4_000_000_000
"""A file system that Linux has, and what must be free there: a run takes a tenth of it at most."""


def place() -> Path | None:
    """Where tests' folders may lie in memory; None where there is no room."""
    has_room = _PLACE.is_dir() and shutil.disk_usage(_PLACE).free > _ROOM_BYTES
    return _PLACE if has_room else None
