"""`make demo`: which files it leaves, when it takes pictures of the display, how it ends; on a rig of a few lines."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from tests.export.libraries import walk_blob
from tests.measure.walks import Gait

from retrorig import demo
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.playback import ReplayResult

END_S = 32.0


class Rig:
    """A rig whose display rests after as many refreshes as it is told."""

    looks_n: ClassVar[int] = 3

    def __init__(self, belt: object, seed: int) -> None:
        self.shown = 0

    def __enter__(self) -> Rig:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def run_for(self, microseconds: int) -> None:
        self.shown += 1

    def display_image(self) -> Image.Image:
        return Image.new("L", (64, 32), min(self.shown, self.looks_n))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The demo's scenes as they are played: each brings a set of its own, and is watched twice a second."""
    names: list[str] = []

    def play(rig: Any, belt: Any, library: Library, watch: Callable[[Any, float], None]) -> ReplayResult:
        names.append(type(belt).__name__)
        for half in range(int(2 * END_S) + 1):
            watch(rig, half / 2)
        number = len(names)
        set_id, _ = library.add_set(walk_blob(number, 600.0 * number, Gait(steps=6, seed=number)))
        return ReplayResult([set_id], 0, 1000, 1000)

    monkeypatch.setattr(demo, "VirtualRig", Rig)
    monkeypatch.setattr(demo, "play_and_pull", play)
    monkeypatch.setattr(demo, "contact_sheet", lambda path: path.write_bytes(b"a picture"))
    return names


def test_everything_that_it_says_to_look_at_is_there_and_nothing_of_before(
    played: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "build" / "demo"
    folder.mkdir(parents=True)
    (folder / "of-before.csv").write_text("old")
    monkeypatch.setattr(demo, "FOLDER", folder)
    assert demo.main() == 0
    assert len(played) == 3 == len(demo.scenes()) and not (folder / "of-before.csv").exists()
    told = capsys.readouterr()
    for name in ("index.html", "sets.csv", "samples/", "display-pages.png", "library"):
        assert f"{folder}/{name}" in told.out and (folder / name).exists(), name
    assert len(list((folder / "samples").glob("*.csv"))) == 3
    assert (folder / "sets.csv").read_text().count("\n") == 4
    page = unescape((folder / "index.html").read_text())
    assert all(scene.text in page for scene in demo.scenes())
    assert told.err.count("belt 1000 counts, board 1000 counts") == 3


def test_the_display_is_seen_every_nine_seconds_once_it_rests_and_large_enough(
    played: list[str], tmp_path: Path
) -> None:
    demo._make(tmp_path / "demo")
    files = sorted((tmp_path / "demo" / "display").iterdir())
    assert [file.name for file in files if file.name.startswith("sled")] == [
        "sled-14s.png", "sled-22s.png", "sled-32s.png", "sled-4s.png",
    ]  # fmt: skip
    assert len(files) == 12
    for file in files:
        with Image.open(file) as picture:
            assert picture.size == (256, 128) and picture.getpixel((0, 0)) == Rig.looks_n


def test_what_stops_it_is_one_sentence_and_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(folder: Path) -> None:
        raise InputError("There is no interpreter here.")

    monkeypatch.setattr(demo, "_make", refused)
    assert demo.main() == 2
    assert capsys.readouterr().err.strip() == "There is no interpreter here."
