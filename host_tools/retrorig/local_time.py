"""Moments as people read them: by this computer's clock and time zone."""

from __future__ import annotations

from datetime import datetime


def local(utc: str) -> datetime:
    """A moment in ISO 8601 by this computer's clock."""
    return datetime.fromisoformat(utc).astimezone()


def local_minute(utc: str) -> str:
    """A moment as date and minute by this computer's clock: 2026-11-22 17:05."""
    return local(utc).isoformat(" ", "minutes")[:16]
