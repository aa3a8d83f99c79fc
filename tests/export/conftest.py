"""One library for all tests of this folder; they only read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.export.libraries import fill, usual_blobs

NAME = "=HYPERLINK(1)"


@dataclass(frozen=True)
class Shelf:
    """A library's folder and its sets: two walks, a recorded push with force, a belt without, a walk without date."""

    folder: Path
    walk: str
    later: str
    recorded: str
    forceless: str
    dateless: str

    @property
    def all(self) -> list[str]:
        return [self.walk, self.later, self.recorded, self.forceless, self.dateless]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("shelf")
    return Shelf(folder, *fill(folder, usual_blobs(), (NAME,)))
