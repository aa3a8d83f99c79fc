"""SHA-256 sums that the user has vouched for, remembered so that the next copy of such a file is held against them."""

from __future__ import annotations

import json
from pathlib import Path

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
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_suffix(".part")
        draft.write_text(json.dumps({**self._all(), name: sha256}, indent=1), encoding="utf-8")
        draft.replace(self._path)

    def _all(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}  # lost or damaged: the user is asked once more
