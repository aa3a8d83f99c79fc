"""`make demo`: plays recordings and a walker through the whole rig, and writes every kind of output."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from PIL.Image import Image

from retrorig.cli.output import notify, progress
from retrorig.cli.set_table import print_sets
from retrorig.errors import RetrorigError
from retrorig.library import Choice, Library
from retrorig.measure.samples import sample_set
from retrorig.playback import ReplayResult, play_and_pull
from retrorig.recording import read_recording
from retrorig.report.page import Chapter, write_page
from retrorig.virtual.belts import Belt, RecordingBelt
from retrorig.virtual.contact_sheet import contact_sheet
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.walkers.catalogue import DEFAULT, find

FOLDER = Path("build/demo")
RECORDINGS = Path(__file__).parent / "recordings"
PICTURE_EVERY_S = 9.0
PICTURE_SCALE = 4
REFRESH_LOOKS, REFRESH_LOOK_US = 8, 30_000


@dataclass(frozen=True)
class Scene:
    """One thing to play: a short name for files, what it is, the belt."""

    name: str
    text: str
    belt: Belt


def scenes() -> list[Scene]:
    """Two recordings of real movement, and a session that the built-in walker invents."""
    return [
        Scene(
            "wheel-push",
            "Recorded: a person pushes an instrumented wheel; encoder and tangential force, 32 s.",
            RecordingBelt(read_recording(RECORDINGS / "wheel-push-steady.csv")),
        ),
        Scene(
            "treadmill",
            "Recorded: a treadmill's belt while someone walks, 31 s; no force was measured.",
            RecordingBelt(read_recording(RECORDINGS / "treadmill-belt.csv")),
        ),
        Scene(
            "sled",
            "Invented by physics: three backward drags of a heavy sled that stops at each step, no plan.",
            _drags(),
        ),
    ]


def _drags() -> Belt:
    """Three sets of the walker who stands at each step."""
    usual = find(DEFAULT)
    return replace(usual, variation=replace(usual.variation, sets=3, rest_s=6.0)).walk()


def main() -> int:
    """Make everything anew; returns the exit status."""
    try:
        _make(FOLDER)
    except RetrorigError as error:
        notify(str(error))
        return error.exit_code
    return 0


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Library(folder / "library", create=True) as library:
        chapters = [_play(scene, seed, library, folder) for seed, scene in enumerate(scenes())]
        names = [row.set_id for chapter in chapters for row in chapter.sets]
        library.export(names, "csv", folder / "samples")
        library.export_summary(Choice(ids=names), folder / "sets.csv")
        contact_sheet(folder / "display-pages.png")
        write_page(folder / "index.html", "retrorig: what the demo measured", chapters)
        print_sets(library, Choice(ids=names))
    print(
        f"Look at {folder}/index.html (plots and the display), {folder}/sets.csv (all sets), "
        f"{folder}/samples/ (one CSV a set), "
        f"{folder}/display-pages.png (every page of the display).\n"
        f"Ask further: .venv/bin/retrorig sets --library {folder}/library"
    )


def _play(scene: Scene, seed: int, library: Library, folder: Path) -> Chapter:
    """Play one scene; its sets go into the library, pictures of the display into the folder."""
    pictures: list[Path] = []
    with progress(f"replaying {scene.name}") as report, VirtualRig(scene.belt, seed=seed) as rig:

        def watch(seen: VirtualRig, t_s: float) -> None:
            report(t_s, scene.belt.end_s)
            if t_s >= PICTURE_EVERY_S * (len(pictures) + 0.5):
                pictures.append(_take_picture(seen, folder / "display" / f"{scene.name}-{t_s:.0f}s.png"))

        result = play_and_pull(rig, scene.belt, library, watch=watch)
    notify(f"{scene.name}: {_counts(result)}")
    sets = [library.set(set_id) for set_id in result.new]
    return Chapter(
        scene.name, scene.text, sets, [sample_set(library.raw(set_id)) for set_id in result.new], pictures
    )


def _counts(result: ReplayResult) -> str:
    return f"sets: {len(result.new)}; belt {result.belt_counts} counts, board {result.board_counts} counts."


def _take_picture(rig: VirtualRig, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    image = _between_refreshes(rig)
    image.resize((image.width * PICTURE_SCALE, image.height * PICTURE_SCALE)).save(path)
    return path


def _between_refreshes(rig: VirtualRig) -> Image:
    """The display when its latest refresh, which goes slice by slice, is over: as an eye sees it."""
    image = rig.display_image()
    for _ in range(REFRESH_LOOKS):
        rig.run_for(REFRESH_LOOK_US)
        before, image = image, rig.display_image()
        if image.tobytes() == before.tobytes():
            break
    return image


if __name__ == "__main__":
    sys.exit(main())
