"""One library for all tests of this folder; they only read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.export.libraries import fill, recorded_blob, walk_blob
from tests.measure.walks import Gait

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
    blobs = [
        walk_blob(1, 0.0, Gait(steps=16, seed=1), athlete="a1", kind="warmup"),
        walk_blob(2, 60.7, Gait(steps=20, seed=2, speed_mps=0.8), athlete="a1", machine="sled"),
        recorded_blob(3, 120.25, athlete="a1"),
        recorded_blob(4, 200.0, "treadmill-belt.csv", athlete="a1", scale_nn=0, kind="cooldown"),
        walk_blob(5, None, Gait(steps=12, seed=5), athlete="a1"),
    ]
    return Shelf(folder, *fill(folder, blobs, (NAME,)))
