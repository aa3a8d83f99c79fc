"""Makes build/firmware/: exactly what is copied to the board. Run by `make firmware` and `make lint`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from retrorig import firmware_build


def write(target: Path) -> dict[str, bytes]:
    """Fill `target` anew; beside it lies what the short names in a board's traceback stand for."""
    shutil.rmtree(target, ignore_errors=True)
    made = firmware_build.built()
    for path, content in made.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)
    target.with_name(f"{target.name}-names.txt").write_text(firmware_build.names(), encoding="utf-8")
    return made


def check() -> int:
    """Compile every file, the three that stay source too; returns how many there are."""
    sources = firmware_build.sources()
    for path, content in sources.items():
        if path.endswith(".py"):
            firmware_build.compiled(path, content)
    return len(sources)


def main(arguments: list[str]) -> int:
    """`build_firmware FOLDER` builds; `build_firmware --check` only tells whether everything compiles."""
    try:
        if arguments == ["--check"]:
            print(f"{check()} firmware files are fit for the board.")
        else:
            made = write(Path(arguments[0]))
            size_bytes = sum(len(content) for content in made.values())
            print(f"{arguments[0]}/: {len(made)} files, {size_bytes} bytes, ready to be copied to the board.")
            print(f"firmware.pack: {firmware_build.digest(made)}")
    except firmware_build.DoesNotCompileError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
