"""Finds the program that has a port open, on Linux."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def holder(url: str, proc: Path = PROC) -> str | None:
    """Name and number of another program that has the port open, as "minicom (process 123)"; None if unknown.

    Only programs of the same user can be looked into; elsewhere than on Linux there is nothing to look at.
    """
    real = os.path.realpath(url)
    for process in sorted(proc.glob("[0-9]*")):
        if process.name != str(os.getpid()) and _has_open(process, real):
            return f"{_name(process)} (process {process.name})"
    return None


def _has_open(process: Path, real: str) -> bool:
    try:
        return any(os.readlink(link) == real for link in (process / "fd").iterdir())
    except OSError:  # gone meanwhile, or another user's
        return False


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip() or "a program"
    except OSError:
        return "a program"
