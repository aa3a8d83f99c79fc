"""What each part of the library builds on: the open database."""

from __future__ import annotations

from retrorig.library.database import Database


class Part:
    """One subject of the library; `db` is the open file that all of them share."""

    db: Database
