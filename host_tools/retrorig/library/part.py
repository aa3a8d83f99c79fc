"""Base class of the library's parts: it holds the open database."""

from __future__ import annotations

from retrorig.library.database import Database


class Part:
    """One subject of the library with its own tables; `db` is the open file that all of them share."""

    def __init__(self, db: Database) -> None:
        self.db = db
