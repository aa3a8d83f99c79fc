"""From a user's wishes to the steps: which port, which firmware, which pins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from retrorig import firmware_build
from retrorig.errors import InputError
from retrorig.flash import pins_file
from retrorig.flash.job import Job
from retrorig.flash.repl import Report
from retrorig.flash.steps import Done, flash
from retrorig.link.ports import find_port


def flash_board(
    port: str | None,
    bar: Callable[[str], AbstractContextManager[Report]],
    *,
    image: Path | None = None,
    download: bool = False,
    version: str | None = None,
    sha256: str | None = None,
    chip: str | None = None,
    baud: int | None = None,
    firmware_only: bool = False,
    sets_pulled: bool = False,
    pins: Path | None = None,
    is_bare: bool = False,
) -> Iterator[Done]:
    """Make the board at a port (None: the only one) a rig, or update one, yielding each step that did something.

    `bar(label)` shows the progress of a step. `pins`: a file of what `board.py` is to say otherwise. For the rest see
    `Job`. InputError for wishes that exclude each other or can't be used, and what the steps raise.
    """
    if image and download:
        raise InputError("--image and --download exclude each other: give one of them.")
    if firmware_only and (image or download):
        raise InputError("--firmware-only leaves MicroPython alone: give no image with it.")
    wanted = firmware_build.built()
    job = Job(
        port or find_port(),
        wanted,
        image=image,
        download=download,
        version=version,
        sha256=sha256,
        chip=chip,
        baud=baud,
        firmware_only=firmware_only,
        sets_pulled=sets_pulled,
        pins=pins_file.wishes(pins, wanted[pins_file.NAME]) if pins else {},
        is_bare=is_bare,
    )
    return flash(job, bar)
