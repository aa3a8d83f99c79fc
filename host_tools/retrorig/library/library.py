"""One library: everything that its parts know, over one open file."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from retrorig.library.calibrations import Calibrations
from retrorig.library.database import Database, default_folder
from retrorig.library.query import Finding
from retrorig.library.sets import Sets


class Library(Sets, Finding, Calibrations):
    """The library in `folder` (default: the platform's place). With `create` it is made when missing.

    called: what sentences name a copy after.
    """

    def __init__(self, folder: Path | None = None, create: bool = False, called: Path | None = None) -> None:
        self.db = Database(folder or default_folder(), create, called)

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.db.close()
