"""`make drawings`: harness and circuit as SVG, and the tables of the pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hardware.derive import harness, made, pages, schematic, sketches
from hardware.derive.source import FOLDER, load


def draw_harness(text: str, target: Path) -> None:
    """Let WireViz draw; it names its output after its input."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "harness.yml"
        source.write_text(text, encoding="utf-8")
        wireviz = Path(sys.executable).with_name("wireviz")
        subprocess.run([wireviz, "-f", "s", source], check=True, stdout=subprocess.DEVNULL)
        shutil.copyfile(source.with_suffix(".svg"), target)


def main() -> int:
    if shutil.which("dot") is None:
        print(
            "The drawings need graphviz: install it, for example with `apt install graphviz`.",
            file=sys.stderr,
        )
        return 1
    rig = load()
    for key, board in rig.boards.items():
        draw_harness(harness.wireviz(rig, board), FOLDER / made.harness_file(key))
    schematic.draw(rig, FOLDER / made.SCHEMATIC)
    (FOLDER / made.SKETCHES).write_text(sketches.svg(), encoding="utf-8")
    for path in pages.paths():
        path.write_text(pages.filled(path.read_text(encoding="utf-8"), rig), encoding="utf-8")
    made.record("drawings")
    print(f"{FOLDER.name}/drawings/ and the tables of {FOLDER.name}/*.md are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
