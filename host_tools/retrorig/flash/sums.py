"""SHA-256 sums that the user has vouched for, remembered so that the next copy of such a file is held against them."""

from __future__ import annotations

import json
from pathlib import Path

from retrorig.writing import make_folder, replacing

_FILE = "images.json"


class Sums:
    """The remembered sums in a folder, by file name."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def remembered(self, name: str) -> str | None:
        """The sum of a file with this name, or None."""
        return self._all().get(name)

    def remember(self, name: str, sha256: str) -> None:
        """From now on a file with this name has this sum."""
        make_folder(self._path.parent, mode=0o700)
        with replacing(self._path) as file:
            file.write(json.dumps({**self._all(), name: sha256}, indent=1).encode())

    def _all(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}  # lost or damaged: the user is asked once more
